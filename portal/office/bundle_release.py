"""Releasing a version of a bundle: the button, and the page that says what will happen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from citizens.models import User
from portal.common import clock
from portal.office.bundle_changes import KnownProcedures, sentences_of
from portal.office.rule_release import answer_step, step_closed
from portal.office.rule_rights import may_decide
from portal.office.rule_steps import Step
from portal.office.standing import standing_of
from portal.office.templatetags.office import grouped
from procedures.definition.bundle import BundleDefinition
from procedures.enums import VersionStatus
from procedures.models import Bundle, BundleVersion, Suggestion
from procedures.selectors import bundle_version_in_force
from procedures.selectors.drafts import seen_of
from procedures.services import release_version


class BundleReleaseForm(forms.Form):
    """From when; `seen` is the text that was read."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    valid_from = forms.DateField(
        label=gettext_lazy("In force from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=clock.today,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whether a version is to be released, saying what will happen; a POST does it."""
    if not may_decide(standing_of(request)):
        raise PermissionDenied
    rows = BundleVersion.objects.select_related("bundle", "written_by")
    version = get_object_or_404(rows, pk=pk)
    page = reverse("admin:procedures_bundleversion_change", args=[pk])
    if version.status != VersionStatus.DRAFT:
        step_closed(request)
        return redirect(page)
    is_own = version.written_by_id == request.user.pk
    return answer_step(request, RELEASE, version, page, is_own=is_own)


def release_press(version: BundleVersion) -> dict[str, Any]:
    """Return the button that leads there."""
    url = reverse("admin:office_bundle_release", args=[version.pk])
    return {"label": RELEASE.label, "tone": RELEASE.tone, "url": f"{url}?seen={seen_of(version)}"}


def _take(version: BundleVersion, by: User, given: dict[str, Any]) -> object:
    return release_version(version=version, released_by=by, now=clock.now(), **given)


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


RELEASE = Step(
    label=gettext_lazy("Release"),
    heading=gettext_lazy("Release this version?"),
    tone="main",
    form=BundleReleaseForm,
    effects=_effects,
    take=_take,
)
