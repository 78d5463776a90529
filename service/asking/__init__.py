"""What a model is asked about an article, how much at once, and what is asked again."""
