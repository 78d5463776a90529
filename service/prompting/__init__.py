"""What we ask: prompt folders, and the one place where they meet article text."""
