"""The scan: which facts are due, who is told, and what no longer holds. Private to procedures."""
