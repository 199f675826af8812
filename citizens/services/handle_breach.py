"""An incident of personal data, from its finding to its end; each step is written once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.enums import BreachAct
from citizens.models import Breach, BreachStep, User
from citizens.models.breaches import LONGEST_WORDS
from citizens.rules import MAY_HANDLE_BREACHES
from citizens.selectors.batches import over_the_province
from citizens.workflow import breach_acts
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError


@transaction.atomic
def open_breach(*, breach: Breach, user: User, words: str, now: datetime) -> Breach:
    """Write down an incident that was found; its 72 hours count from `found_at`.

    RefusedError for who may not, for times that have not come, and for a scope of nothing.
    """
    _check(user, now)
    said, refused = _said(words), []
    if not breach.title.strip():
        refused.append(_("Please say in a line what happened."))
    if breach.found_at > now or breach.since > now or (breach.until and breach.until > now):
        refused.append(_("This time has not come yet."))
    if breach.since > breach.found_at:
        refused.append(_("It cannot begin after it was found."))
    if breach.until is not None and breach.until <= breach.since:
        refused.append(_("The end must come after the beginning."))
    if breach.actor is None and breach.register is None and not breach.address:
        refused.append(_("Please say whose looks or which register it is about."))
    if refused:
        raise RefusedError(*refused)
    breach.save(force_insert=True)
    _note(breach, BreachAct.OPENED, user, breach.found_at, said)
    return breach


@transaction.atomic
def note_breach(
    *,
    breach: Breach,
    act: BreachAct,
    user: User,
    version: int,
    words: str,
    at: datetime | None,
    now: datetime,
) -> Breach:
    """Write down that something was done at `at` (None: now).

    RefusedError for who may not, what is not open, a time before the incident was found or after
    now; StaleVersionError where somebody wrote meanwhile.
    """
    _check(user, now)
    row = Breach.objects.select_for_update().get(pk=breach.pk)
    if row.version != version:
        raise StaleVersionError(_("A colleague changed this meanwhile. Please look again."))
    if act not in breach_acts(row.steps.values_list("act", flat=True)):
        raise RefusedError(_("This step is no longer open."))
    done_at = at or now
    if not row.found_at <= done_at <= now:
        raise RefusedError(_("The time must lie between the finding and now."))
    _note(row, act, user, done_at, _said(words))
    if act == BreachAct.REPORTED:
        row.reported_at = done_at
    if act == BreachAct.CLOSED:
        row.closed_at = done_at
    row.version += 1
    row.save(update_fields=["reported_at", "closed_at", "version"])
    return row


def may_handle_breaches(*, user: User, now: datetime) -> bool:
    """Return whether an official looks after the data of the whole province."""
    return over_the_province(user, clock.civil_date(now), MAY_HANDLE_BREACHES)


def _check(user: User, now: datetime) -> None:
    if not may_handle_breaches(user=user, now=now):
        raise RefusedError(_("Only a data steward of the whole province handles incidents."))


def _said(words: str) -> str:
    said = words.strip()
    if not said or len(said) > LONGEST_WORDS:
        raise RefusedError(_("Please write what you mean."))
    return said


def _note(breach: Breach, act: BreachAct, user: User, at: datetime, words: str) -> None:
    BreachStep.objects.create(breach=breach, act=act, by=user, at=at, words=words)
