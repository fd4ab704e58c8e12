"""Pages for people: the start page, the docs page, and what each sort of problem means."""
