"""What outlives a process: stories, in one SQLite file."""
