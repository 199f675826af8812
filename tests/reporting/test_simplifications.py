"""What a simplification saves follows from counts and assumptions; what was measured stands by."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from citizens.enums import Role
from citizens.models import Unit, User
from dossiers.enums import Status
from dossiers.models import Dossier
from portal.common.errors import RefusedError, StaleVersionError
from portal.reporting.selectors.burdens import FEWEST
from portal.reporting.simplifying import recording
from portal.reporting.simplifying.costing import Costed, costed, since, year_before
from portal.reporting.simplifying.enums import Change
from portal.reporting.simplifying.models import Simplification
from portal.reporting.simplifying.recording import (
    Wish,
    record_simplification,
    withdraw_simplification,
)
from procedures.enums import FilingChannel
from procedures.models import Procedure
from tests.office.places import signed_in
from tests.reporting import published
from tests.reporting.officials import person
from tests.reporting.test_burdens import ASKED, PLAIN, asked_for, settled
from tests.reporting.test_kept import fetching

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 12, 15, 9, tzinfo=ZONE)
HOUR = 54_800


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def dossiers(monkeypatch: pytest.MonkeyPatch) -> list[Dossier]:
    """Settled in November: of ten, half were asked for the card, all paid a fee in person."""
    monkeypatch.setattr(recording, "papers_of", lambda *, procedure: {"CCCD": "Căn cước"})
    said: dict[str, Any] = {"channel": FilingChannel.DIRECT, "fee_vnd": 50_000}
    asked = [settled(ASKED, **said) for _ in range(FEWEST)]
    for one in asked:
        asked_for(one, "CCCD")
    return asked + [settled(PLAIN, **said) for _ in range(FEWEST)]


def of(dossiers: list[Dossier]) -> Procedure:
    found: Procedure = dossiers[0].procedure_version.procedure
    return found


def recorded(procedure: Procedure, user: User, change: Change, **said: Any) -> Simplification:
    plain: dict[str, Any] = {
        "subject": "", "amount": None, "effective_on": date(2026, 12, 1), "source": "QĐ 1",
    }  # fmt: skip
    wish = Wish(change=change, **plain | said)
    return record_simplification(procedure=procedure, wish=wish, user=user, now=NOW)


def cost(row: Simplification) -> Costed:
    (found,) = costed([row], today=NOW.date())
    return found


# 10 papers × 2 h, 5 answers × 1 h; 10 visits × (2 h and 20,000 đ); 10 fees.
BEFORE = (20 + 5 + 20) * HOUR + 10 * 20_000 + 10 * 50_000


@pytest.mark.parametrize(
    ("change", "said", "saved"),
    [
        (Change.PAPER, {"subject": "CCCD"}, (20 + 5) * HOUR),
        (Change.STEP, {"subject": "supplement_requested"}, 5 * HOUR),
        (Change.STEP, {"subject": "received"}, 0),
        (Change.DAYS, {"amount": 1}, 0),
        (Change.ONLINE, {}, 20 * HOUR + 10 * 20_000),
        (Change.FEE, {"amount": 20_000}, 10 * 30_000),
        (Change.FEE, {"amount": 90_000}, 0),
    ],
)
def test_the_cost_is_by_the_formula_and_each_change_spares_its_part(
    dossiers: list[Dossier], editor: User, change: Change, said: dict[str, Any], saved: int
) -> None:
    found = cost(recorded(of(dossiers), editor, change, **said))

    assert found.cost_before == BEFORE
    assert found.cost_before - found.cost_after == saved


def test_what_was_measured_stands_beside_what_is_expected(
    dossiers: list[Dossier], editor: User
) -> None:
    row = recorded(of(dossiers), editor, Change.PAPER, subject="CCCD")
    early = cost(row)
    for one in dossiers[:FEWEST]:
        one.counted_as.finished_on = date(2026, 12, 10)
        one.counted_as.save()

    late = cost(row)

    assert early.measured_before is not None
    assert (early.measured_before.dossiers, early.measured_before.per_hundred) == (10, 50)
    assert early.measured_after is None
    assert late.measured_before is not None
    assert late.measured_before.per_hundred is None
    assert late.measured_after is not None
    assert late.measured_after.per_hundred == 100


def test_of_too_few_nothing_is_told(editor: User, dossiers: list[Dossier]) -> None:
    for one in dossiers[FEWEST - 1 :]:
        one.counted_as.finished_on = date(2024, 1, 1)
        one.counted_as.save()

    found = cost(recorded(of(dossiers), editor, Change.ONLINE))

    assert found.before == ()
    assert found.measured_before is None


@pytest.mark.parametrize(
    ("effective_on", "first", "last", "since_then"),
    [
        (date(2026, 12, 1), date(2025, 12, 1), date(2026, 11, 30), date(2026, 12, 1)),
        (date(2026, 3, 15), date(2025, 3, 1), date(2026, 2, 28), date(2026, 4, 1)),
        (date(2027, 6, 1), date(2025, 12, 1), date(2026, 11, 30), None),
    ],
)
def test_whole_months_before_and_since(
    effective_on: date, first: date, last: date, since_then: date | None
) -> None:
    row = Simplification(effective_on=effective_on)

    before, after = year_before(row, NOW.date()), since(row, NOW.date())

    assert (before.first, before.last) == (first, last)
    assert (after.first if after else None) == since_then


@pytest.mark.parametrize(
    "said",
    [
        {"change": "more"}, {"subject": "XYZ"}, {"change": Change.STEP, "subject": "processing"},
        {"change": Change.FEE}, {"change": Change.DAYS, "amount": -1}, {"effective_on": None},
        {"effective_on": date(2062, 1, 1)}, {"source": "  "}, {"source": "x" * 301},
    ],
)  # fmt: skip
def test_what_says_nothing_is_refused(
    dossiers: list[Dossier], editor: User, said: dict[str, Any]
) -> None:
    plain: dict[str, Any] = {"change": Change.PAPER, "subject": "CCCD"}

    with pytest.raises(RefusedError):
        recorded(of(dossiers), editor, **plain | said)

    assert not Simplification.objects.exists()


def test_a_withdrawn_one_is_published_no_more_and_withdrawn_once(
    client: Client, dossiers: list[Dossier], editor: User
) -> None:
    row = recorded(of(dossiers), editor, Change.ONLINE, source="Quyết định 77")
    address = reverse("web:simplifications")
    assert "Quyết định 77" in client.get(address).content.decode()
    with pytest.raises(RefusedError):
        withdraw_simplification(simplification=row, because=" ", user=editor, now=NOW)

    withdraw_simplification(simplification=row, because="Nhầm", user=editor, now=NOW)

    assert "Quyết định 77" not in client.get(address).content.decode()
    with pytest.raises(StaleVersionError):
        withdraw_simplification(simplification=row, because="Nhầm", user=editor, now=NOW)


@pytest.mark.ignore_template_errors
def test_an_editor_writes_it_at_the_desk_and_others_read(
    city: Unit, editor: User, dossiers: list[Dossier]
) -> None:
    address = reverse("admin:office_service_simplify", args=[of(dossiers).pk])
    said = {"change": "fee", "amount": "20000", "effective_on": "2026-12-01", "source": "NQ 5"}
    clerk = signed_in(person(city, Role.CASE_OFFICER))
    assert clerk.post(address, said).status_code == 403

    desk = signed_in(editor)
    refused = desk.post(address, said | {"amount": "x"})
    assert refused.status_code == 200
    assert desk.post(address, said).status_code == 302

    row = Simplification.objects.get()
    assert (row.change, row.amount, row.written_by) == ("fee", 20_000, editor)
    assert "NQ 5" in clerk.get(address).content.decode()
    desk.post(address, {"withdraw": str(row.pk), "because": "Nhầm ngày"})
    assert "Nhầm ngày" in clerk.get(address).content.decode()


def test_the_page_says_what_follows_from_the_file(
    client: Client, dossiers: list[Dossier], editor: User
) -> None:
    recorded(of(dossiers), editor, Change.PAPER, subject="CCCD")
    recorded(of(dossiers), editor, Change.FEE, amount=20_000)
    check = published.Check(fetching(client))

    check.simplifications()

    assert check.wrong == []
    assert check.compared == 2 * (5 * 2 + 1)


def test_a_doctored_file_is_noticed(client: Client, dossiers: list[Dossier], editor: User) -> None:
    recorded(of(dossiers), editor, Change.ONLINE)
    honest = fetching(client)

    def doctored(path: str) -> published.Answer:
        whole, headers = honest(path)
        return whole.replace(b",go_there,2,", b",go_there,1,"), headers

    check = published.Check(doctored)
    check.simplifications()

    assert check.wrong


def test_no_step_is_left_out_that_is_the_work_itself() -> None:
    assert Status.PROCESSING not in recording.STEPS.values()
