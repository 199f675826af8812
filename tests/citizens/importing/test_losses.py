"""Papers that their register calls lost or damaged, and families in sudden hardship."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from citizens.models import Credential, FactChange, LifeEvent
from tests.citizens.importing.samples import PEOPLE, SAMPLES, bring_people
from tests.citizens.importing.scene import Row, bring, set_the_scene

pytestmark = pytest.mark.django_db
FIRST, LATER, LAST = date(2026, 11, 20), date(2026, 11, 22), date(2026, 11, 24)
LICENCE = SAMPLES["GPLX.licence"]
NOTHING: Row = {}


@pytest.fixture(autouse=True)
def _scene(tmp_path: Path) -> None:
    set_the_scene()
    bring_people(tmp_path)


def lost(row: Row = LICENCE, changes: Row = NOTHING) -> Row:
    return {**row, "status": "Mất", **changes}


def losses() -> list[tuple[date, str]]:
    """Return the reported losses as (day, kind of the paper), oldest first."""
    events = LifeEvent.objects.filter(kind="credential_lost_or_damaged").order_by("pk")
    return [(event.occurred_on, event.body["credential_kind"]) for event in events]


@pytest.mark.parametrize("status", ["Mất", "Hỏng", "mất"])
@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("GPLX.licence", "driving_licence"),
        ("NPD.card", "citizen_identity_card"),
        ("VET.certificate", "veterinary_certificate"),
        ("XNC.passport", "passport"),
    ],
)
def test_a_paper_that_is_lost_or_damaged_is_an_event_of_its_holder(
    key: str, kind: str, status: str, tmp_path: Path
) -> None:
    row = SAMPLES[key]
    bring(tmp_path, key, row, as_of=FIRST)
    FactChange.objects.all().delete()

    bring(tmp_path, key, {**row, "status": status, "reported_on": "21/11/2026"}, as_of=LATER)

    assert losses() == [(date(2026, 11, 21), kind)]
    event = LifeEvent.objects.get()
    parties = event.parties.values_list("party__citizen__full_name", "role")
    assert list(parties) == [("Trần Thị Lan", "subject")]
    assert event.unit == Credential.objects.get(kind=kind).holder.citizen.unit
    assert (event.register_id, event.as_of) == (key.partition(".")[0], LATER)
    assert set(FactChange.objects.values_list("kind", flat=True)) == {"credential", "life_event"}


def test_without_a_day_it_is_the_day_of_the_delivery(tmp_path: Path) -> None:
    bring(tmp_path, "GPLX.licence", LICENCE, as_of=FIRST)

    bring(tmp_path, "GPLX.licence", lost(), as_of=LATER)

    assert losses() == [(LATER, "driving_licence")]


@pytest.mark.parametrize(
    ("row", "told"), [({}, 0), ({"reported_on": "21/11/2026"}, 1)], ids=["no day", "a day"]
)
def test_a_paper_that_was_lost_before_it_was_known_here(
    row: Row, told: int, tmp_path: Path
) -> None:
    """Without a day it may have been replaced long ago."""
    bring(tmp_path, "GPLX.licence", lost(changes=row), as_of=LATER)

    assert len(losses()) == told


def test_what_is_delivered_again_is_no_news_and_a_corrected_day_moves_it(tmp_path: Path) -> None:
    bring(tmp_path, "GPLX.licence", LICENCE, as_of=FIRST)
    bring(tmp_path, "GPLX.licence", lost(), as_of=LATER)
    FactChange.objects.all().delete()

    bring(tmp_path, "GPLX.licence", lost(), as_of=LAST)
    assert losses() == [(LATER, "driving_licence")]
    assert not FactChange.objects.exists()
    bring(tmp_path, "GPLX.licence", lost(changes={"reported_on": "19/11/2026"}), as_of=LAST)

    assert losses() == [(date(2026, 11, 19), "driving_licence")]
    assert FactChange.objects.filter(kind="life_event").count() == 1


def test_an_older_delivery_tells_nothing(tmp_path: Path) -> None:
    bring(tmp_path, "GPLX.licence", LICENCE, as_of=LATER)

    bring(tmp_path, "GPLX.licence", lost(changes={"reported_on": "19/11/2026"}), as_of=FIRST)

    assert losses() == []


def test_found_and_lost_again_is_the_same_event_and_a_replaced_one_another(tmp_path: Path) -> None:
    bring(tmp_path, "GPLX.licence", LICENCE, as_of=FIRST)
    bring(tmp_path, "GPLX.licence", lost(), as_of=date(2026, 11, 21))
    bring(tmp_path, "GPLX.licence", {**LICENCE, "status": "Còn hiệu lực"}, as_of=LATER)

    bring(tmp_path, "GPLX.licence", lost(), as_of=date(2026, 11, 23))
    assert losses() == [(date(2026, 11, 23), "driving_licence")]
    renewed = {"issued_on": "24/11/2026", "expires_on": "24/11/2031"}
    bring(tmp_path, "GPLX.licence", {**LICENCE, **renewed, "status": "Còn hiệu lực"}, as_of=LAST)
    bring(tmp_path, "GPLX.licence", lost(changes=renewed), as_of=date(2026, 11, 25))

    assert [day for day, _ in losses()] == [date(2026, 11, 23), date(2026, 11, 25)]


def test_a_day_before_the_paper_was_issued_is_refused(tmp_path: Path) -> None:
    bring(tmp_path, "GPLX.licence", LICENCE, as_of=FIRST)

    done = bring(tmp_path, "GPLX.licence", lost(changes={"reported_on": "19/01/2022"}), as_of=LATER)

    assert done.kinds == {"reported_before_issue": 1}
    assert losses() == []


def test_a_firm_s_badge_is_lost_by_the_firm(tmp_path: Path) -> None:
    bring(tmp_path, "BUS.business", SAMPLES["BUS.business"], as_of=FIRST)
    badge = SAMPLES["TRANS.badge"]
    bring(tmp_path, "TRANS.badge", badge, as_of=FIRST)

    bring(tmp_path, "TRANS.badge", lost(badge), as_of=LATER)

    event = LifeEvent.objects.get(kind="credential_lost_or_damaged")
    assert event.parties.get().party.organisation.tax_code == badge["tax_code"]


def test_a_hardship_is_told_once_and_moves_with_its_day(tmp_path: Path) -> None:
    row = SAMPLES["POV.hardship"]
    bring(tmp_path, "POV.hardship", row, as_of=FIRST)
    bring(tmp_path, "POV.hardship", {**row, "date": "11/11/2026"}, as_of=LATER)

    event = LifeEvent.objects.get(kind="income_shock_or_disaster")

    assert event.occurred_on == date(2026, 11, 11)
    assert event.parties.get().party.citizen.full_name == PEOPLE[2]["full_name"]
    assert "Thiên tai" not in str(event.body)
