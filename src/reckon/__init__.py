"""Pure computation on pseudonymous rows: indicators, what a published number gives away, and how many are never seen.

Owns the flat row types in `tables`, indicators written as data (`indicators`), disclosure control with its attacker
(`disclosure`) and estimates from overlapping lists (`prevalence`). Knows no application, no settings, no clock and no
network. Anyone may call it, also from the shell: `python -m reckon prevalence lists.csv`,
`python -m reckon protect counts.csv --threshold 10`.
"""
