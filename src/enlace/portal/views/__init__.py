"""The person's own page, and the desk that gives its number and answers what is asked there."""
