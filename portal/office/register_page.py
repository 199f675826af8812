"""One register: its figures, what it delivers, its deliveries, and the form that brings one in."""

from __future__ import annotations

from datetime import date
from typing import Any, cast
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from citizens.models import Batch, User
from citizens.registers.declared import FORMATS, formats_of
from citizens.registers.describing import template_of, told_columns
from citizens.registers.formats import Format
from citizens.registers.overview import Overview, register_overviews
from citizens.registers.tries import failed_tries
from citizens.registers.uploads import PlainUploadHandler
from citizens.selectors.batches import may_import, turn_of
from citizens.services.receive_batch import NotReceivedError, receive_batch
from citizens.tasks import ring_for_batches
from portal.common.downloads import csv_file
from portal.office.register_words import ENCODINGS, Sign, in_language, sign_of
from portal.office.roles import Desk
from portal.office.standing import standing_of

PER_PAGE = 15
_BESIDES_THE_FILE = 1 << 20  # bytes of a form around its file
_TOO_LARGE, _REFUSED = 413, 422


class DeliveryForm(forms.Form):
    """A file with what its sender knows of it; the trial is ticked at first."""

    file = forms.FileField(
        label=gettext_lazy("File (CSV or XLSX)"),
        allow_empty_file=True,  # refused with a better reason
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
    )
    table = forms.ChoiceField(label=gettext_lazy("Table"), required=False)
    as_of = forms.DateField(
        label=gettext_lazy("Data as of"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    encoding = forms.ChoiceField(label=gettext_lazy("Encoding"), choices=ENCODINGS, required=False)
    is_rehearsal = forms.BooleanField(
        label=gettext_lazy("Try first: read and check, write nothing until I confirm"),
        required=False,
    )

    def __init__(
        self, data: Any, files: Any, *, tables: list[Format], day: date, preset: dict[str, Any]
    ) -> None:
        super().__init__(data, files, initial={"as_of": day, "is_rehearsal": True, **preset})
        by_headings = ("", _("As the headings tell"))
        named = [(one.kind, in_language(one.name_vi, one.name_en)) for one in tables]
        self.fields["table"].choices = [by_headings, *named]  # type: ignore[attr-defined]
        self.fields["as_of"].widget.attrs["max"] = day.isoformat()


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, code: str) -> HttpResponse:
    """Say first where an upload goes, and refuse a huge one unread; then check the form's token."""
    request.upload_handlers = [PlainUploadHandler(request)]
    announced = request.META.get("CONTENT_LENGTH") or "0"
    if request.method == "POST" and _is_too_large(announced):
        return HttpResponse(_too_large(), status=_TOO_LARGE, content_type="text/plain")
    return _show(request, code)


@csrf_protect
def _show(request: HttpRequest, code: str) -> HttpResponse:
    overview = _visible(request, code)
    form = None
    if may_import(user=cast(User, request.user), day=overview.day):
        is_sent = request.method == "POST"
        form = DeliveryForm(
            request.POST if is_sent else None,
            request.FILES if is_sent else None,
            tables=formats_of(code),
            day=overview.day,
            preset={} if is_sent else _preset(request, code),
        )
        if is_sent and form.is_valid() and (batch := _received(request, form, overview)):
            return redirect("admin:office_batch", batch.public_id)
    elif request.method == "POST":
        raise PermissionDenied
    return _page(request, overview, form)


@require_safe
def template_file(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Hand out the headings of a table with one invented row."""
    _visible(request, code)
    declared = FORMATS.get(f"{code}.{kind}")
    if declared is None:
        raise Http404
    return csv_file(f"{code}.{kind}.csv", template_of(declared))


def _is_too_large(announced: str) -> bool:
    most = settings.IMPORT_MOST_BYTES + _BESIDES_THE_FILE
    return not announced.isdecimal() or int(announced) > most


def _too_large() -> str:
    return _("The file is larger than %(limit)s MB. Nothing was taken in.") % {
        "limit": settings.IMPORT_MOST_BYTES >> 20
    }


def _visible(request: HttpRequest, code: str) -> Overview:
    standing = standing_of(request)
    if not standing.sees(Desk.REGISTERS):
        raise PermissionDenied
    found = register_overviews(day=standing.day, codes=[code])
    if not found:
        raise Http404
    return found[0]


def _preset(request: HttpRequest, code: str) -> dict[str, Any]:
    """Return what the form begins with when a mended file is to be brought for a delivery."""
    try:
        mended = UUID(request.GET.get("mended", ""))
    except ValueError:
        return {}
    before = Batch.objects.filter(register=code, public_id=mended).first()
    if before is None:
        return {}
    return {"table": before.kind, "as_of": before.as_of, "is_rehearsal": False}


def _received(request: HttpRequest, form: DeliveryForm, overview: Overview) -> Batch | None:
    """Return the batch of the file that was sent; None when it was refused, said on the form."""
    given = form.cleaned_data
    try:
        received = receive_batch(
            register=overview.register.code,
            plain=given["file"].plain,
            name=given["file"].name,
            by=cast(User, request.user),
            day=overview.day,
            kind=given["table"] or None,
            as_of=given["as_of"],
            encoding=given["encoding"] or None,
            is_rehearsal=given["is_rehearsal"],
        )
    except NotReceivedError as refused:
        for reason in refused.reasons:
            form.add_error("file", reason)
        return None
    if not received.is_new:
        messages.info(request, _("This very file was brought before. Nothing was done twice."))
    ring_for_batches()
    return received.batch


def _page(request: HttpRequest, overview: Overview, form: DeliveryForm | None) -> HttpResponse:
    register = overview.register
    batches = Batch.objects.filter(register=register).select_related("started_by").defer("header")
    pages = Paginator(batches.order_by("-pk"), PER_PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "title": in_language(register.name_vi, register.name_en),
        "overview": overview,
        "register": register,
        "form": form,
        "tables": [(table, told_columns(table.declared)) for table in overview.tables],
        "names": {
            one.kind: in_language(one.name_vi, one.name_en) for one in formats_of(register.code)
        },
        "page": page,
        "batches": _signed(list(page)) if form else [],
        "is_fullwidth": "1",
    }
    status = _REFUSED if form and form.errors else 200
    shown = admin.site.each_context(request) | context
    return render(request, "office/register.html", shown, status=status)


def _signed(batches: list[Batch]) -> list[tuple[Batch, Sign]]:
    failed = failed_tries(batch for batch in batches if turn_of(batch).is_moving)
    return [(batch, sign_of(batch, failed=failed.get(batch.pk, 0))) for batch in batches]
