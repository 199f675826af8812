"""Extracts written by hand, and what importing them gives."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from citizens.services.import_register import Imported, import_register
from tests.shelf import put_places

TODAY = date(2026, 11, 25)
WARD = "20194"
LAN, MINH, BE = "999185000001", "999084000002", "999319000003"
Row = Mapping[str, str]


def set_the_scene() -> None:
    """Have units, agencies, registers and the calendar."""
    put_places()


def person(pin: str = LAN, **changes: str) -> dict[str, str]:
    """Return a row of the population register."""
    row = {
        "pin": pin,
        "full_name": "Trần Thị Lan",
        "birth_date": "01/02/1985",
        "gender": "Nữ",
        "unit_code": WARD,
        "current_address": "12 Lê Lợi",
        "hometown": "Đại Lộc",
        "ethnicity": "Kinh",
    }
    return row | changes


def minh(**changes: str) -> dict[str, str]:
    """Return the row of her husband."""
    own = {"full_name": "Lê Văn Minh", "birth_date": "1984-05-06", "gender": "Nam"}
    return person(MINH, **(own | changes))


def licence(number: str = "999000000001", pin: str = LAN, **changes: str) -> dict[str, str]:
    """Return a row of the licence register."""
    row = {
        "number": number,
        "pin": pin,
        "class": "B",
        "issued_on": "20/01/2017",
        "expires_on": "20/01/2027",
        "issuer": "Cục Cảnh sát giao thông",
    }
    return row | changes


def write(path: Path, rows: Sequence[Row], encoding: str = "utf-8") -> Path:
    """Write rows as CSV with the headings of the first ones."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, names, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def bring(folder: Path, register: str, *rows: Row, **given: Any) -> Imported:
    """Write and import rows; `register` may name the table (NPD.card)."""
    code, _dot, kind = register.partition(".")
    path = write(folder / f"{register}-{len(list(folder.iterdir()))}.csv", rows)
    options: dict[str, Any] = {
        "register": code,
        "kind": kind or None,
        "path": path,
        "day": TODAY,
        "errors": path.with_name(f"{path.name}.errors.csv"),
    }
    return import_register(**(options | given))
