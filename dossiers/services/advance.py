"""The one way in which a filed dossier moves: lock, check, step, clock, consequences, news."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.enums import UserKind
from citizens.models import Agency, Official, User
from dossiers.enums import Action, Actor, DecisionMode, Status
from dossiers.models import Delegation, Dossier
from dossiers.selectors import Acting, Hands, hands_of, is_own_family
from dossiers.services.consequences import follow_up
from dossiers.services.ledger import write_clock, write_step
from dossiers.services.locks import locked_dossier
from dossiers.services.step_details import Details, check_details, keep_details
from dossiers.workflow import Step, step_for
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError
from procedures.enums import FilingChannel

LONGEST_NOTE = 500


@transaction.atomic
def advance(
    *,
    dossier: Dossier,
    action: Action,
    user: User | None,
    version: int,
    now: datetime,
    actor_role: Actor | None = None,
    note: str = "",
    components: Sequence[str] = (),
    days: int | None = None,
    to: Official | None = None,
    agency: Agency | None = None,
    channel: FilingChannel | None = None,
) -> Dossier:
    """Take one step of the workflow table and return the dossier as it then is.

    `version` is the one that the page showed: StaleVersionError when somebody moved the dossier
    since. `user` is None for the system's own steps, and for those of a dossier that its version
    decides by itself. Without `actor_role` the first role that the
    user holds and the step allows counts. RefusedError when the table has no such step, the person
    has no such role (`selectors.acting`), the dossier is their own or their family's, or a reason
    is missing. What the last five arguments are and which step wants them is said in
    `step_details`. The step, its clock entry, its consequences and its message are one
    transaction.
    """
    row = locked_dossier(dossier=dossier, action=action)
    if row.version != version:
        raise StaleVersionError(_("This dossier was changed meanwhile. Please look at it again."))
    before, step = Status(row.status), step_for(Status(row.status), action)
    if step is None:
        raise RefusedError(
            _("A dossier that is “%(status)s” cannot take this step.")
            % {"status": row.get_status_display()}
        )
    acting = _acting(row, step, user, actor_role, now)
    reason = _reason(step, note)
    details = Details(user, now, reason, tuple(components), days, to, agency, channel)
    check_details(dossier=row, action=action, details=details)
    row.status = step.to
    row.version += 1
    event = write_step(
        dossier=row,
        action=action,
        before=before,
        actor=acting.actor,
        user=user,
        note=reason,
        delegation=acting.delegation,
        cover_for=acting.cover_for,
        now=now,
    )
    write_clock(dossier=row, effect=step.clock, reason=reason[:300], now=now, days=days)
    keep_details(dossier=row, action=action, event=event, details=details)
    follow_up(dossier=row, action=action, event=event, now=now)
    row.save()
    return row


def _acting(
    dossier: Dossier, step: Step, user: User | None, wanted: Actor | None, now: datetime
) -> Acting:
    """Return as whom the step is taken; RefusedError when it is not theirs to take."""
    if user is None:
        is_automatic = dossier.decision_mode == DecisionMode.AUTOMATIC
        system = frozenset({Actor.SYSTEM, *([Actor.AUTOMATIC] if is_automatic else [])})
        acting = Hands(here=system).acting(step, wanted)
        if acting is not None:
            return acting
        raise RefusedError(_("You may not take this step for this dossier."))
    day = clock.civil_date(now)
    if user.kind == UserKind.OFFICIAL and is_own_family(dossier=dossier, user=user, day=day):
        raise RefusedError(_("Nobody decides for themselves or their family."))
    if step.signed:
        _queue_for_the_signature(dossier, user)
    hands = hands_of(dossier=dossier, user=user, day=day)
    acting = hands.acting(step, wanted)
    if acting is not None:
        return acting
    if step.signed and hands.used_up is not None:
        raise RefusedError(_used_up(hands.used_up))
    if step.signed and hands.is_reserved and Actor.CASE_OFFICER in hands.here:
        raise RefusedError(
            _("In this field the office holder signs, or a deputy by a standing delegation.")
        )
    raise RefusedError(_("You may not take this step for this dossier."))


def _queue_for_the_signature(dossier: Dossier, user: User) -> None:
    """Let decisions that a deputy signs at the same moment follow each other: a ceiling holds."""
    mine = Delegation.objects.filter(agency=dossier.competent_id, deputy=user.pk)
    list(mine.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk"))


def _used_up(delegation: Delegation) -> str:
    told = _("The delegation by decision %(number)s is used up: %(count)d decisions were signed.")
    return told % {"number": delegation.decision_number, "count": delegation.ceiling_count}


def _reason(step: Step, note: str) -> str:
    reason = " ".join(note.split())
    if step.reasoned and not reason:
        raise RefusedError(_("Please give the reason; the citizen will read it."))
    if len(reason) > LONGEST_NOTE:
        raise RefusedError(_("The note is longer than %(count)d characters.") % {"count": 500})
    return reason
