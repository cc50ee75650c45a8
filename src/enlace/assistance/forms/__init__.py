"""Parsing of what is typed about assistance; nothing is decided here."""
