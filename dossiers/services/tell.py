"""Tell the applicant about a step, in the transaction of that step."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dossiers.models import Dossier, DossierEvent
from notifications.services import enqueue


def tell_applicant(
    *, dossier: Dossier, event: DossierEvent, topic: str, now: datetime, **params: Any
) -> None:
    """Put the message of a step into the outbox; every dossier topic names code and procedure.

    A filed dossier speaks to whoever filed it; `about` is the owner when that is somebody else.
    """
    version = dossier.procedure_version
    enqueue(
        topic=topic,
        recipient=dossier.applicant.party,
        about=None if dossier.owner_id == dossier.applicant_id else dossier.owner,
        params={
            "code": dossier.code,
            "procedure": {"vi": version.name_vi, "en": version.name_en or version.name_vi},
            **params,
        },
        dedupe_key=f"dossier:{dossier.pk}:{event.pk}:{topic}",
        thread_key=f"dossier:{dossier.pk}",
        due_at=now,
    )
