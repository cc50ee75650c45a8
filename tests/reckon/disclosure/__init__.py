"""Disclosure control beyond one set of flat tables."""
