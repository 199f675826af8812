"""The base registers: how fresh, how complete, how clean each is, and the addresses of the desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from citizens.models import User
from citizens.registers.overview import Overview, register_overviews
from citizens.selectors.batches import held_batches, may_import
from portal.office import batch_page, register_page
from portal.office.register_words import in_language
from portal.office.roles import Desk
from portal.office.standing import standing_of
from portal.office.table_files import table_file

View = Callable[..., HttpResponseBase]
Door = Callable[[Callable[..., Any]], View]


def urls(guarded: Door) -> list[URLPattern]:
    """Return the pages of this desk, each behind the door that `guarded` puts in front."""
    batch = "registers/deliveries/<uuid:public_id>/"
    return [
        path("registers/", guarded(show_registers), name="office_registers"),
        path("registers/file/", guarded(registers_file), name="office_registers_file"),
        path(batch, guarded(batch_page.show), name="office_batch"),
        path(f"{batch}progress/", guarded(batch_page.progress), name="office_batch_progress"),
        path(f"{batch}word/", guarded(batch_page.take_word), name="office_batch_word"),
        path(f"{batch}row/", guarded(batch_page.show_row), name="office_batch_row"),
        path(f"{batch}errors.csv", guarded(batch_page.errors), name="office_batch_errors"),
        path(
            "registers/<slug:code>/",
            # The form's token is checked by the page itself, which first says where a file goes.
            csrf_exempt(guarded(register_page.show)),
            name="office_register",
        ),
        path(
            "registers/<slug:code>/template/<slug:kind>/",
            guarded(register_page.template_file),
            name="office_register_template",
        ),
    ]


@require_safe
def show_registers(request: HttpRequest) -> HttpResponse:
    """Show one row a register."""
    overviews = _overviews(request)
    user, day = cast(User, request.user), standing_of(request).day
    context = {
        "title": _("Base registers"),
        "overviews": overviews,
        "stale_count": sum(not one.is_fresh for one in overviews if one.newest_on),
        "silent_count": sum(one.newest_on is None for one in overviews),
        "held": list(held_batches().select_related("register"))
        if may_import(user=user, day=day)
        else [],
        "is_fullwidth": "1",
    }
    return render(request, "office/registers.html", admin.site.each_context(request) | context)


@require_safe
def registers_file(request: HttpRequest) -> HttpResponse:
    """Hand out the same figures as a file, each share with its numerator and denominator."""
    rows: list[tuple[object, ...]] = [tuple(str(head) for head in _HEADINGS)]
    for one in _overviews(request):
        rows += _cells(one)
    return table_file(request, "co-so-du-lieu-goc", rows)


def _overviews(request: HttpRequest) -> list[Overview]:
    standing = standing_of(request)
    if not standing.sees(Desk.REGISTERS):
        raise PermissionDenied
    return register_overviews(day=standing.day)


_HEADINGS = (
    gettext_lazy("register"),
    gettext_lazy("name"),
    gettext_lazy("owner"),
    gettext_lazy("who answers for it here"),
    gettext_lazy("as of"),
    gettext_lazy("fresh for (days)"),
    gettext_lazy("table"),
    gettext_lazy("facts held"),
    gettext_lazy("measure"),
    gettext_lazy("numerator"),
    gettext_lazy("denominator"),
    gettext_lazy("open discrepancies"),
    gettext_lazy("rows of the last delivery"),
    gettext_lazy("rejected"),
)


def _cells(one: Overview) -> Iterator[tuple[object, ...]]:
    register, last = one.register, one.last
    head = (
        register.code,
        in_language(register.name_vi, register.name_en),
        register.owner_vi,
        register.steward_kind or "",
        f"{one.newest_on:%d/%m/%Y}" if one.newest_on else "",
        register.max_age_days,
    )
    tail: tuple[Any, ...] = (
        one.open_cases,
        *((last.row_count, last.rejected_count) if last else ("", "")),
    )
    for table in one.tables:
        held = "" if table.held is None else table.held
        yield (*head, table.declared.kind, held, "", "", "", *tail)
        for share in table.shares:
            label = in_language(share.measure.label_vi, share.measure.label_en)
            measured = (label, share.numerator, share.denominator)
            yield (*head, table.declared.kind, held, *measured, *tail)
