"""Parsing of what is typed about places and stays; nothing is decided here."""
