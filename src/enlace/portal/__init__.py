"""Owns a person's own page: the code on paper that opens it, what she asks, and what she is answered.

It does not own what the page shows: each module registers its own panel, of page ``own``. Modules above may call its
permissions and queries for what their panels need: who is reading, and how an agency is called where she reads it.
"""
