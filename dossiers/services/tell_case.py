"""Tell of a bundle case: one thread for all its dossiers, so that nobody gets a message a child."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dossiers.bundle_rules import Outcome
from dossiers.models import BundleCase, BundleStep
from notifications.services import enqueue

_NO_MORE: Mapping[str, Any] = {}


def tell_submitted(*, case: BundleCase, count: int, now: datetime) -> None:
    """Say once what one press filed."""
    _tell(case, "bundle_submitted", "submitted", now, {"count": count})


def tell_step(*, case: BundleCase, step: BundleStep, topic: str, now: datetime) -> bool:
    """Say once something of one step: that it was filed by itself, or that it needs the citizen.

    Return whether that was news.
    """
    names = step.procedure.versions.order_by("-number").first()
    name_vi = names.name_vi if names else step.procedure.code
    name_en = (names.name_en if names else "") or name_vi
    params = {"procedure": {"vi": name_vi, "en": name_en}}
    return _tell(case, topic, f"{step.pk}:{step.version}:{topic}", now, params)


def tell_outcome(*, case: BundleCase, outcome: Outcome, granted: int, now: datetime) -> None:
    """Say that all is done, where several results came; of one its own message has said it."""
    if outcome is Outcome.DONE and granted > 1:
        _tell(case, "bundle_done", f"done:{granted}", now, {"count": granted})


def _tell(
    case: BundleCase, topic: str, key: str, now: datetime, params: Mapping[str, Any] = _NO_MORE
) -> bool:
    """The one who filed is told; of whom it is about, the page speaks, never a message."""
    if case.applicant is None:
        return False
    message = enqueue(
        topic=topic,
        recipient=case.applicant.party,
        params={"code": case.tracking_code, **params},
        dedupe_key=f"case:{case.pk}:{key}",
        thread_key=f"case:{case.pk}",
        due_at=now,
    )
    return message is not None
