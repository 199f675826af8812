"""What the portal ships, loaded once a database and copied into a test by two or three statements.

The loads read YAML and CSV and check every word of them; hundreds of tests only need their rows.
`fill` keeps copies in a schema of their own and leaves the tables empty, so each test still begins
with nothing and takes what it names. Tests of the loads themselves call the loads.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.db.models import Model

from citizens.models import Agency, AgencyKind, Holiday, Register, Unit, UnitSuccession
from citizens.services import load_agencies, load_calendar, load_registers, load_units
from notifications.models import Text, TextVersion, Topic
from notifications.services import load_texts
from portal.common.db_roles import APP_ROLE

YEARS = range(2025, 2028)
_TEXTS: Sequence[type[Model]] = (Topic, Text, TextVersion)
_PLACES: Sequence[type[Model]] = (Unit, UnitSuccession, AgencyKind, Agency, Register, Holiday)


def put_texts() -> None:
    """Put the shipped topics and texts into the tables, unless they are there."""
    _put(_TEXTS)


def put_places() -> None:
    """Put the shipped units, agencies and registers and the calendar of YEARS into empty tables."""
    _put(_PLACES)


def fill() -> None:
    """Load everything, copy it to the shelf, empty the tables; once a database, as its owner."""
    load_texts()
    load_units()
    load_agencies()
    load_registers()
    load_calendar(YEARS)
    tables = [model._meta.db_table for model in (*_TEXTS, *_PLACES)]
    copies = "".join(f"CREATE TABLE shelf.{table} AS TABLE {table};" for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE SCHEMA shelf; {copies} TRUNCATE {', '.join(tables)} CASCADE;"
            f"GRANT USAGE ON SCHEMA shelf TO {APP_ROLE};"
            f"GRANT SELECT ON ALL TABLES IN SCHEMA shelf TO {APP_ROLE};"
        )


def _put(models: Sequence[type[Model]]) -> None:
    with connection.cursor() as cursor:
        for model in models:
            table = model._meta.db_table
            columns = ", ".join(
                f'"{field.column}"' for field in model._meta.concrete_fields if not field.generated
            )
            cursor.execute(
                f"INSERT INTO {table} ({columns}) SELECT {columns} FROM shelf.{table} "  # noqa: S608 - our own
                "ON CONFLICT DO NOTHING"
            )
