"""Pages of screening: thin views that parse, call one action or query, and render."""
