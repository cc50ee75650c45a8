"""Owns the pseudonymous person: coarse facts, a readable code, which agencies know the person, and consent.

It does not own names, contacts, documents or whereabouts (the vault) nor what happened (cases). Every module above may call it.
"""
