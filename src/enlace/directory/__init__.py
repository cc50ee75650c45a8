"""Owns what help exists: which agency offers which service, its places with whom they take, their beds, and agreements.

It does not own agencies as organisations (accounts), who sleeps in which bed (placements), nor who was helped (assistance);
where a place is stands sealed in the vault. Everything above may call it.
"""
