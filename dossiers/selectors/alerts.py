"""The warnings that an official has not seen: of the own dossiers, and of those of the absent."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Q, QuerySet

from citizens.models import User
from dossiers.models import ClockAlert
from dossiers.models.dossiers import FINISHED
from dossiers.selectors.acting import covered_by


def alerts_for(*, user: User, day: date) -> QuerySet[ClockAlert]:
    """Return the unseen warnings that still hold, most urgent first.

    A warning follows the dossier: whoever has it now is warned, and who covers for an absent
    colleague. One whose due date has moved, or whose dossier is finished, no longer holds.
    """
    official = getattr(user, "official", None)
    if official is None:
        return ClockAlert.objects.none()
    covered = covered_by(official=official, day=day).values("pk")
    mine = Q(dossier__assignee=user.pk) | Q(dossier__assignee__in=covered)
    rows = ClockAlert.objects.filter(mine, seen_at=None, due_on=F("dossier__due_on"))
    return (
        rows.exclude(dossier__status__in=FINISHED)
        .select_related("dossier__procedure_version", "dossier__assignee__user")
        .order_by("due_on", "dossier", "-pk")
        .defer("dossier__form_enc", "dossier__procedure_version__definition")
    )
