"""Owns the case: how a person was met, whether identified and by whom, what was done to them, notes, closure.

It does not own identity (vault), referrals or services given (modules above). Referrals, assistance, statistics and
exchange may call it.
"""
