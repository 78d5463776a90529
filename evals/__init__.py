"""Scores prompts and models against hand labels: `python -m evals --help`."""
