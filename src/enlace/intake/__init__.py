"""Owns how a person comes to be seen: contacts through any channel, what came of them, notices, reports from the public.

It does not own the person (people), what is sealed (vault) nor the answers of a protocol (screening). Screening and the
modules above call it to tell a desk what came of its contacts, and to send notices.
"""
