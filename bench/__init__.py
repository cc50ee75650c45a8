"""Benchmarks: each prints what was measured beside a baseline measured in the same run, and their ratio."""
