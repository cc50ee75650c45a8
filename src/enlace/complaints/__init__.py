"""Owns the complaint about an official: its reception, walled off from the accused agency and from whoever manages accounts.

It does not own the receipt and the public pages (intake), nor what follows after reception. No other module may call it.
"""
