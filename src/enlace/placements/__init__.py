"""Owns the search for a place, stays in beds, and the needs that nobody could meet.

It does not own the directory of places (``directory``) nor the question to another agency (``referrals``): it reads the one
and asks through the other. ``assistance`` and ``statistics`` may call it.
"""
