"""What the services of data-subject requests share: lock, step, whose it is, telling the person."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from citizens.enums import DataRequestState, Role, UserKind
from citizens.models import Agency, DataRequest, User
from citizens.selectors import is_family_of, line_of, may_act, roles_of
from citizens.workflow import RequestAction, Side, request_code, request_step
from notifications.services import enqueue
from portal.common.errors import RefusedError, StaleVersionError

HANDLING_ROLES = frozenset({Role.HEAD_OF_UNIT, Role.DATA_STEWARD, Role.ADMINISTRATOR})
LONGEST_TEXT = 2000


def step_on(
    *, request: DataRequest, action: RequestAction, user: User, version: int, day: date
) -> DataRequest:
    """Return the locked row in its new state, not saved yet; the caller ends with `keep`.

    StaleVersionError when somebody changed it since `version`; RefusedError when the table has no
    such step or it is not this person's to take.
    """
    row = DataRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if row.version != version:
        raise StaleVersionError(_("This request was changed meanwhile. Please look at it again."))
    step = request_step(DataRequestState(row.state), action)
    if step is None:
        raise RefusedError(
            _("A request that is “%(state)s” cannot take this step.")
            % {"state": row.get_state_display()}
        )
    if step.by == Side.AGENCY:
        refuse_stranger_at_desk(owner=row.owner, citizen_id=row.citizen_id, user=user, day=day)
        row.handled_by = user
    elif not _is_the_persons(row, user, day):
        raise RefusedError(_("You cannot act for this person or organisation."))
    row.state = step.to
    return row


def keep(row: DataRequest) -> DataRequest:
    """Save a changed row under its next version and return it."""
    row.version += 1
    row.save()
    return row


def refuse_stranger_at_desk(*, owner: Agency, citizen_id: int, user: User, day: date) -> None:
    """Raise RefusedError unless `user` handles such requests for `owner`, and is no kin."""
    units = line_of(owner.unit)
    roles = {grant.role for grant in roles_of(user=user, day=day) if grant.unit_id in units}
    if not user.is_superuser and not roles & HANDLING_ROLES:
        raise RefusedError(_("You may not handle the requests of this agency."))
    if is_family_of(user=user, concerned=[citizen_id], day=day):
        raise RefusedError(_("Nobody decides for themselves or their family."))


def cleaned(text: str, *, missing: str = "") -> str:
    """Return a text of a person or official without blanks around it.

    RefusedError with the sentence `missing` where it is given and the text is empty, and for one of
    more than 2,000 characters.
    """
    kept = text.strip()
    if missing and not kept:
        raise RefusedError(missing)
    if len(kept) > LONGEST_TEXT:
        raise RefusedError(
            _("The text is longer than %(count)d characters.") % {"count": LONGEST_TEXT}
        )
    return kept


def tell_person(*, request: DataRequest, topic: str, now: datetime, **params: Any) -> None:
    """Tell whoever sent the request about a step, in the transaction of that step.

    The text carries the request's code and dates, nothing of what was asked. One message a topic:
    no step of a request is taken twice.
    """
    sender = request.requested_by.citizen
    recipient = sender if sender is not None else request.citizen
    enqueue(
        topic=topic,
        recipient=recipient.party,
        about=None if recipient.pk == request.citizen_id else request.citizen.party,
        params={"code": request_code(request.public_id), **params},
        dedupe_key=f"data_request:{request.pk}:{topic}",
        thread_key=f"data_request:{request.pk}",
        due_at=now,
    )


def _is_the_persons(row: DataRequest, user: User, day: date) -> bool:
    if user.kind != UserKind.CITIZEN or user.citizen is None:
        return False
    return may_act(actor=user.citizen, party=row.citizen.party, day=day)
