"""Every SQL statement stands here. Writers are handed a Session, readers a query-only connection."""
