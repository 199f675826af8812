"""`load_reported FILE --source TEXT`: take in the counts that another system printed."""

from __future__ import annotations

from portal.reporting.management.table_command import TableCommand
from portal.reporting.services.load_reported import COLUMNS, load_reported


class Command(TableCommand):
    """Load them; the page /map/reported/ shows each with the share that its counts give."""

    load = staticmethod(load_reported)
    help = f"Load reported counts from a CSV (UTF-8) with the columns: {', '.join(COLUMNS)}."
