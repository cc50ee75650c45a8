"""Pages of the directory: places, beds, agreements."""
