"""Tell the applicant about a step, in the transaction of that step."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from citizens.models import Party
from dossiers.models import Dossier, DossierEvent
from notifications.services import enqueue


def tell_applicant(
    *, dossier: Dossier, event: DossierEvent, topic: str, now: datetime, **params: Any
) -> None:
    """Put the message of a step into the outbox; every dossier topic names code and procedure.

    A filed dossier speaks to whoever filed it; `about` is the owner when that is somebody else who
    lives: of the dead nothing is said outside their own topic.
    """
    version = dossier.procedure_version
    enqueue(
        topic=topic,
        recipient=dossier.applicant.party,
        about=_about(dossier),
        params={
            "code": dossier.code,
            "procedure": {"vi": version.name_vi, "en": version.name_en or version.name_vi},
            **params,
        },
        dedupe_key=f"dossier:{dossier.pk}:{event.pk}:{topic}",
        thread_key=f"dossier:{dossier.pk}",
        due_at=now,
    )


def _about(dossier: Dossier) -> Party | None:
    owner = dossier.owner
    if owner.pk == dossier.applicant_id:
        return None
    person = getattr(owner, "citizen", None)
    return None if person is not None and person.died_on is not None else owner
