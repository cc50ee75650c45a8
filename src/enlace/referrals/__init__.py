"""Owns the referral: who asks which agency for which services, on what ground, and what came of it.

It does not own the services given (assistance) nor the case. Assistance, statistics and exchange may call it.
"""
