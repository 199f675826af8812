"""Load the base registers by the catalogue's codes."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

from citizens.models import Register
from citizens.registers.tables import DATA, read_table, text
from citizens.services.loading import Loaded, write_rows


def load_registers(*, folder: Path = DATA) -> Loaded:
    """Write the registers of `registers.csv`; RefusedError when the table is malformed."""
    columns = dict.fromkeys(("code", "name_vi", "name_en", "owner_vi"), text)
    rows = read_table(folder / "registers.csv", columns, unique=("code",))
    with transaction.atomic():
        return write_rows(
            Register,
            existing=Register.objects.in_bulk(),
            wanted={row["code"]: row.values for row in rows},
        )
