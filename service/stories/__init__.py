"""The facts of several articles become one account."""
