"""Every number of a score, a file for what it is about: each takes values and gives values, asking nobody."""
