"""Owns identity: names, contacts, documents and addresses, each sealed under its person's key, and keyed search tokens.

It does not own the pseudonymous person (people) nor any fact about a case, and its tables stand alone.
Modules that meet people may call its actions and queries; statistics, networks, prevalence and linkage may not.
"""
