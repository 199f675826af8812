"""Load the base registers by the catalogue's codes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import transaction

from citizens.models import Register
from citizens.registers.tables import DATA, Read, Row, read_table, text, whole_number
from citizens.services.loading import Loaded, write_rows


def load_registers(*, folder: Path = DATA) -> Loaded:
    """Write the registers of `registers.csv`; RefusedError when the table is malformed.

    Needs `load_agencies`: each register names the kind of agency that answers for it here.
    """
    columns: dict[str, Read] = {
        **dict.fromkeys(("code", "name_vi", "name_en", "owner_vi", "steward_kind"), text),
        "max_age_days": whole_number,
    }
    rows = read_table(folder / "registers.csv", columns, unique=("code",))
    with transaction.atomic():
        return write_rows(
            Register,
            existing=Register.objects.in_bulk(),
            wanted={row["code"]: _values(row) for row in rows},
        )


def _values(row: Row) -> dict[str, Any]:
    values = dict(row.values)
    return values | {"steward_kind_id": values.pop("steward_kind")}
