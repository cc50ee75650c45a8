"""Pages of releases: the public site, and those of the people who close a year."""
