"""What a dossier's page reads of other tables: one question, whatever the dossier went through."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from dossiers.models import Dossier
from dossiers.selectors import steps_named
from portal.common.sql import read_beside


def read_parts(dossier: Dossier, *also: QuerySet[Any, Any]) -> None:
    """Read what the parts of the page show of the dossier, and `also` what else they need."""
    read_beside(
        dossier,
        *also,
        clock_events=dossier.clock_events.all(),
        delay_causes=dossier.delay_causes.all(),
        desk_notes=dossier.desk_notes.select_related("official"),
        disputes=dossier.disputes.select_related("raised_by", "decided_by"),
        events=steps_named(dossier.events.all()),
        papers=dossier.papers.select_related("document"),
        payments=dossier.payments.all(),
        stages=dossier.stages.select_related("agency", "official__user"),
    )
