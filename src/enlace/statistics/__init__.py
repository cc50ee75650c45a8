"""Owns the numbers: facts gathered into a snapshot, indicators computed by reckon, disclosure control, stored tables.

It owns no row about a person and never meets the vault. Exchange and the demonstration may call it.
"""
