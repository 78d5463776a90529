"""Sentences become facts, each with the text it rests on."""
