"""The time machine's page: what a version would do in a period, before a message leaves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from citizens.models import Citizen, Unit, User
from portal.common import clock
from portal.common.errors import RefusedError
from portal.office.rehearsal_figures import Shown, shown
from portal.office.rehearsal_people import may_see_people
from portal.office.roles import Desk
from portal.office.rule_rights import may_decide, may_rehearse
from portal.office.standing import standing_of
from portal.office.table_files import table_file
from procedures.enums import RunState, VersionStatus
from procedures.models import RehearsalRun, RuleVersion
from procedures.selectors.drafts import seen_of
from procedures.selectors.rehearsals import Figures, definition_digest, progress_of
from procedures.services.record_rehearsal import (
    DraftChangedError,
    WorkerLostError,
    ask_rehearsal,
    carry_out_rehearsal,
)
from procedures.tasks import ring_for_rehearsals

# Among so many people a year is rehearsed while the page loads; among more, by a worker.
AT_ONCE = 30_000
_SHOWN = 6
_FAILURES = {
    DraftChangedError.__name__: gettext_lazy(
        "The draft was changed while it waited: rehearse it as it is now."
    ),
    WorkerLostError.__name__: gettext_lazy(
        "Three processes in turn ended before it was done; their logs say why."
    ),
}
_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PeriodForm(forms.Form):
    """From when to when a version is rehearsed."""

    first = forms.DateField(label=gettext_lazy("From"), widget=_DAY)
    last = forms.DateField(label=gettext_lazy("To"), widget=_DAY)


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a version's rehearsals, one of them in figures; a POST asks for a new one."""
    version = version_of(request, pk)
    today = clock.today()
    begin = {"first": today, "last": today + timedelta(days=365)}
    form = PeriodForm(request.POST or None, initial=begin)
    if request.method == "POST":
        if not may_rehearse(standing_of(request)):
            raise PermissionDenied
        run = _asked(request, version, form)
        if run is not None:
            return redirect(f"{request.path}?run={run.pk}")
    context = {
        "title": _("Rehearsal"),
        "version": version,
        "form": form if may_rehearse(standing_of(request)) else None,
        "is_fullwidth": "1",
        "may_release": version.status == VersionStatus.DRAFT and may_decide(standing_of(request)),
        "seen": seen_of(version),
        **_chosen(request, version),
    }
    shown_page = admin.site.each_context(request) | context
    return render(request, "office/rehearsal.html", shown_page, status=422 if form.errors else 200)


@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far a rehearsal is; once it is over, the page loads itself anew."""
    run = _run(request, pk)
    page = reverse("admin:office_rehearsal", args=[run.rule_version_id])
    if run.state != RunState.RUNNING:
        return HttpResponse(headers={"HX-Redirect": f"{page}?run={run.pk}"})
    return render(request, "office/parts/rehearsal_progress.html", _running(run))


@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out the matters and messages by week and unit: counts, nobody's name."""
    run = _run(request, pk)
    if run.state != RunState.FINISHED:
        raise Http404
    name = f"dien-tap-{run.rule_version.rule.key}-{run.first_on:%Y%m%d}-{run.last_on:%Y%m%d}"
    return table_file(request, name, _cells(Figures.from_json(run.figures)))


def version_of(request: HttpRequest, pk: int) -> RuleVersion:
    """Return a version to whoever may open the catalogue."""
    if not standing_of(request).sees(Desk.CATALOGUE):
        raise PermissionDenied
    rows = RuleVersion.objects.select_related("rule", "written_by", "released_by")
    version = rows.filter(pk=pk).first()
    if version is None:
        raise Http404
    return version


def _run(request: HttpRequest, pk: int) -> RehearsalRun:
    if not standing_of(request).sees(Desk.CATALOGUE):
        raise PermissionDenied
    run = RehearsalRun.objects.select_related("rule_version__rule").filter(pk=pk).first()
    if run is None:
        raise Http404
    return run


def _asked(request: HttpRequest, version: RuleVersion, form: PeriodForm) -> RehearsalRun | None:
    """Ask for a rehearsal and, among few people, carry it out; None with the reasons told."""
    if not form.is_valid():
        return None
    user = cast(User, request.user)
    period = {"first": form.cleaned_data["first"], "last": form.cleaned_data["last"]}
    try:
        run = ask_rehearsal(version=version, by=user, now=clock.now(), **period)
    except RefusedError as refused:
        for reason in refused.reasons:
            form.add_error(None, reason)
        return None
    if len(Citizen.objects.order_by().values_list("pk")[: AT_ONCE + 1]) <= AT_ONCE:
        run = carry_out_rehearsal(run=run, now=clock.now())
        messages.success(request, _("Rehearsed. Nothing was written to anybody."))
    else:
        ring_for_rehearsals()
    return run


def _chosen(request: HttpRequest, version: RuleVersion) -> dict[str, Any]:
    """Return the rehearsal in `?run=`, else the last one, as the page shows it."""
    runs = list(version.rehearsals.select_related("asked_by")[:_SHOWN])
    wanted = request.GET.get("run", "")
    run = next((one for one in runs if str(one.pk) == wanted), runs[0] if runs else None)
    if run is None:
        return {"runs": [], "run": None}
    run.rule_version = version
    is_stale = run.definition_sha256 != definition_digest(version)
    sees_people = not is_stale and may_see_people(standing_of(request), version)
    told = {"runs": runs, "run": run, "is_stale": is_stale, "sees_people": sees_people}
    if run.state == RunState.RUNNING:
        return told | _running(run)
    if run.state == RunState.FINISHED:
        return told | {"shown": shown(run)}
    return told | {"why_failed": _FAILURES.get(run.error, run.error)}


def _running(run: RehearsalRun) -> dict[str, Any]:
    done, of = progress_of(run) or (0, 0)
    return {"run": run, "done": done, "of": of}


def _cells(figures: Figures) -> Iterator[tuple[object, ...]]:
    yield (_("week from"), _("unit code"), _("unit"), _("matters"), _("messages"))
    units = Unit.objects.order_by().in_bulk({line.unit_id for line in figures.lines} - {None})
    for line in figures.lines:
        unit = units.get(line.unit_id or 0)
        place = (unit.code, str(unit)) if unit else ("", "")
        yield (line.monday.isoformat(), *place, line.matters, line.messages)


__all__ = ["AT_ONCE", "Shown", "file", "progress", "show", "version_of"]
