"""Public figures of settlement: the map, what they mean, what others printed, the rows."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.common import clock
from portal.common.downloads import csv_file, streamed_csv
from portal.reporting.selectors.definitions import definitions
from portal.reporting.selectors.kept import newest_kept
from portal.reporting.selectors.reported import reported_rows, reported_tallies, tally_of
from portal.reporting.selectors.settled import (
    Months,
    fields_counted,
    first_month,
    tallies,
)
from portal.reporting.selectors.source_rows import digest_of, file_of, source_rows
from portal.reporting.selectors.units import former_districts, units_counted
from portal.web.access import public
from portal.web.presenters import enforcement as shown
from portal.web.presenters.language import either
from portal.web.presenters.map_drawing import drawing

_ON_A_PAGE = 50


@public
@require_safe
def enforcement_map(request: HttpRequest) -> HttpResponse:
    """Show what each unit settles early or on time, in a period, of all fields or of one."""
    today = clock.today()
    months, field = asked(request, today)
    is_reported = request.GET.get("counts") == "reported"
    read = reported_tallies if is_reported else tallies
    now = read(months=months, field=field)
    before = read(months=months.a_year_before(), field=field)
    units, groups = units_counted(day=today), former_districts()
    query = query_of(months, field, is_reported=is_reported)
    return render(
        request,
        "web/map.html",
        {
            "total": shown.total(now.values()),
            "told": shown.told(shown.total(now.values())),
            "before": shown.total(before.values()),
            "period": shown.period_told(months),
            "until": months.until,
            "drawing": drawing(units, now, query),
            "steps": shown.steps_told(),
            "lines": shown.ranked(units, now, before, groups, query),
            "groups": shown.by_group(units, now, before, groups),
            "periods": shown.periods(months, today, first_month()),
            "fields": shown.field_options(fields_counted(), field),
            "is_reported": is_reported,
            "kept": newest_kept(first=months.first, last=months.last),
            "query": query,
        },
    )


@public
@require_safe
def meanings(request: HttpRequest) -> HttpResponse:
    """Say what each figure means: numerator, denominator, what is carried over, the source."""
    lines = [
        {
            name.removesuffix("_vi"): either(one[name], one[name[:-3] + "_en"])
            for name in one
            if name.endswith("_vi")
        }
        | {"id": one["id"], "marked": one["marked"]}
        for one in definitions().values()
    ]
    return render(request, "web/map_meanings.html", {"lines": lines})


@public
@require_safe
def reported(request: HttpRequest) -> HttpResponse:
    """Show what other systems printed beside what their own counts give."""
    page = Paginator(reported_rows(), _ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [{"row": row, "tally": tally_of(row)} for row in page]
    return render(request, "web/map_reported.html", {"page": page, "rows": rows})


@public
@require_safe
def figures_file(request: HttpRequest) -> HttpResponseBase:
    """Hand out the counts of the map as CSV, with the digest of the rows that they are of."""
    today = clock.today()
    months, field = asked(request, today)
    digest = digest_of(source_rows(months=months, field=field))
    now = tallies(months=months, field=field)
    lines = shown.figures(units_counted(day=today), now, digest)
    return csv_file("giai-quyet-ho-so.csv", lines)


@public
@require_safe
def rows_file(request: HttpRequest) -> HttpResponseBase:
    """Hand out the rows behind the map as CSV: from them anybody can count again."""
    months, field = asked(request, clock.today())
    rows = source_rows(months=months, field=field)
    return streamed_csv("ho-so-duoc-tinh.csv", file_of(rows), digest=digest_of(rows))


def asked(request: HttpRequest, today: date) -> tuple[Months, str]:
    """Return the period and the field ("" for all) that an address names."""
    months = shown.months_of(request.GET.get("period", ""), today)
    return months, request.GET.get("field", "")[:200].replace("\x00", "")


def query_of(months: Months, field: str, *, is_reported: bool) -> str:
    """Return the part of an address that names period and field."""
    named: dict[str, Any] = {"period": shown.value_of(months)}
    if field:
        named["field"] = field
    if is_reported:
        named["counts"] = "reported"
    return f"?{urlencode(named)}"
