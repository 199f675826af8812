"""What registers deliver is suggested within one bell, to whom it reaches."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from citizens.models import Authority, FactChange
from notifications.models import Message
from portal.common import clock
from portal.common.clock import CIVIL_ZONE
from procedures.models import Suggestion
from procedures.services.scan_changes import scan_changes
from tests.citizens.importing.samples import BE, PEOPLE, SAMPLES, bring_people
from tests.citizens.importing.scene import LAN, MINH, TODAY, Row, bring, set_the_scene
from tests.procedures.detection.scene import BADGE, CARD, LICENCE, catalogue_rule, make_rule

pytestmark = pytest.mark.django_db
LATER = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def _scene() -> None:
    set_the_scene()


def ring() -> int:
    """Let the reader read the mailbox, in the morning of the day of the deliveries."""
    return scan_changes(now=datetime.combine(TODAY, time(9), CIVIL_ZONE).astimezone(UTC))


def row_of(pin: str, **changes: str) -> Row:
    return {**next(row for row in PEOPLE if row["pin"] == pin), **changes}


def soon_fourteen() -> Row:
    """Return the child's row, who turns 14 in a month."""
    return {**row_of(BE), "pin": "999312000007", "birth_date": "20/12/2012"}


def told() -> list[str]:
    """Return who is told something, a name a message."""
    names = Message.objects.values_list("recipient__citizen__full_name", flat=True)
    return sorted(str(name) for name in names)


def test_a_child_s_card_is_told_to_both_parents_once(tmp_path: Path) -> None:
    make_rule(CARD, key="card")

    bring(tmp_path, "NPD.person", row_of(LAN), row_of(MINH), soon_fourteen(), as_of=LATER)
    ring()
    bring(tmp_path, "NPD.person", soon_fourteen(), row_of(LAN), as_of=TODAY)
    ring()

    assert told() == ["Lê Văn Minh", "Trần Thị Lan"]
    matter = Suggestion.objects.get()
    assert matter.subject.citizen.full_name == "Lê Thị Bé"
    assert matter.recipients.count() == 2


@pytest.mark.parametrize("order", [0, 1])
def test_parents_are_told_whichever_row_comes_first(order: int, tmp_path: Path) -> None:
    make_rule(CARD, key="card")
    deliveries = [[row_of(LAN), row_of(MINH)], [soon_fourteen()]]
    if order:
        deliveries.reverse()

    for rows in deliveries:
        bring(tmp_path, "NPD.person", *rows, as_of=LATER)
        ring()
    bring(tmp_path, "NPD.person", soon_fourteen(), as_of=TODAY)
    ring()

    assert told() == ["Lê Văn Minh", "Trần Thị Lan"]


def test_a_parent_without_the_right_and_a_dead_one_are_not_told(tmp_path: Path) -> None:
    make_rule(CARD, key="card")
    people = [row_of(LAN), row_of(MINH, died_on="01/11/2026"), soon_fourteen()]
    bring(tmp_path, "NPD.person", *people, as_of=LATER)
    ring()
    assert told() == ["Trần Thị Lan"]

    Authority.objects.update(revoked_at=clock.now())
    bring(tmp_path, "NPD.person", soon_fourteen(), as_of=TODAY)
    ring()

    assert told() == ["Trần Thị Lan"]


def test_a_licence_is_told_to_its_holder(tmp_path: Path) -> None:
    make_rule(LICENCE)
    bring_people(tmp_path)
    bring(tmp_path, "GPLX.licence", SAMPLES["GPLX.licence"])

    ring()

    assert told() == ["Trần Thị Lan"]


def test_a_badge_is_told_to_who_speaks_for_the_firm_once_that_is_known(tmp_path: Path) -> None:
    make_rule(BADGE, key="badge")
    firm, badge = SAMPLES["BUS.business"], SAMPLES["TRANS.badge"]
    bring(tmp_path, "BUS.business", firm, as_of=LATER)
    bring(tmp_path, "TRANS.badge", badge, as_of=LATER)
    ring()
    assert told() == []
    bring_people(tmp_path)

    bring(tmp_path, "BUS.business", firm, as_of=TODAY)
    ring()

    assert told() == ["Trần Thị Lan"]
    assert not FactChange.objects.exists()


LOST = [
    ("GPLX.licence", "driving_licence_reissue"),
    ("NPD.card", "identity_card_reissue"),
    ("VET.certificate", "veterinary_certificate_reissue"),
]


@pytest.mark.parametrize(("table", "rule"), LOST)
@pytest.mark.parametrize("status", ["Mất", "Hỏng"])
def test_a_paper_that_its_register_calls_lost_or_damaged_is_offered_anew(
    table: str, rule: str, status: str, tmp_path: Path
) -> None:
    for _, key in LOST:
        catalogue_rule(key)
    bring_people(tmp_path)
    for other, _ in LOST:
        bring(tmp_path, other, SAMPLES[other], as_of=LATER)
    ring()
    assert told() == []

    bring(tmp_path, table, {**SAMPLES[table], "status": status}, as_of=TODAY)
    ring()

    assert told() == ["Trần Thị Lan"]
    assert Suggestion.objects.get().rule.key == rule


@pytest.mark.parametrize(
    "news",
    [
        {"status": "Còn hiệu lực"},
        {"status": "Còn hiệu lực", "issued_on": "25/11/2026", "expires_on": "25/11/2031"},
        {"status": "Còn hiệu lực", "number": "999000000002", "issued_on": "25/11/2026"},
    ],
    ids=["found", "replaced", "replaced under a new number"],
)
def test_a_paper_that_stands_again_needs_no_replacement(news: Row, tmp_path: Path) -> None:
    catalogue_rule("driving_licence_reissue")
    licence = SAMPLES["GPLX.licence"]
    bring_people(tmp_path)
    bring(tmp_path, "GPLX.licence", licence, as_of=date(2026, 11, 20))
    bring(tmp_path, "GPLX.licence", {**licence, "status": "Mất"}, as_of=LATER)
    ring()
    assert told() == ["Trần Thị Lan"]

    bring(tmp_path, "GPLX.licence", {**licence, **news}, as_of=TODAY)
    ring()

    assert Suggestion.objects.get().reason == "conditions_no_longer_met"
    assert Message.objects.get().state == "withdrawn"


def test_a_hardship_is_told_to_the_head_of_the_household(tmp_path: Path) -> None:
    catalogue_rule("poor_household_recognition_after_income_shock_or_disaster")
    bring_people(tmp_path)

    bring(tmp_path, "POV.hardship", SAMPLES["POV.hardship"], as_of=LATER)
    ring()

    assert told() == ["Lê Văn Minh"]
    assert Suggestion.objects.get().due_on == date(2027, 1, 11)
