"""Measures the service against what it could be and what it would otherwise be, in ratios; see docs/speed.md."""
