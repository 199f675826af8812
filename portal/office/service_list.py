"""The services on their way into use: planned, pilot, live, and which are integrated nationally."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from citizens.models import User
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError, shown_version
from portal.office.acting import tell_refused
from portal.office.roles import Desk
from portal.office.rule_rights import may_write
from portal.office.service_import import refused_file, show_listed
from portal.office.service_stages import set_many
from portal.office.standing import Standing, standing_of
from portal.office.table_files import table_file
from portal.office.templatetags.office import named
from portal.office.unconfirmed_words import told_paths
from portal.reporting.integration.models import LONGEST_NOTE, STAGES
from portal.reporting.integration.reading import (
    Service,
    all_services,
    chosen_services,
    figures,
    owners_named,
    with_parts,
)
from portal.reporting.integration.setting import owners, set_stage

Door = Callable[[Callable[..., Any]], Callable[..., HttpResponseBase]]
PER_PAGE = 50
_FIELDS = ("stage", "effective_on", "owner", "note")
_NONE = ("none", gettext_lazy("Without a stage"))
_ONLY = (
    ("unverified", gettext_lazy("With values to be confirmed")),
    ("integrated", gettext_lazy("Integrated nationally")),
    ("not_listed", gettext_lazy("Not integrated")),
)


def urls(guarded: Door) -> list[URLPattern]:
    """Return the pages, each behind the door that `guarded` puts in front."""
    return [
        path("services/", guarded(show_services), name="office_services"),
        path("services/file/", guarded(services_file), name="office_services_file"),
        path("services/integrated/", guarded(show_listed), name="office_services_listed"),
        path(
            "services/integrated/refused/",
            guarded(refused_file),
            name="office_services_listed_errors",
        ),
        path("services/stages/", guarded(set_many), name="office_service_stages"),
        path("services/<int:pk>/", guarded(show_service), name="office_service"),
    ]


@require_safe
def show_services(request: HttpRequest) -> HttpResponse:
    """Show the counts, and a page of the services asked for."""
    standing = _standing(request)
    asked = request.GET
    page = Paginator(_asked(request, standing.day), PER_PAGE).get_page(asked.get("page"))
    context = {
        "title": _("Services on the roadmap"),
        "figures": figures(day=standing.day),
        "edits": may_write(standing),
        "stages": STAGES,
        "choices": [*STAGES, _NONE],
        "only": _ONLY,
        "owners": owners_named(),
        "asked": {name: asked.get(name, "") for name in ("q", "stage", "owner", "only")},
        "page": page,
        "services": [
            (one, _is_missed(one, standing), _unconfirmed(one))
            for one in with_parts(page.object_list)
        ],
        "is_fullwidth": "1",
    }
    return render(request, "office/services.html", admin.site.each_context(request) | context)


@require_safe
def services_file(request: HttpRequest) -> HttpResponse:
    """Hand out the services asked for as a file, all pages of them."""
    rows = with_parts(_asked(request, _standing(request).day))
    table = [tuple(map(str, _HEADINGS)), *(tuple(_cells(one)) for one in rows)]
    return table_file(request, "lo-trinh-dich-vu", table)


@require_http_methods(["GET", "HEAD", "POST"])
def show_service(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one service with all its stages; an editor writes the next one here."""
    standing = _standing(request)
    row = get_object_or_404(all_services(day=standing.day), pk=pk)
    edits = may_write(standing)
    if request.method == "POST":
        if not edits:
            raise PermissionDenied
        if _set(request, row):
            return redirect("admin:office_service", pk)
    (service,) = with_parts([row])
    context = {
        "title": named(service.version) if service.version else row.code,
        "service": service,
        "is_missed": _is_missed(service, standing),
        "unconfirmed": _unconfirmed(service),
        "history": row.stages.select_related("owner", "written_by"),
        "edits": edits,
        "stages": STAGES,
        "owners": owners(day=standing.day) if edits else (),
        "seen": service.stage.pk if service.stage else 0,
        "typed": _typed(request, service, standing.day),
        "longest": LONGEST_NOTE,
    }
    return render(request, "office/service.html", admin.site.each_context(request) | context)


def _standing(request: HttpRequest) -> Standing:
    standing = standing_of(request)
    if not standing.sees(Desk.CATALOGUE):
        raise PermissionDenied
    return standing


def _asked(request: HttpRequest, day: date) -> QuerySet[Any]:
    asked = request.GET
    return chosen_services(
        day=day,
        typed=asked.get("q", "").replace("\x00", ""),
        stage=asked.get("stage", ""),
        owner=asked.get("owner", "").replace("\x00", ""),
        only=asked.get("only", ""),
    )


def _is_missed(service: Service, standing: Standing) -> bool:
    return service.stage is not None and service.stage.is_missed(standing.day)


def _unconfirmed(service: Service) -> list[str]:
    """Return what of the service is still to be confirmed, in words."""
    return told_paths(service.version.definition) if service.version else []


def _set(request: HttpRequest, procedure: Any) -> bool:
    """Write the stage that was posted; False where it was refused, and said why."""
    posted = request.POST
    try:
        set_stage(
            procedure=procedure,
            stage=posted.get("stage", ""),
            effective_on=_day(posted.get("effective_on", "")),
            owner=posted.get("owner", "").replace("\x00", ""),
            user=cast(User, request.user),
            note=posted.get("note", "").replace("\x00", ""),
            seen=shown_version(posted.get("seen", "")),
            now=clock.now(),
        )
    except (RefusedError, StaleVersionError) as refused:
        tell_refused(request, refused)
        return False
    messages.success(request, _("The stage is written down."))
    return True


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _typed(request: HttpRequest, service: Service, day: date) -> dict[str, str]:
    """Return what the form begins with: what was typed, else the newest stage's owner and today."""
    if request.method == "POST":
        return {name: request.POST.get(name, "") for name in _FIELDS}
    owner = service.stage.owner.code if service.stage else ""
    return {"stage": "", "effective_on": day.isoformat(), "owner": owner, "note": ""}


_HEADINGS = (
    gettext_lazy("national code"), gettext_lazy("procedure"), gettext_lazy("stage reached"),
    gettext_lazy("takes effect on"), gettext_lazy("owner department"),
    gettext_lazy("integrated nationally"), gettext_lazy("values to be confirmed"),
    gettext_lazy("written by"), gettext_lazy("note"),
)  # fmt: skip


def _cells(service: Service) -> Iterator[object]:
    stage = service.stage
    yield service.procedure.code
    yield named(service.version) if service.version else service.procedure.key
    yield stage.get_stage_display() if stage else ""
    yield f"{stage.effective_on:%d/%m/%Y}" if stage else ""
    yield stage.owner.name_vi if stage else ""
    yield _("yes") if service.is_integrated else _("no")
    yield "; ".join(_unconfirmed(service))
    yield stage.written_by.display_name if stage else ""
    yield stage.note if stage else ""
