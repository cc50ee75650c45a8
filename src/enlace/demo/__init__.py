"""Owns the synthetic caseload, hotline and desks: invented people, calibrated to published totals, written only through actions.

It owns no table. Nobody calls it but the command line.
"""
