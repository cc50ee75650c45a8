"""Owns the estimates of how many are never seen: each run of multiple systems estimation, stored with its reliability.

It does not own the mathematics (reckon.prevalence) nor the cases that lists are made of. Statistics and what stands above may
call it.
"""
