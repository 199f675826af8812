"""Fees of a period: a list, the sums per day and agency, and both as files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from citizens.models import Unit
from dossiers.models import Payment
from dossiers.payments.lists import day_sums, payments_in
from portal.common import clock
from portal.office.periods import asked_days
from portal.office.roles import Desk
from portal.office.standing import standing_of
from portal.office.table_files import table_file

PER_PAGE = 30


def urls(guarded: Callable[..., Any]) -> list[URLPattern]:
    """Return the pages, each behind the door that `guarded` puts in front."""
    return [
        path("payments/", guarded(show_list), name="office_payments"),
        path("payments/file/", guarded(list_file), name="office_payments_file"),
        path("payments/sums/", guarded(sums_file), name="office_payments_sums"),
    ]


@dataclass(frozen=True)
class Wish:
    """The units of the official and the civil days asked for, at most a year."""

    units: QuerySet[Unit]
    first: date
    last: date

    @classmethod
    def of(cls, request: HttpRequest) -> Wish:
        """Read the query string; what is no day falls back to the last thirty."""
        standing = standing_of(request)
        if not standing.sees(Desk.PAYMENTS):
            raise PermissionDenied
        first, last = asked_days(request, standing.day)
        return cls(standing.units_of(Desk.PAYMENTS), first, last)

    def payments(self) -> QuerySet[Payment]:
        """Return the payments asked for."""
        return payments_in(units=self.units, first=self.first, last=self.last)


@require_safe
def show_list(request: HttpRequest) -> HttpResponse:
    """Show the fees of a period and what they sum up to."""
    wish = Wish.of(request)
    sums = day_sums(units=wish.units, first=wish.first, last=wish.last)
    context = {
        "title": _("Fees"),
        "wish": wish,
        "page": Paginator(wish.payments(), PER_PAGE).get_page(request.GET.get("page")),
        "sums": sums,
        "taken": sum(one.taken_vnd for one in sums),
        "returned": sum(one.returned_vnd for one in sums),
        "net": sum(one.net_vnd for one in sums),
        "is_fullwidth": "1",
    }
    return render(request, "office/payments.html", admin.site.each_context(request) | context)


@require_safe
def list_file(request: HttpRequest) -> HttpResponse:
    """Hand out the list as a file: codes, amounts and instants, no names."""
    wish = Wish.of(request)
    rows = (tuple(_cells(payment)) for payment in wish.payments().iterator())
    return table_file(request, "phi-le-phi", [tuple(map(str, _HEADINGS)), *rows])


@require_safe
def sums_file(request: HttpRequest) -> HttpResponse:
    """Hand out the sums as a file; whoever adds up the list comes to the same."""
    wish = Wish.of(request)
    sums = day_sums(units=wish.units, first=wish.first, last=wish.last)
    rows = [
        (f"{one.day:%d/%m/%Y}", one.agency, one.taken_count, one.taken_vnd, one.returned_count,
         one.returned_vnd, one.net_vnd)
        for one in sums
    ]  # fmt: skip
    return table_file(request, "phi-theo-ngay", [tuple(map(str, _SUM_HEADINGS)), *rows])


_HEADINGS = (
    gettext_lazy("dossier"), gettext_lazy("agency"), gettext_lazy("amount (đ)"),
    gettext_lazy("fee by"), gettext_lazy("state"), gettext_lazy("way of payment"),
    gettext_lazy("content of the transfer"), gettext_lazy("transaction"),
    gettext_lazy("receipt number"), gettext_lazy("asked at"), gettext_lazy("paid at"),
    gettext_lazy("refunded at"),
)  # fmt: skip
_SUM_HEADINGS = (
    gettext_lazy("day"), gettext_lazy("agency"), gettext_lazy("fees paid"),
    gettext_lazy("paid (đ)"), gettext_lazy("fees given back"), gettext_lazy("given back (đ)"),
    gettext_lazy("stayed (đ)"),
)  # fmt: skip


def _cells(payment: Payment) -> Iterator[object]:
    yield payment.dossier.code
    yield payment.dossier.competent.name_vi
    yield payment.amount_vnd
    yield payment.basis
    yield payment.get_state_display()
    yield payment.get_way_display()
    yield payment.reference
    yield payment.transaction
    yield payment.receipt_number
    yield from map(_instant, (payment.asked_at, payment.paid_at, payment.refunded_at))


def _instant(at: datetime | None) -> str:
    return f"{clock.civil_time(at):%d/%m/%Y %H:%M}" if at else ""
