"""Owns releases: frozen, numbered, signed publications, what changed between them, and the public site that shows them.

It does not own the numbers (statistics) nor the protection of small counts (reckon.disclosure). Exchange and the demonstration
may call it.
"""
