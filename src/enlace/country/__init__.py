"""Owns the country pack: reads every fact about a country from a folder of data, and refuses a wrong one.

It does not own any record of a person or a case, and holds no database table.
Every module may call its queries and rules.
"""
