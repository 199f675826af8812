"""A directive from its giving to its end: given, explained, sent back or accepted."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import Agency, User
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError
from portal.reporting.models import CountedDossier
from portal.reporting.overdue.directives import (
    heads_of,
    may_direct,
    may_explain,
    overdue_of,
)
from portal.reporting.overdue.enums import DirectiveAct, DirectiveState
from portal.reporting.overdue.models import LONGEST_WORDS, Directive, DirectiveStep

_LONGEST = timedelta(days=366)


@transaction.atomic
def give_directive(
    *,
    agency: Agency,
    dossiers: Collection[int],
    user: User,
    words: str,
    due_on: date | None,
    now: datetime,
) -> Directive:
    """Ask the head of an office about some of its overdue dossiers (by key), until a day.

    RefusedError for who does not lead the office's unit, an office without a head, no words, a day
    that has passed, and for dossiers that are settled, another office's, or asked about already.
    """
    day = clock.civil_date(now)
    if not may_direct(agency=agency, user=user, day=day):
        raise RefusedError(_("Only a leader of this office's unit may give it a directive."))
    if not heads_of(agency=agency, day=day).exists():
        raise RefusedError(_("This office has no head in the portal: nobody could answer."))
    said = _said(words)
    until = _day(due_on, day)
    wanted = set(dossiers)
    # Two leaders at once ask about a dossier one after the other.
    list(CountedDossier.objects.select_for_update().filter(pk__in=wanted).order_by("pk"))
    open_now = set(overdue_of(agency=agency, today=day).values_list("pk", flat=True))
    if not wanted or not wanted <= open_now:
        raise RefusedError(
            _("Please choose among the overdue dossiers of this office that nobody asked about.")
        )
    directive = Directive.objects.create(agency=agency, due_on=until)
    directive.dossiers.set(sorted(wanted))
    _note(directive, DirectiveAct.GIVEN, user, said, now)
    return directive


def explain_directive(
    *, directive: Directive, user: User, version: int, words: str, now: datetime
) -> Directive:
    """Answer for the office; RefusedError for anybody but its head."""
    with transaction.atomic():
        row = _locked(directive, version, DirectiveState.OPEN)
        if not may_explain(directive=row, user=user, day=clock.civil_date(now)):
            raise RefusedError(_("Only the head of the office that was asked explains."))
        return _moved(row, DirectiveState.EXPLAINED, DirectiveAct.EXPLAINED, user, words, now)


def send_back(
    *,
    directive: Directive,
    user: User,
    version: int,
    words: str,
    due_on: date | None,
    now: datetime,
) -> Directive:
    """Ask again until a new day; RefusedError for who may not judge, and without words."""
    with transaction.atomic():
        row = _judged(directive, user, version, now)
        row.due_on = _day(due_on, clock.civil_date(now))
        return _moved(row, DirectiveState.OPEN, DirectiveAct.SENT_BACK, user, words, now)


def accept_directive(
    *, directive: Directive, user: User, version: int, words: str, now: datetime
) -> Directive:
    """Close what was explained; RefusedError for who may not judge."""
    with transaction.atomic():
        row = _judged(directive, user, version, now)
        return _moved(row, DirectiveState.DONE, DirectiveAct.ACCEPTED, user, words, now)


def _judged(directive: Directive, user: User, version: int, now: datetime) -> Directive:
    """Return the locked row that `user` may judge: a leader of the unit who did not explain it."""
    row = _locked(directive, version, DirectiveState.EXPLAINED)
    if not may_direct(agency=row.agency, user=user, day=clock.civil_date(now)):
        raise RefusedError(_("Only a leader of this office's unit may give it a directive."))
    if row.steps.filter(by=user, act=DirectiveAct.EXPLAINED).exists():
        raise RefusedError(_("Who explained a matter does not accept it."))
    return row


def _locked(directive: Directive, version: int, state: DirectiveState) -> Directive:
    rows = Directive.objects.select_for_update(of=("self",)).select_related("agency__unit")
    row = rows.get(pk=directive.pk)
    if row.version != version or row.state != state:
        raise StaleVersionError(_("A colleague changed this meanwhile. Please look again."))
    return row


def _moved(
    row: Directive,
    state: DirectiveState,
    act: DirectiveAct,
    user: User,
    words: str,
    now: datetime,
) -> Directive:
    said = words.strip() if act is DirectiveAct.ACCEPTED and not words.strip() else _said(words)
    row.state = state
    row.version += 1
    row.save(update_fields=["state", "version", "due_on"])
    _note(row, act, user, said, now)
    return row


def _note(row: Directive, act: DirectiveAct, user: User, words: str, now: datetime) -> None:
    DirectiveStep.objects.create(directive=row, act=act, by=user, words=words, at=now)


def _said(words: str) -> str:
    said = words.strip()
    if not said or len(said) > LONGEST_WORDS:
        most = {"most": LONGEST_WORDS}
        raise RefusedError(_("Please write what you mean, in at most %(most)d letters.") % most)
    return said


def _day(due_on: date | None, today: date) -> date:
    if due_on is None or not today <= due_on <= today + _LONGEST:
        raise RefusedError(_("Please name a day from today on, within a year."))
    return due_on
