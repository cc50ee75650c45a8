"""Owns the help given: which service, by which agency, from when to when and how much.

It does not own the asking (referrals) nor the offer (directory). Statistics and exchange may call it.
"""
