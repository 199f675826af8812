"""Tell the applicant about a step, in the transaction of that step."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import override

from citizens.models import Party
from dossiers.enums import Status
from dossiers.models import ClockEvent, Dossier, DossierEvent
from dossiers.selectors import was_helped
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

    Every dossier topic names code and procedure. A filed dossier speaks to whoever filed it, and
    where that was a helper, first to the person. `about` is the owner when somebody else is told
    and the owner lives: of the dead nothing is said outside their own topic.
    """
    _tell(dossier, topic, f"{event.pk}:{topic}", now, params)


def tell_of_decision(*, dossier: Dossier, topic: str, now: datetime, **params: Any) -> None:
    """Put a message into the outbox that belongs to no step: once a dossier and topic."""
    _tell(dossier, topic, topic, now, params)


def _tell(dossier: Dossier, topic: str, key: str, now: datetime, params: dict[str, Any]) -> None:
    """Tell the applicant; when that is a helper, the person themselves first."""
    version = dossier.procedure_version
    if dossier.bundle_case_id is not None and topic in _TOLD_BY_CASE:
        if topic == "dossier_submitted":
            return
        if topic != "dossier_approved" or _is_not_first(dossier):
            topic, params = "bundle_news", {"state": _state_of(dossier)}
    words = {"vi": version.name_vi, "en": version.name_en or version.name_vi}
    told = {"code": dossier.code, "procedure": words, **params}
    helped = _helped(dossier)
    if helped is not None:
        enqueue(
            topic=topic,
            recipient=helped,
            params=told,
            dedupe_key=f"dossier:{dossier.pk}:{key}:owner",
            thread_key=f"dossier:{dossier.pk}:owner",
            due_at=now,
        )
    enqueue(
        topic=topic,
        recipient=dossier.applicant.party,
        about=_about(dossier),
        params=told,
        dedupe_key=f"dossier:{dossier.pk}:{key}",
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


def _helped(dossier: Dossier) -> Party | None:
    """Return the owner when a helper filed for them, also when the help has ended since."""
    if dossier.owner_id == dossier.applicant_id:
        return None
    return dossier.owner if was_helped(dossier=dossier) else None


def _about(dossier: Dossier) -> Party | None:
    owner = dossier.owner
    if owner.pk == dossier.applicant_id:
        return None
    person = getattr(owner, "citizen", None)
    return None if person is not None and person.died_on is not None else owner
