"""Parsing of what is typed about places, beds and agreements; nothing is decided here."""
