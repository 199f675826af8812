"""A list of a partner held against our books: read, matched, and what would mend it."""
