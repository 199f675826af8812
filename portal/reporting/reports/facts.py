"""What stands in both files of a report, in Vietnamese, with each figure's definition."""

from __future__ import annotations

from datetime import date
from typing import Any

from citizens.models import Agency, Unit
from portal.reporting.reports.activity import meanings
from portal.reporting.reports.counting import Counted
from portal.reporting.reports.enums import Span
from portal.reporting.selectors.definitions import definitions
from portal.reporting.selectors.settled import Months, Tally

_TITLES = {
    Span.WEEK: "Báo cáo tuần về giải quyết thủ tục hành chính",
    Span.MONTH: "Báo cáo tháng về giải quyết thủ tục hành chính",
}
_SHOWN = {"on_time_share": "in_time", "early": "early", "late": "late", "overdue": "overdue"}


def facts_of(
    counted: Counted, *, span: Span, period: Months, whose: Unit | Agency, today: date
) -> dict[str, Any]:
    """Return the facts of a report as JSON values; counts are numbers, shares text ("92,91 %")."""
    whole = counted.whole
    return {
        "title": _TITLES[span],
        "agency": whose.name_vi,
        "place": "Đà Nẵng",
        "date": f"ngày {today.day:02d} tháng {today.month:02d} năm {today.year}",
        "period": period_words(period, span),
        "figures": [
            *(_figure(one, whole, counted.before) for one in _SHOWN),
            _active(counted),
        ],
        "fields": [_line(name, tally) for name, tally in sorted(counted.fields.items())],
        "no_term": whole.no_term,
        "days": _days(counted),
    }


def period_words(period: Months, span: Span) -> str:
    """Return a period in words, as in the heading."""
    if span is Span.MONTH:
        return f"tháng {period.first:%m/%Y}"
    return f"từ {period.first:%d/%m/%Y} đến {period.last:%d/%m/%Y}"


def share_words(numerator: int, denominator: int) -> str:
    """Return a share with two places as it is written in Vietnamese; a dash of nothing."""
    if not denominator:
        return "–"
    return f"{numerator / denominator:.2%}".replace(".", ",").replace("%", " %")


def _figure(key: str, whole: Tally, before: Tally) -> dict[str, Any]:
    meant, count = definitions()[key], _SHOWN[key]
    numerator, earlier = getattr(whole, count), getattr(before, count)
    return {
        "id": key,
        "name": meant["name_vi"],
        "numerator": numerator,
        "denominator": whole.counted,
        "share": share_words(numerator, whole.counted),
        "before": share_words(earlier, before.counted),
        "before_counts": f"{earlier} / {before.counted}",
        "sentence": meant["sentence_vi"],
        "numerator_words": meant["numerator_vi"],
        "denominator_words": definitions()["on_time_share"]["denominator_vi"],
        "source": meant["source_vi"],
    }


def _active(counted: Counted) -> dict[str, Any]:
    meant, now, then = meanings()["officers_active"], counted.activity, counted.activity_before
    return {
        "id": "officers_active",
        "name": meant["name_vi"],
        "numerator": now.active,
        "denominator": now.officers,
        "share": share_words(now.active, now.officers),
        "before": share_words(then.active, then.officers),
        "before_counts": f"{then.active} / {then.officers}",
        "sentence": meant["sentence_vi"],
        "numerator_words": meant["numerator_vi"],
        "denominator_words": meant["denominator_vi"],
        "source": meant["source_vi"],
    }


def _line(name: str, tally: Tally) -> dict[str, Any]:
    return {
        "field": name,
        "early": tally.early,
        "on_time": tally.on_time,
        "late": tally.late,
        "overdue": tally.overdue,
        "in_time": tally.in_time,
        "counted": tally.counted,
        "share": share_words(tally.in_time, tally.counted),
    }


def _days(counted: Counted) -> dict[str, Any] | None:
    spread = counted.spread
    if spread is None:
        return None
    return {
        "number": spread.number,
        "half": spread.half,
        "nine_in_ten": spread.nine_in_ten,
        "mean": f"{spread.mean:.1f}".replace(".", ","),
        "sentence": definitions()["processing_days"]["sentence_vi"],
    }
