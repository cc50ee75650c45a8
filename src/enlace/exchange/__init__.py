"""Owns files in and out: it reads and writes the exchange standards and other people's published figures.

It does not own the people, cases or numbers it carries: it hands rows to the actions of the modules below it.
Only screens, commands and the demonstration may call it.
"""
