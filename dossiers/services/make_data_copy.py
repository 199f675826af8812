"""Hand a person the copy of their own data: asked for, made and finished in one press."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.enums import DataRequestKind, DataRequestState, ViewPurpose
from citizens.models import Citizen, DataRequest, User
from citizens.selectors import may_act
from citizens.services import record_access
from citizens.workflow import BY_SOFTWARE, request_code
from dossiers.documents.data_copy import FORMAT, copy_of
from dossiers.services.request_steps import tell_person
from dossiers.services.submit_data_request import new_request
from portal.common import clock
from portal.common.errors import RefusedError

# How long the copy of one request may be opened; afterwards a further press makes a further one.
OPEN_FOR = timedelta(hours=24)


@dataclass(frozen=True)
class DataCopy:
    """A copy as it was read: `sections` are lists of rows by key."""

    code: str
    made_at: datetime
    sections: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """Return the whole document for machines."""
        head = {"format": FORMAT, "request": self.code, "made_at": self.made_at.isoformat()}
        return {**head, "sections": self.sections}


@transaction.atomic
def make_data_copy(
    *, citizen: Citizen, kind: DataRequestKind, by: User, now: datetime
) -> DataRequest:
    """Return a request to see or to get one's data, finished at once; a message tells of it.

    RefusedError when `by` may not act for the citizen or the software cannot do `kind` by itself.
    """
    if kind not in BY_SOFTWARE:
        raise RefusedError(_("This request goes to an official."))
    request = new_request(citizen=citizen, kind=kind, body="", by=by, now=now)
    done = _("The copy was made by the portal at once, from everything it holds.")
    request.answer_enc = request.seal("answer_enc", done)
    request.state = DataRequestState.DONE
    request.answered_at = request.finished_at = now
    request.save()
    tell_person(request=request, topic="data_copy_made", now=now)
    return request


@transaction.atomic
def open_data_copy(*, request: DataRequest, by: User, now: datetime) -> DataCopy:
    """Return the data as they stand now, for whoever asked; each opening is logged for the person.

    RefusedError for somebody else, for a request without a copy, when the right to act has ended,
    and a day after it was made.
    """
    citizen = request.citizen
    day = clock.civil_date(now)
    actor = by.citizen if request.requested_by_id == by.pk else None
    if actor is None or not may_act(actor=actor, party=citizen.party, day=day):
        raise RefusedError(_("You cannot act for this person or organisation."))
    if not has_open_copy(request, now):
        raise RefusedError(_("This copy can no longer be opened; a new one is made at once."))
    code = request_code(request.public_id)
    sections = copy_of(citizen)
    record_access(
        actor=by,
        purpose=ViewPurpose.SUPPORT,
        page="web:request_copy",
        fields=["data_copy"],
        subject_ids=[citizen.pk],
        reference=code,
    )
    return DataCopy(code=code, made_at=now, sections=sections)


def has_open_copy(request: DataRequest, now: datetime) -> bool:
    """Return whether the copy of a request may be opened at `now`."""
    made_at = request.finished_at
    is_made = request.kind in BY_SOFTWARE and request.state == DataRequestState.DONE
    at_once = request.answered_at == made_at and request.handled_by_id is None
    return is_made and at_once and made_at is not None and now - made_at < OPEN_FOR
