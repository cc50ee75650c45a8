"""Owns what help exists: which agency offers which service, where, and whether it takes people now.

It does not own agencies as organisations (accounts) nor who was helped (assistance). Cases and everything above may call it.
"""
