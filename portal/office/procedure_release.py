"""Releasing a version of a procedure, such as a new catalogue brings as a draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.common import clock
from portal.office.draft_pages import Door
from portal.office.plain_release import PlainRelease
from portal.office.templatetags.office import grouped
from procedures.models import Procedure, ProcedureVersion, Suggestion
from procedures.selectors.drafts import version_before

_OTHER = gettext_lazy("notes and sources")
_PARTS: Mapping[str, Any] = {
    "name_vi": gettext_lazy("name"),
    "name_en": gettext_lazy("name (English)"),
    "domain_vi": gettext_lazy("Domain of law"),
    "competent_agency": gettext_lazy("Decides"),
    "channels": gettext_lazy("Ways to file"),
    "reception_vi": gettext_lazy("Ways to file"),
    "processing": gettext_lazy("Time limit"),
    "fees": gettext_lazy("Fees"),
    "components": gettext_lazy("Papers"),
    "result": gettext_lazy("Result"),
    "credential": gettext_lazy("Result"),
    "form": gettext_lazy("Form"),
    "form_fields": gettext_lazy("Form"),
    "exemptions": gettext_lazy("Exemptions"),
    "automatic": gettext_lazy("Decision mode"),
    "trigger": gettext_lazy("When it is due"),
    "legal_basis": gettext_lazy("Legal basis"),
    "effective_to": gettext_lazy("Last day"),
}


def urls(guarded: Door) -> list[URLPattern]:
    """Return the page, behind the door that `guarded` puts in front."""
    return [RELEASE.url(guarded)]


def _effects(version: ProcedureVersion) -> list[str]:
    return [*_against(version), _open_matters(version.procedure)]


def _against(version: ProcedureVersion) -> list[str]:
    """Return which parts depart from the version whose place it takes."""
    before = version_before(version, day=clock.today())
    if before is None:
        return [_("It is the first version.")]
    old, new = before.definition, version.definition
    changed = [key for key in {**new, **old} if old.get(key) != new.get(key)]
    parts = dict.fromkeys(str(_PARTS.get(key, _OTHER)) for key in changed)
    return [
        _("Changes against v%(number)d: %(parts)s.")
        % {"number": before.number, "parts": "; ".join(parts) or _("none")},
        _("Version %(number)d ends on the day on which this one begins.")
        % {"number": before.number},
    ]


def _open_matters(procedure: Procedure) -> str:
    """Return how many people are offered the new version at once."""
    count = Suggestion.objects.waiting().filter(rule__procedure=procedure).count()
    words = ngettext(
        "%(count)s matter that is open now offers it from that day on; what was filed stays as it"
        " was filed.",
        "%(count)s matters that are open now offer it from that day on; what was filed stays as it"
        " was filed.",
        count,
    )
    return words % {"count": grouped(count)}


RELEASE = PlainRelease("procedure", ProcedureVersion, _effects)
