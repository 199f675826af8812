"""The national portal's list of integrated services: taken in as a file, held against ours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from portal.common.downloads import csv_file
from portal.office.roles import Desk
from portal.office.rule_rights import may_write
from portal.office.standing import standing_of
from portal.office.table_files import table_file
from portal.reporting.integration.listing import COLUMNS, load_integrated
from portal.reporting.integration.reading import figures, not_held
from portal.reporting.services.read_table import Loaded, Refused, TableError
from portal.reporting.services.read_workbook import lines_of

PER_PAGE = 50
MOST_BYTES = 4 << 20
MOST_REFUSED = 200  # lines named on the page
_REFUSED = 422
_KEPT_FOR = 24 * 60 * 60
_WHY = ("line", "column", "reason")


class ListForm(forms.Form):
    """The list as a file, and where it comes from."""

    file = forms.FileField(
        label=gettext_lazy("File (CSV or XLSX)"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )
    source = forms.CharField(
        label=gettext_lazy("Where the list comes from"), max_length=200, strip=True
    )

    def clean_file(self) -> Any:
        """Refuse a file that no such list fills."""
        given = self.cleaned_data["file"]
        if given.size > MOST_BYTES:
            raise forms.ValidationError(
                _("The file is larger than %(limit)s MB. Nothing was taken in.")
                % {"limit": MOST_BYTES >> 20}
            )
        return given


@require_http_methods(["GET", "HEAD", "POST"])
def show_listed(request: HttpRequest) -> HttpResponse:
    """Show what the list holds beside the catalogue; an editor brings a newer one here."""
    standing = standing_of(request)
    if not standing.sees(Desk.CATALOGUE):
        raise PermissionDenied
    edits = may_write(standing)
    if request.method == "POST" and not edits:
        raise PermissionDenied
    if "template" in request.GET:
        return csv_file("dich-vu-tich-hop.csv", [COLUMNS])
    is_sent = request.method == "POST"
    form = ListForm(request.POST, request.FILES) if is_sent else ListForm()
    loaded = _taken(request, form) if is_sent and form.is_valid() else None
    if loaded and not loaded.refused:
        return redirect("admin:office_services_listed")
    page = Paginator(not_held(day=standing.day), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": _("Integrated with the national portal"),
        "figures": figures(day=standing.day),
        "page": page,
        "form": form if edits else None,
        "refused": loaded.refused[:MOST_REFUSED] if loaded else (),
        "refused_more": max(0, len(loaded.refused) - MOST_REFUSED) if loaded else 0,
        "columns": ", ".join(COLUMNS),
    }
    whole = admin.site.each_context(request) | context
    status = _REFUSED if is_sent else 200
    return render(request, "office/services_listed.html", whole, status=status)


@require_safe
def refused_file(request: HttpRequest) -> HttpResponse:
    """Hand out the lines of one's last list that were refused, to be mended and brought again."""
    if not may_write(standing_of(request)):
        raise PermissionDenied
    lines: list[tuple[str, ...]] | None = cache.get(_place_of(request))
    if not lines:
        messages.warning(request, _("No refused lines are kept any more: bring the list again."))
        return redirect("admin:office_services_listed")
    return table_file(request, "dich-vu-bi-tu-choi", [(*COLUMNS, *_WHY), *lines])


def _keep_refused(request: HttpRequest, refused: Sequence[Refused]) -> None:
    """Keep the refused lines of the newest list for a day; who loses them brings the list again."""
    if not refused:
        cache.delete(_place_of(request))
        return
    lines = [(*one.cells, str(one.line), one.column, one.reason) for one in refused]
    cache.set(_place_of(request), lines, _KEPT_FOR)


def _place_of(request: HttpRequest) -> str:
    return f"services-refused:{request.user.pk}"


def _taken(request: HttpRequest, form: ListForm) -> Loaded | None:
    """Take the file in and say how many lines were; None where it is no such table."""
    given, source = form.cleaned_data["file"], form.cleaned_data["source"]
    try:
        loaded = load_integrated(lines_of(given.read()), source=source)
    except TableError as error:
        cache.delete(_place_of(request))
        form.add_error("file", str(error))
        return None
    _keep_refused(request, loaded.refused)
    taken = ngettext("%(count)d line was taken in.", "%(count)d lines were taken in.", loaded.taken)
    messages.success(request, taken % {"count": loaded.taken})
    if count := len(loaded.refused):
        left = ngettext("%(count)d line was refused.", "%(count)d lines were refused.", count)
        messages.warning(request, left % {"count": count})
    return loaded
