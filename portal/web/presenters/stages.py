"""The step of the work that a dossier is in, as its owner follows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dossiers.models import Dossier
from portal.common import clock


@dataclass(frozen=True)
class StageNow:
    """The step, whose office and official it is with, and since which civil date."""

    name: str
    agency: str
    official: str
    since: date


def stage_now(dossier: Dossier) -> StageNow | None:
    """Return the step that the dossier is in, None before and after the work on it."""
    open_one = dossier.stages.filter(entered_at__isnull=False, left_at__isnull=True)
    stage = open_one.select_related("agency", "official__user").first()
    if stage is None or stage.entered_at is None:
        return None
    return StageNow(
        name=stage.name_vi,
        agency=stage.agency.name_vi,
        official=str(stage.official) if stage.official else "",
        since=clock.civil_date(stage.entered_at),
    )
