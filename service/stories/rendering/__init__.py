"""Rendering: a story as text that people read, with the exact words it rests on."""
