"""Note that what a person asked is done; what the software can stop by itself stops here."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import DataRequest, User
from citizens.workflow import STOPS_OFFERS, RequestAction
from dossiers.services.request_steps import cleaned, keep, step_on, tell_person
from notifications.services import stop_on_request
from portal.common import clock


@transaction.atomic
def finish_data_request(
    *, request: DataRequest, user: User, version: int, note: str, now: datetime
) -> DataRequest:
    """Close an accepted request with `note`, what was done, and tell the person.

    Restriction, objection and withdrawal stop offers, surveys and research for the person from this
    moment, by the same way as their own choice would; statutory notices go on. Locking data in
    registers of other agencies is the official's work, and the note says what was done. Errors are
    those of `step_on`; RefusedError for an empty note.
    """
    done = cleaned(note, missing=_("Please write what was done; the citizen will read it."))
    day = clock.civil_date(now)
    row = step_on(request=request, action=RequestAction.FINISH, user=user, version=version, day=day)
    answer = row.unseal("answer_enc")
    row.answer_enc = row.seal("answer_enc", f"{answer}\n\n{done}")
    row.finished_at = now
    keep(row)
    if row.kind in STOPS_OFFERS:
        sender = row.requested_by
        stop_on_request(citizen=row.citizen, by=sender, language=sender.language)
    tell_person(request=row, topic="data_request_done", now=now)
    return row
