"""Owns periodic returns: what agencies and states that keep no cases here send, checked, accepted and never edited.

It does not own the indicators that are made of them (statistics) nor assisted returns home (assistance). Statistics, releases
and exchange may call it.
"""
