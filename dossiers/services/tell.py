"""Tell the applicant about a step, in the transaction of that step."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import override

from citizens.models import Party
from dossiers.enums import Status
from dossiers.models import ClockEvent, Dossier, DossierEvent
from notifications.services import enqueue

# Of the children of one case these are told in the app and the inbox only: no SMS a child.
_TOLD_BY_CASE = ("dossier_submitted", "dossier_received", "dossier_approved")


def tell_applicant(
    *,
    dossier: Dossier,
    event: DossierEvent | ClockEvent,
    topic: str,
    now: datetime,
    **params: Any,
) -> None:
    """Put the message of a step, or of an entry of the clock, into the outbox.

    Every dossier topic names code and procedure. A filed dossier speaks to whoever filed it;
    `about` is the owner when that is somebody else who lives: of the dead nothing is said outside
    their own topic.
    """
    version = dossier.procedure_version
    if dossier.bundle_case_id is not None and topic in _TOLD_BY_CASE:
        if topic == "dossier_submitted":
            return
        if topic != "dossier_approved" or _is_not_first(dossier):
            topic, params = "bundle_news", {"state": _state_of(dossier)}
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


def _is_not_first(dossier: Dossier) -> bool:
    """Whether the case had a result before: the first is told as any other, the rest quietly."""
    others = Dossier.objects.filter(bundle_case=dossier.bundle_case_id).exclude(pk=dossier.pk)
    return others.filter(status__in=(Status.DONE, Status.RETURNED)).exists()


def _state_of(dossier: Dossier) -> dict[str, str]:
    names = {}
    for language in ("vi", "en"):
        with override(language):
            names[language] = str(dossier.get_status_display())
    return names


def _about(dossier: Dossier) -> Party | None:
    owner = dossier.owner
    if owner.pk == dossier.applicant_id:
        return None
    person = getattr(owner, "citizen", None)
    return None if person is not None and person.died_on is not None else owner
