"""What the looks tell of all automatic decisions, and what waits for one."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from dossiers.enums import SampleVerdict
from dossiers.models import AutomaticDecision, Dossier
from dossiers.risk import ErrorRate, Looked, error_rate

_SHOWN = (
    "dossier__procedure_version",
    "dossier__owner__citizen",
    "dossier__owner__organisation",
    "dossier__competent",
    "reviewed_by",
    "revoked_by",
)


def decisions_in(*, units: QuerySet[Any] | Collection[int]) -> QuerySet[AutomaticDecision]:
    """Return the automatic decisions of agencies of these units, the oldest first."""
    rows = AutomaticDecision.objects.filter(dossier__competent__unit__in=units)
    return rows.select_related(*_SHOWN).order_by("pk")


def waiting(rows: QuerySet[AutomaticDecision]) -> QuerySet[AutomaticDecision]:
    """Those that a person still has to look at."""
    return rows.filter(is_sampled=True, verdict="")


def to_be_revoked(rows: QuerySet[AutomaticDecision]) -> QuerySet[AutomaticDecision]:
    """Those found wrong that a second official has not revoked yet."""
    return rows.filter(verdict=SampleVerdict.WRONG, revoked_at__isnull=True)


def to_be_handled_anew(rows: QuerySet[AutomaticDecision]) -> QuerySet[AutomaticDecision]:
    """Those revoked whose owner has no newer dossier of the procedure yet."""
    newer = Dossier.objects.standing().filter(
        owner=OuterRef("dossier__owner"),
        procedure_version__procedure=OuterRef("dossier__procedure_version__procedure"),
        submitted_at__gt=OuterRef("revoked_at"),
    )
    return rows.filter(revoked_at__isnull=False).exclude(Exists(newer))


def estimated_error(rows: QuerySet[AutomaticDecision]) -> ErrorRate | None:
    """Return the error rate of these decisions as the drawn looks tell it, None before the first.

    A decision that only a citizen asked to have looked at was not drawn and does not count.
    """
    drawn = rows.filter(is_drawn=True)
    looked = drawn.filter(~Q(verdict="")).values_list("sample_share", "verdict")
    looks = [Looked(share, verdict == SampleVerdict.WRONG) for share, verdict in looked]
    return error_rate(looks, decided_count=rows.count(), drawn_count=drawn.count())
