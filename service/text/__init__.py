"""Articles become numbered sentences that remember where they stood."""
