"""`load_publications FILE --source TEXT`: by when procedures had to be published, and when."""

from __future__ import annotations

from portal.reporting.management.table_command import TableCommand
from portal.reporting.quality.publications import COLUMNS, load_publications


class Command(TableCommand):
    """Load them; the index counts what was published on time."""

    load = staticmethod(load_publications)
    help = f"Load publications from a CSV (UTF-8) with the columns: {', '.join(COLUMNS)}."
