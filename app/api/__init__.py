"""HTTP only: parse, call, answer. No SQL stands here."""
