"""The three tables that a scan writes."""

from __future__ import annotations

from django.db import connection

LEDGERS = ("procedures_suggestion", "procedures_recipient", "notifications_message")


def empty_ledgers() -> None:
    """Empty them and what hangs on them (needs TRUNCATE)."""
    with connection.cursor() as cursor:
        if connection.in_atomic_block:
            connection.check_constraints()  # checks that wait for the commit forbid TRUNCATE
        cursor.execute(f"TRUNCATE {', '.join(LEDGERS)} CASCADE")
