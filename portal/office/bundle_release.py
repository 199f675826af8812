"""Releasing a version of a bundle: what the page before it says."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.common import clock
from portal.office.bundle_changes import KnownProcedures, sentences_of
from portal.office.plain_release import PlainRelease
from portal.office.templatetags.office import grouped
from procedures.definition.bundle import BundleDefinition
from procedures.models import Bundle, BundleVersion, Suggestion
from procedures.selectors import bundle_version_in_force


def _effects(version: BundleVersion) -> list[str]:
    told = sentences_of(BundleDefinition.from_json(version.definition), KnownProcedures.today())
    before = bundle_version_in_force(bundle=version.bundle, day=clock.today())
    if before is not None:
        told.append(
            _("Version %(number)d ends on the day on which this one begins.")
            % {"number": before.number}
        )
    return [*told, _open_matters(version.bundle)]


def _open_matters(bundle: Bundle) -> str:
    """Return how many people see the new steps at once."""
    count = Suggestion.objects.waiting().filter(rule__bundle=bundle).count()
    words = ngettext(
        "%(count)s matter that is open now shows the new steps from that day on; what was filed"
        " stays as it was filed.",
        "%(count)s matters that are open now show the new steps from that day on; what was filed"
        " stays as it was filed.",
        count,
    )
    return words % {"count": grouped(count)}


RELEASE = PlainRelease("bundle", BundleVersion, _effects)
