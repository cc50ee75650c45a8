"""Owns who works here: agencies, offices, people with an account, their roles, sessions and second factor.

It does not own what a role may do (the country pack says so) nor any fact about a person served. Every module above may
call its actions and queries.
"""
