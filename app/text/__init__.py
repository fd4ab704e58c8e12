"""Pure functions on text: nothing here reads a file, a database or a clock."""
