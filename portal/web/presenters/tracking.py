"""Where a dossier is, for whoever has its code and one more fact: state, office and days."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from dossiers.enums import Status
from dossiers.services.track_dossier import Tracked
from portal.web.presenters.dossiers import TONES
from portal.web.templatetags.portal_format import vi_date


@dataclass(frozen=True)
class TrackedPage:
    """What templates/web/track.html shows of a dossier."""

    code: str
    tone: str
    state: str
    facts: list[tuple[str, str]]


def tracked_page(tracked: Tracked) -> TrackedPage:
    """Return the answer in words; where nothing is known of a day its line is left out."""
    facts = [
        (_("Decided by"), tracked.office),
        (_("Filed on"), vi_date(tracked.submitted_on)),
    ]
    if tracked.ended_at is not None:
        facts.append((_("Finished"), vi_date(tracked.ended_at)))
    elif tracked.appointment_on is not None:
        facts.append((_("Result expected"), vi_date(tracked.appointment_on)))
    tone = TONES.get(Status(tracked.status), "progress")
    return TrackedPage(tracked.code, tone, tracked.status_label, facts)
