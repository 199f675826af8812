"""Dossiers on their way: people who lost a licence asked for another one in the last working days.

They go through the same services as everybody's, so numbers, clocks and messages are real.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from citizens.enums import LifeEventKind
from citizens.models import Citizen, LifeEvent, User
from citizens.selectors import working_calendar
from dossiers.enums import Action
from dossiers.models import Dossier, ExchangeRow
from dossiers.selectors.papers import missing_papers
from dossiers.services import advance, decide, submit_dossier
from dossiers.services.digitise_paper import digitise_paper
from portal.common import clock
from portal.common.calendar import WorkingCalendar
from portal.common.clock import CIVIL_ZONE
from portal.demo.scans import scan_of
from procedures.models import Procedure
from procedures.prefill import Form, prefill_form
from procedures.selectors import version_in_force

_PROCEDURE, _PAPER, _OFFICER = "driving_licence_reissue", "driving_licence", "canbo"
_AT_MOST = 28
_DAYS_BACK = 8  # of a limit of five working days: a few are late, as in life
_STEPS = (Action.RECEIVE, Action.START_PROCESSING)


def file_dossiers(on: date) -> int:
    """File them as of the civil date `on` and take each as far as its age says; return how many."""
    officer = User.objects.get(username=_OFFICER)
    procedure = Procedure.objects.get(key=_PROCEDURE)
    calendar = working_calendar()
    filed = 0
    for turn, citizen in enumerate(_losers()):
        back = _DAYS_BACK - turn % _DAYS_BACK
        at = _moment(_days_before(calendar, on, back), turn)
        version = version_in_force(procedure=procedure, day=at.date())
        form = prefill_form(
            version=version,
            subject=citizen.party,
            applicant=citizen,
            suggestion=None,
            day=at.date(),
        )
        answers = _answers(form)
        if answers is None:
            continue
        dossier = submit_dossier(
            applicant=citizen, suggestion=None, version=version, answers=answers, now=at
        )
        _work_on(dossier, officer, at, back, is_slow=turn % 3 == 1)
        filed += 1
    # What happened days ago in the demo is told to partners from now on: nobody kept them waiting.
    now = clock.now()
    ExchangeRow.objects.update(noted_at=now, due_at=now)
    return filed


def _losers() -> list[Citizen]:
    lost = LifeEvent.objects.filter(
        kind=LifeEventKind.CREDENTIAL_LOST_OR_DAMAGED, body__credential_kind=_PAPER
    )
    people = Citizen.objects.alive().filter(party__events__event__in=lost)
    return list(people.select_related("party").order_by("pk").distinct()[:_AT_MOST])


def _answers(form: Form) -> dict[str, str] | None:
    """Return the first choice of what is asked; None where something must be told in words."""
    if any(not field.choices for field in form.missing):
        return None
    return {field.name: field.choices[0] for field in form.missing}


def _work_on(dossier: Dossier, officer: User, filed: datetime, back: int, *, is_slow: bool) -> None:
    """Receive after an hour, begin after two; decide what was filed more than four days ago.

    Its fee is paid at the counter on the day of the decision.
    """
    now = filed
    for action in _STEPS[: 0 if back <= 1 else 1 if back <= 2 else 2]:
        now += timedelta(hours=1)
        if action is Action.START_PROCESSING:
            _digitise(dossier, officer, now)
        dossier = advance(
            dossier=dossier, action=action, user=officer, version=dossier.version, now=now
        )
    if back > 4 and not is_slow:
        now += timedelta(days=1)
        if dossier.fee_vnd:
            for action in (Action.REQUEST_PAYMENT, Action.CONFIRM_PAYMENT):
                dossier = advance(
                    dossier=dossier, action=action, user=officer, version=dossier.version, now=now
                )
        decide(dossier=dossier, user=officer, version=dossier.version, now=now)


def _digitise(dossier: Dossier, officer: User, now: datetime) -> None:
    """Scan what was brought, as every official does before the work begins."""
    for paper in missing_papers(dossier=dossier):
        digitise_paper(
            dossier=dossier,
            component_code=paper.component_code,
            official=officer.official,
            data=scan_of(paper.name_vi, dossier.applicant.full_name),
            given_name="ban-quet.jpg",
            now=now,
        )


def _days_before(calendar: WorkingCalendar, on: date, count: int) -> date:
    """Return the working day that lies `count` working days before `on`."""
    return next(day for n, day in enumerate(_back(calendar, on), start=1) if n == count)


def _back(calendar: WorkingCalendar, on: date) -> Iterator[date]:
    day = on
    while True:
        day -= timedelta(days=1)
        if calendar.is_working(day):
            yield day


def _moment(day: date, turn: int) -> datetime:
    return datetime.combine(day, time(8, 5 + turn * 13 % 50), CIVIL_ZONE)
