"""Mirrors app/: real SQLite files made by the migrations, the real application in process, no mocks."""
