"""Who answers: a local model, a server, or a script; and what is wrapped around them."""
