"""After much was written, the planner looks at the tables of facts anew."""

from __future__ import annotations

from django.db import connection


def refresh_statistics() -> None:
    """Have PostgreSQL count the tables of facts now (seconds at most, whatever their size).

    Until it does so by itself, it takes a table that was filled a moment ago for empty, and a scan
    of thousands compares all with all.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT portal_analyze_facts()")
