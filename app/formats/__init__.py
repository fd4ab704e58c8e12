"""Formats: shapes to lines of text and back. Nothing here knows the database."""
