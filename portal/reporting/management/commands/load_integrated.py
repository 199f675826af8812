"""`load_integrated FILE --source TEXT`: take in which services the national portal integrated."""

from __future__ import annotations

from portal.reporting.integration.listing import COLUMNS, load_integrated
from portal.reporting.management.table_command import TableCommand


class Command(TableCommand):
    """Load them; `/admin/services/` counts those that the catalogue has, too."""

    load = staticmethod(load_integrated)
    help = f"Load integrated services from a CSV (UTF-8) or XLSX: {', '.join(COLUMNS)}."
