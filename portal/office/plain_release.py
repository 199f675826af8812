"""Releasing what has nothing to rehearse, a bundle or a procedure: its button and its page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from citizens.models import User
from portal.common import clock
from portal.office.rule_release import Door, answer_step, step_closed
from portal.office.rule_rights import may_decide
from portal.office.rule_steps import Step, planned_in_words
from portal.office.standing import standing_of
from procedures.enums import VersionStatus
from procedures.models import BundleVersion, ProcedureVersion
from procedures.selectors.drafts import seen_of
from procedures.services import release_version

Version = BundleVersion | ProcedureVersion


class PlainReleaseForm(forms.Form):
    """From when; `seen` is the text that was read."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    valid_from = forms.DateField(
        label=gettext_lazy("In force from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=clock.today,
    )


@dataclass(frozen=True)
class PlainRelease:
    """How one kind of version is released; `owner` is ``bundle`` or ``procedure``.

    `effects` says in sentences what will happen.
    """

    owner: str
    versions: type[Version]
    effects: Callable[[Any], list[str]]

    def url(self, guarded: Door) -> URLPattern:
        """Return the page, behind the door that `guarded` puts in front."""
        show = require_http_methods(["GET", "HEAD", "POST"])(self.show)
        return path(f"{self.owner}-versions/<int:pk>/release/", guarded(show), name=self._name)

    def show(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask whether a version is to be released, saying what will happen; a POST does it."""
        if not may_decide(standing_of(request)):
            raise PermissionDenied
        rows: Any = self.versions._default_manager.select_related(self.owner, "written_by")
        version = get_object_or_404(rows, pk=pk)
        page = reverse(f"admin:procedures_{self.owner}version_change", args=[pk])
        if version.status != VersionStatus.DRAFT:
            step_closed(request)
            return redirect(page)
        is_own = version.written_by_id == request.user.pk
        return answer_step(request, self._step, version, page, is_own=is_own)

    def presses(self, request: HttpRequest, row: Any) -> list[dict[str, Any]]:
        """Return the button that leads from a draft there, for whoever may decide."""
        is_draft = isinstance(row, self.versions) and row.status == VersionStatus.DRAFT
        if not is_draft or not may_decide(standing_of(request)):
            return []
        url = reverse(f"admin:{self._name}", args=[row.pk])
        step = self._step
        return [{"label": step.label, "tone": step.tone, "url": f"{url}?seen={seen_of(row)}"}]

    @property
    def _name(self) -> str:
        return f"office_{self.owner}_release"

    @property
    def _step(self) -> Step:
        return Step(
            label=gettext_lazy("Release"),
            heading=gettext_lazy("Release this version?"),
            tone="main",
            form=PlainReleaseForm,
            effects=lambda version: [*self.effects(version), *planned_in_words(version)],
            take=_take,
        )


class PlainReleasePresses:
    """Adds the button that releases a draft to what the pages of its kind have above the form."""

    change_form_outer_before_template = "office/bundle_presses.html"
    release: PlainRelease

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show one row, with the press that releases a draft for those who may decide."""
        above = cast(Any, super())
        row = cast(Any, self).get_object(request, object_id) if object_id else None
        context = {"presses": self.release.presses(request, row)}
        shown: HttpResponse = above.changeform_view(
            request, object_id, form_url, context | (extra_context or {})
        )
        return shown


def _take(version: Any, by: User, given: dict[str, Any]) -> object:
    return release_version(version=version, released_by=by, now=clock.now(), **given)
