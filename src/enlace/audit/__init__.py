"""Owns the record of who did and read what, and ``audited()``, the only way to open a transaction.

It does not own the things it records: subjects are opaque ids without foreign keys. Every module above it may call it.
"""
