"""One procedure that decides by itself: the social pension, of which registers know everything.

Written, released and switched on by different officials, as in life; a few elders have filed, most
of them in the ward that has accounts, and of what was drawn some is looked at. One elder of that
ward asks for a look, so that two of its officials can walk a withdrawal. Everything goes through
the same services as everybody's.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import Q

from citizens.models import Citizen, User
from citizens.selectors import working_calendar
from dossiers.automatic.looks import waiting
from dossiers.enums import SampleVerdict
from dossiers.models import AutomaticDecision
from dossiers.services import submit_dossier
from dossiers.services.decide_automatically import decide_automatically
from dossiers.services.review_automatic import ask_for_look, review_decision
from dossiers.services.switch_mode import switch_mode
from portal.common import clock
from portal.common.clock import CIVIL_ZONE
from portal.demo.accounts import WARD
from procedures.answers import has_come_of_age
from procedures.models import Procedure, ProcedureVersion
from procedures.prefill import prefill_form
from procedures.selectors.drafts import seen_of
from procedures.services import release_version
from procedures.services.write_automatic_draft import write_automatic_draft

_PROCEDURE = "social_pension"
_AT_MOST, _LOOKS, _FROM_AGE = 24, 3, 77
_NUMBERS = {"max_age_days": 60, "sample_percent": 30, "sample_percent_min": 10}
_REASON = "Chuyển từ tiền kiểm sang hậu kiểm, thí điểm"


def decide_by_itself(on: date) -> int:
    """Release, switch on, file and decide on the working day before `on`; return how many."""
    on = working_calendar().subtract_working_days(on, 1)
    procedure = Procedure.objects.get(key=_PROCEDURE)
    editor, approver = (User.objects.get(username=name) for name in ("bientap", "pheduyet"))
    now = datetime.combine(on, time(7, 30), CIVIL_ZONE)
    draft = write_automatic_draft(procedure=procedure, automatic=_NUMBERS, by=editor, day=on)
    version = release_version(
        version=draft, seen=seen_of(draft), released_by=approver, valid_from=on, now=now
    )
    switch_mode(procedure=procedure, is_on=True, reason=_REASON, user=approver, now=now)
    for citizen in _elders(version, on):
        _file(version, citizen, now)
    decided = decide_automatically(now=now + timedelta(minutes=1)).decided_count
    _look(clock.now())  # as the decisions, which say when they were written
    return decided


def _elders(version: ProcedureVersion, on: date) -> list[Citizen]:
    """Return people of age whom no milestone reminds any more, and of whom nothing is asked."""
    old = Citizen.objects.alive().filter(
        user__isnull=True, birth_date__lt=on - timedelta(days=_FROM_AGE * 366)
    )
    near_first = old.annotate(is_far=~Q(unit__code=WARD)).order_by("is_far", "pk")
    known: list[Citizen] = []
    for citizen in near_first.select_related("party", "unit")[: _AT_MOST * 12]:
        if len(known) == _AT_MOST:
            break
        if not has_come_of_age(procedure=version.procedure, party=citizen.party, day=on):
            continue
        form = prefill_form(
            version=version, subject=citizen.party, applicant=citizen, suggestion=None, day=on
        )
        if all(field.choices for field in form.missing):
            known.append(citizen)
    return known


def _file(version: ProcedureVersion, citizen: Citizen, now: datetime) -> None:
    form = prefill_form(
        version=version,
        subject=citizen.party,
        applicant=citizen,
        suggestion=None,
        day=now.date(),
    )
    submit_dossier(
        applicant=citizen,
        suggestion=None,
        version=version,
        answers={field.name: field.choices[0] for field in form.missing},
        now=now,
    )


def _look(now: datetime) -> None:
    """Find a few of those drawn right, and have one elder of the ward ask for a look."""
    officer = User.objects.get(username="canbo.phuong")
    of_ward = AutomaticDecision.objects.filter(dossier__unit__code=WARD).order_by("pk")
    for decision in waiting(of_ward)[:_LOOKS]:
        review_decision(
            decision=decision,
            user=officer,
            version=decision.version,
            verdict=SampleVerdict.UPHELD,
            note="",
            now=now,
        )
    doubted = of_ward.filter(verdict="").select_related("dossier__applicant").first()
    if doubted is not None:
        ask_for_look(decision=doubted, citizen=doubted.dossier.applicant, now=now)
