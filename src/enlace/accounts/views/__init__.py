"""Pages: the work queue, one's own account, the accounts one manages, the ways in, and the access log."""
