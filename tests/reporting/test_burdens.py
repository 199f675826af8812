"""Where procedures hurt is counted from the events; what is saved follows from the assumptions."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from dossiers.enums import Action, Actor, Status
from dossiers.models import Dossier, DossierEvent, DossierPaper, SupplementRequest
from portal.reporting.selectors import assumptions as assumed
from portal.reporting.selectors.burdens import (
    FEWEST,
    Burden,
    PaperBurden,
    StepBurden,
    burdens,
    complying,
    without_paper,
    without_step,
)
from portal.reporting.selectors.settled import Months
from portal.reporting.services.count_dossiers import count_dossiers
from tests.factories.citizens import AgencyFactory, CitizenFactory
from tests.factories.dossiers import DossierFactory
from tests.factories.papers import a_document

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 20, 9, tzinfo=ZONE)
NOVEMBER = Months.between(date(2026, 11, 1), date(2026, 11, 1), NOW.date())
FILED = NOW - timedelta(days=10)
# What a dossier does, and so many hours after filing.
PLAIN = (
    (Action.SUBMIT, Status.REGISTERED, 0),
    (Action.RECEIVE, Status.RECEIVED, 4),
    (Action.START_PROCESSING, Status.PROCESSING, 5),
    (Action.APPROVE, Status.DONE, 25),
    (Action.RETURN_RESULT, Status.RETURNED, 99),
)
ASKED = (
    (Action.SUBMIT, Status.REGISTERED, 0),
    (Action.RECEIVE, Status.RECEIVED, 4),
    (Action.REQUEST_SUPPLEMENT, Status.SUPPLEMENT_REQUESTED, 6),
    (Action.REASSIGN, Status.SUPPLEMENT_REQUESTED, 10),
    (Action.SUPPLEMENT, Status.RECEIVED, 54),
    (Action.START_PROCESSING, Status.PROCESSING, 55),
    (Action.APPROVE, Status.DONE, 75),
)


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def settled(
    steps: Sequence[tuple[Action, Status, int]], *, papers: Sequence[str] = ("CCCD",), **said: Any
) -> Dossier:
    """Return a dossier that took the steps, with files for the papers."""
    citizen = CitizenFactory()
    ended = FILED + timedelta(hours=steps[-1][2])
    plain = {"owner_citizen": citizen, "competent": AgencyFactory(unit=citizen.unit)}
    made: Dossier = DossierFactory(
        **plain | {"status": Status.DONE, "submitted_at": FILED, "finished_at": ended} | said,
        ledgers=False,
    )
    before = None
    for action, status, hours in steps:
        DossierEvent.objects.create(
            dossier=made, action=action, status_before=before, status_after=status,
            actor_role=Actor.CASE_OFFICER, happened_at=FILED + timedelta(hours=hours),
        )  # fmt: skip
        before = status
    for code in papers:
        DossierPaper.objects.create(
            dossier=made, component_code=code, name_vi=f"Giấy {code}", document=a_document()
        )
    count_dossiers([made.pk])
    return made


def asked_for(dossier: Dossier, *components: str, hours: int = 48) -> None:
    SupplementRequest.objects.create(
        dossier=dossier,
        components=components,
        note="Thiếu",
        asked_at=FILED + timedelta(hours=6),
        answered_at=FILED + timedelta(hours=6 + hours),
    )


def found() -> Burden:
    (one,) = burdens(months=NOVEMBER)
    return one


def step(one: Burden, status: Status) -> StepBurden | None:
    return next((each for each in one.steps if each.status == status), None)


def paper(one: Burden, code: str) -> PaperBurden | None:
    return next((each for each in one.papers if each.code == code), None)


def test_hours_of_each_step_until_the_decision() -> None:
    for _number in range(FEWEST):
        settled(PLAIN)
        settled(ASKED)

    one = found()

    assert one.dossiers == 2 * FEWEST
    assert one.median == pytest.approx(50)  # half of 25 and 75
    asking = step(one, Status.SUPPLEMENT_REQUESTED)
    # Handed to a colleague meanwhile: waited on, but not asked for once more.
    assert asking == StepBurden(Status.SUPPLEMENT_REQUESTED, FEWEST, FEWEST, 48 * FEWEST, 26)
    assert one.worst_step == asking
    received = step(one, Status.RECEIVED)
    assert received is not None
    assert (received.times, received.hours) == (3 * FEWEST, (1 + 2 + 1) * FEWEST)
    processing = step(one, Status.PROCESSING)
    assert processing is not None
    assert processing.hours == 20 * 2 * FEWEST


def test_a_paper_is_waited_for_and_spares_only_what_it_alone_caused() -> None:
    for number in range(2 * FEWEST):
        made = settled(ASKED, papers=("CCCD", "ANH"))
        asked_for(made, *(("CCCD",) if number < FEWEST else ("CCCD", "ANH")))

    one = found()

    assert paper(one, "CCCD") == PaperBurden(
        "CCCD", "Giấy CCCD", 10, 10, 10, 480.0, alone=5, alone_hours=240.0
    )
    assert paper(one, "ANH") == PaperBurden("ANH", "Giấy ANH", 10, 5, 5, 240.0, 0, 0.0)
    assert one.worst_paper == paper(one, "CCCD")


def test_what_few_met_is_not_told() -> None:
    for number in range(FEWEST):
        made = settled(ASKED if number else PLAIN)
        if number:
            asked_for(made, "CCCD")
    one = found()
    assert step(one, Status.SUPPLEMENT_REQUESTED) is None
    assert paper(one, "CCCD") == PaperBurden("CCCD", "Giấy CCCD", FEWEST, 0, 0, 0.0, 0, 0.0)

    Dossier.objects.filter(pk=made.pk).update(finished_at=NOW - timedelta(days=60))
    count_dossiers([made.pk])
    assert burdens(months=NOVEMBER) == []


def test_what_is_saved_follows_from_the_assumptions() -> None:
    values = {"citizen_hour": 100, "office_hour": 1000, "fetch_paper": 2, "check_paper": 0.5,
              "ask_papers": 0.25, "answer_request": 3}  # fmt: skip
    known = assumed.assumptions(day=NOW.date())
    given = {name: replace(known[name], value=value) for name, value in values.items()}
    one_paper = PaperBurden("A", "Giấy", 10, 6, 6, 600, alone=4, alone_hours=300)
    one_step = StepBurden(Status.SUPPLEMENT_REQUESTED, 6, 8, 700, 20)

    saved = without_paper(one_paper, given)
    assert (saved.citizen_hours, saved.office_hours) == (10 * 2 + 4 * 3, 10 * 0.5 + 4 * 0.25)
    assert (saved.waited_hours, saved.vnd) == (300, 32 * 100 + 6 * 1000)
    spared = without_step(one_step, given)
    assert (spared.citizen_hours, spared.office_hours) == (8 * 3, 8 * 0.25)
    assert (spared.waited_hours, spared.vnd) == (700, 24 * 100 + 2 * 1000)
    whole = Burden("1", "Thủ tục", "", 20, 30, (one_step,), (one_paper,))
    assert complying(whole, given) == (10 * 2 + 8 * 3) * 100 / 20


def test_the_newest_assumption_that_holds_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    known = assumed.assumptions(day=NOW.date())["citizen_hour"]
    later = replace(known, since=date(2027, 7, 1), value=60_000)
    monkeypatch.setattr(assumed, "_read", lambda: (known, later))

    def value(day: date) -> float:
        return assumed.assumptions(day=day)["citizen_hour"].value

    assert [value(date(*day)) for day in ((2020, 1, 1), (2027, 6, 30), (2027, 7, 1))] == [
        known.value, known.value, 60_000,
    ]  # fmt: skip


def test_the_page_and_the_file_tell_the_same(client: Client) -> None:
    for _number in range(FEWEST):
        asked_for(settled(ASKED), "CCCD")

    page = client.get(reverse("web:burdens"), {"period": "2026-11"}).content.decode()
    text = client.get(reverse("web:burdens_file"), {"period": "2026-11"}).content.decode(
        "utf-8-sig"
    )
    rows = {(row["kind"], row["code"]): row for row in csv.DictReader(io.StringIO(text))}

    asking = rows["step", "supplement_requested"]
    assert (asking["times"], asking["hours"]) == ("5", "240.00")
    paper_row = rows["paper", "CCCD"]
    assert (paper_row["times"], paper_row["hours_alone"]) == ("5", "240.00")
    # Ten days of waiting; 5 × (2 + 1) hours of citizens, 5 × (0.1 + 0.5) of officials.
    assert paper_row["vnd_saved"] == str(15 * 54_800 + 3 * 54_700)
    assert "10,0" in page
    assert "986.100" in page
