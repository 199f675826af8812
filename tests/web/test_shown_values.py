"""Stored values as people read them, on the citizen's page and on the desk."""

from __future__ import annotations

import pytest

from portal.office.forms_shown import shown_form
from portal.web.presenters.rows import shown_value
from procedures.enums import FieldType
from tests.factories.procedures import catalogue


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        (FieldType.DATETIME, "2026-11-20T07:30", "07:30 20/11/2026"),
        (FieldType.DATE, "2026-11-20", "20/11/2026"),
        (FieldType.DATE, "1938-05", "05/1938"),
        (FieldType.DATE, "1938", "1938"),
        (FieldType.DECIMAL, "120.70", "120,7"),
        (FieldType.PIN12, "999085001234", "999•••••1234"),
        (FieldType.INTEGER, "1200", "1.200"),
        (FieldType.MONEY, "135000", "135.000\u00a0đ"),
        (FieldType.BOOLEAN, "true", "Có"),
        (FieldType.LIST, "một\nhai", "một, hai"),
        (FieldType.GROUP, "12/2019, 2019-05-05", "12/2019, 05/05/2019"),
        (FieldType.GROUP, "BT-7, 2026-11-26T08:30", "BT-7, 08:30 ngày 26/11/2026"),
        (FieldType.TEXT, "CS-2026-10-12", "CS-2026-10-12"),
    ],
)
def test_a_value_stands_as_people_write_it(kind: FieldType, value: str, shown: str) -> None:
    assert shown_value(kind, value) == shown


def test_the_hour_of_a_death_on_the_desk() -> None:
    """Both forms of a death ask for it; an official reads it as the family does."""
    bereavement = next(one for one in catalogue().procedures if one.code == "2.002913")
    filed = {"death_time": {"value": "2026-11-20T07:30", "source": "register"}}

    shown = shown_form(filed, bereavement.form_fields, {})

    assert [field.value for field in shown] == ["07:30 20/11/2026"]
