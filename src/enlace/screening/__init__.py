"""Owns screening: protocols asked, answers kept with the version they were given under, the engine's finding, the decision.

It does not own protocols (country), people or cases, and it never decides by itself. Cases and statistics may call it;
intake leads to it by an address.
"""
