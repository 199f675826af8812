"""Columns that many tables share."""

from __future__ import annotations

from citizens.registers import cells
from citizens.registers.formats import Column

PERSON = (
    Column("pin", "Số định danh cá nhân", "subject", cells.pin, required=True),
    Column("full_name", "Họ và tên", "stated_name", cells.person_name),
    Column("birth_date", "Ngày sinh", "stated_birth", cells.birth),
)


def number_of(label_vi: str, to: str = "body.number") -> Column:
    """Return the required column with the number of a paper or an entry."""
    return Column("number", label_vi, to, cells.paper_number, required=True)


def day_of(name: str, label_vi: str, to: str) -> Column:
    """Return a required column with a civil date."""
    return Column(name, label_vi, to, cells.day, required=True)
