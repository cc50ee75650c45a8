"""Parsing of what is typed in intake; nothing is decided here."""
