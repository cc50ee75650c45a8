"""Owns the help given (services, sessions, care plans, permits of stay, assisted return) and the follow-up after it.

It does not own the asking (referrals), the offer (directory) nor where a person stays (placements). Statistics and exchange
may call it.
"""
