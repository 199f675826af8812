"""`load_official_scores FILE --source TEXT`: take in the points and ranks that were published."""

from __future__ import annotations

from portal.reporting.management.table_command import TableCommand
from portal.reporting.quality.official import COLUMNS, load_official_scores


class Command(TableCommand):
    """Load them; the page /map/quality/ shows them beside what the portal counts."""

    load = staticmethod(load_official_scores)
    help = f"Load official scores from a CSV (UTF-8) with the columns: {', '.join(COLUMNS)}."
