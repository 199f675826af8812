"""One delivery: where it stands, what became of its rows, what a person has to decide or mend."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from citizens.models import Batch, User
from citizens.registers.declared import FORMATS
from citizens.registers.figures import figures_of
from citizens.registers.live import live_of
from citizens.registers.tries import failed_tries
from citizens.selectors.batches import Turn, may_import, mistakes_of, turn_of
from citizens.services.confirm_batch import confirm_batch, set_batch_aside
from citizens.services.hand_out_rejections import error_rows, errors_of, reveal_row
from citizens.tasks import ring_for_batches
from portal.common import clock
from portal.common.downloads import xlsx_file
from portal.common.errors import RefusedError
from portal.office.register_words import encoding_name, in_language, sign_of, step_of
from portal.office.roles import Desk
from portal.office.standing import standing_of
from portal.office.table_files import asks_for_workbook

PER_PAGE = 50
# A book is written whole before it leaves: what is longer goes as CSV, a piece at a time.
MOST_IN_BOOK = 20_000
_PAGE, _ERRORS = "admin:office_batch", "admin:office_batch_errors"


@require_safe
def show(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show a delivery."""
    batch = _visible(request, public_id)
    context = {
        "title": f"{_table_name(batch)} · {batch.as_of:%d/%m/%Y}",
        "is_fullwidth": "1",
        **_told(request, batch),
    }
    return render(request, "office/batch.html", admin.site.each_context(request) | context)


@require_safe
def progress(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show what changes on the page while somebody watches; it asks again until all is over."""
    batch = _visible(request, public_id)
    return render(request, "office/parts/batch.html", _told(request, batch))


@require_POST
def take_word(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take a held delivery over, or set it aside, as the button says."""
    batch, user = _visible(request, public_id), cast(User, request.user)
    try:
        if request.POST.get("word") == "take":
            confirm_batch(batch=batch, by=user)
            ring_for_batches()
        else:
            set_batch_aside(batch=batch, by=user)
            messages.info(request, _("The delivery was set aside. Nothing of it was written."))
    except RefusedError as refused:
        messages.warning(request, "; ".join(refused.reasons))
    return redirect(_PAGE, public_id)


@require_POST
def show_row(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show what a rejected row says, once, after the look was logged."""
    batch = _visible(request, public_id)
    line = request.POST.get("line", "")
    if not line.isdecimal() or len(line) > 9:
        raise Http404
    user = cast(User, request.user)
    cells = reveal_row(batch=batch, line=int(line), by=user, page="admin:office_batch_row")
    if not cells:
        raise Http404
    context = {
        "title": _("Line %(line)s") % {"line": line},
        "batch": batch,
        "table": _table_name(batch),
        "cells": cells,
        "problems": [_problem(one) for one in batch.rejections.filter(line=int(line))],
    }
    return render(request, "office/rejected_row.html", admin.site.each_context(request) | context)


@require_safe
def errors(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """Hand out the rejected rows to be mended and imported again; who stands in them is logged.

    As CSV or, with `format=xlsx` and up to 20,000 of them, as a workbook.
    """
    batch = _visible(request, public_id)
    user = cast(User, request.user)
    name = f"{batch.register_id}.{batch.kind}.{batch.as_of:%Y-%m-%d}.errors"
    if asks_for_workbook(request) and batch.rejected_count <= MOST_IN_BOOK:
        return xlsx_file(f"{name}.xlsx", error_rows(batch=batch, by=user, page=_ERRORS))
    rows = errors_of(batch=batch, by=user, page=_ERRORS)
    response = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _visible(request: HttpRequest, public_id: UUID) -> Batch:
    """Return a delivery to whoever may import: its rows are people of the whole province."""
    standing = standing_of(request)
    if not standing.sees(Desk.REGISTERS) or not may_import(user=standing.user, day=standing.day):
        raise PermissionDenied
    batches = Batch.objects.select_related("register", "started_by")
    batch = batches.filter(public_id=public_id).first()
    if batch is None:
        raise Http404
    return batch


def _table_name(batch: Batch) -> str:
    declared = FORMATS.get(f"{batch.register_id}.{batch.kind}")
    if declared is None:
        return batch.register.name_vi
    return in_language(declared.name_vi, declared.name_en)


def _told(request: HttpRequest, batch: Batch) -> dict[str, Any]:
    """Return what the changing part of the page shows."""
    turn, live = turn_of(batch), live_of(batch.pk)
    has_ended = not turn.is_moving
    failed = 0 if has_ended or live else failed_tries([batch]).get(batch.pk, 0)
    rejections = batch.rejections.order_by("line", "pk").defer("row_enc") if has_ended else ()
    page = Paginator(rejections, PER_PAGE).get_page(request.GET.get("page"))
    return {
        "batch": batch,
        "fits_in_book": batch.rejected_count <= MOST_IN_BOOK,
        "table": _table_name(batch),
        "turn": turn,
        "sign": sign_of(batch, live=live, failed=failed),
        "step": None if has_ended else step_of(batch, live, failed=failed),
        "encoding": encoding_name(batch.encoding),
        "reasons": [in_language(one["vi"], one["en"]) for one in batch.refusal],
        "held": _held(batch) if turn is Turn.HELD else None,
        "mistakes": [
            (one, in_language(one.reason_vi, one.reason_en), _headings(batch, one.columns))
            for one in mistakes_of(batch=batch)
        ]
        if has_ended
        else [],
        "page": page,
        "problems": [(*_problem(one), *_headings(batch, (one.column,))) for one in page],
    }


def _headings(batch: Batch, names: Iterable[str]) -> list[str]:
    """Return columns as the headings of the table call them; one that is not declared as it is."""
    declared = FORMATS.get(f"{batch.register_id}.{batch.kind}")
    columns = declared.columns if declared else ()
    labels = {one.name: in_language(one.label_vi, one.name) for one in columns}
    labels["*"] = _("the whole row")
    return [labels.get(one, one) for one in names]


def _held(batch: Batch) -> int | None:
    """Return how many facts of the table are held, as the page of its register has it."""
    declared = FORMATS[f"{batch.register_id}.{batch.kind}"]
    return figures_of(declared, day=clock.today()).held


def _problem(one: Any) -> tuple[Any, str]:
    return one, in_language(one.reason_vi, one.reason_en)
