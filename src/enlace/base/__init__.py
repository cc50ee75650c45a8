"""Owns what every module stands on: identifiers, keys, pages, slots, templates and the shape of errors.

It does not own any fact about a person, a case or a country. Every module may call it.
"""
