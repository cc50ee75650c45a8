"""Pure computation on pseudonymous rows: indicators, and the control of what a published number gives away.

Owns the flat row types in `tables`, indicators written as data (`indicators`) and disclosure control with its attacker
(`disclosure`). Knows no application, no settings, no clock and no network. Anyone may call it, also from the shell:
`python -m reckon protect counts.csv --threshold 10`.
"""
