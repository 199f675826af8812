"""A delivery is called by its file; that of made-up people is called a trial."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from citizens.enums import Role
from citizens.models import Batch
from tests.citizens.importing.scene import person
from tests.citizens.receiving import take_over
from tests.office.delivering import a_working_day, official, page, register
from tests.office.places import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _scene(settings: Settings, tmp_path: Path) -> Iterator[None]:
    with a_working_day(settings, tmp_path):
        yield


@pytest.mark.parametrize("kind", ["person", ""])
@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("demo citizens=5 seed=7 on=2026-11-20 " + "0" * 64, "Dữ liệu dùng thử"),
        ("dan-cu.csv", "dan-cu.csv"),
    ],
)
def test_a_delivery_has_a_name_that_people_can_read(kind: str, source: str, name: str) -> None:
    batch = take_over(person())
    Batch.objects.update(source=source, kind=kind)
    client = signed_in(official(Role.DATA_STEWARD))

    shown = [client.get(address).content.decode() for address in (register(), page(batch))]

    assert [html.count(name) for html in shown] == [1, 1]
    assert "seed=" not in "".join(shown)
