"""Owns a person's own page: the code on paper that opens it, what she asks, and what she is answered.

It does not own what the page shows: each module registers its own panel. Nobody calls it.
"""
