"""Pages of placements: finding a place, living in one, and the needs that nobody met."""
