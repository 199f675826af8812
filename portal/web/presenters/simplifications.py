"""Simplifications in words, with cost before and after, and as lines of a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from dossiers.models.dossiers import STATUSES
from portal.reporting.simplifying.costing import Activity, Costed, Measured
from portal.reporting.simplifying.enums import Change
from portal.reporting.simplifying.recording import STEPS, papers_of
from portal.web.presenters.language import either
from portal.web.templatetags.portal_format import amount, grouped

HEADINGS = (
    "simplification", "procedure", "change", "subject", "effective_on", "activity", "hours",
    "hour_value", "other_vnd", "times_before", "fees_before", "cost_before", "times_after",
    "fees_after", "cost_after",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MeasuredTold:
    """What was measured in a period, in words."""

    period: str
    dossiers: str
    half: str
    asked: str


@dataclass(frozen=True, slots=True)
class SimplificationTold:
    """One simplification; costs are "" where too few dossiers are known."""

    number: int
    name: str
    code: str
    what: str
    since: date
    source: str
    before: str
    after: str
    saved: str
    expected: str
    measured_before: MeasuredTold | None
    measured_after: MeasuredTold | None


def told(found: Iterable[Costed]) -> list[SimplificationTold]:
    """Return the simplifications in their order."""
    return [_told(one) for one in found]


def _told(one: Costed) -> SimplificationTold:
    row, is_known = one.row, bool(one.before)
    return SimplificationTold(
        number=row.pk,
        name=either(*one.names),
        code=row.procedure.code,
        what=_what(one),
        since=row.effective_on,
        source=row.source,
        before=amount(one.cost_before) if is_known else "",
        after=amount(one.cost_after) if is_known else "",
        saved=amount(one.cost_before - one.cost_after) if is_known else "",
        expected=_expected(one),
        measured_before=_measured(one.measured_before),
        measured_after=_measured(one.measured_after),
    )


def _what(one: Costed) -> str:
    row = one.row
    word = str(row.get_change_display())
    if row.change == Change.PAPER:
        return f"{word}: {papers_of(procedure=row.procedure).get(row.subject, row.subject)}"
    if row.change == Change.STEP:
        return f"{word}: {dict(STATUSES)[STEPS[row.subject]]}"
    if row.change == Change.FEE:
        return f"{word}: {amount(row.amount or 0)}"
    if row.change == Change.DAYS:
        return _("%(word)s: %(days)s at most") % {
            "word": word,
            "days": _days(24 * (row.amount or 0)),
        }
    return word


def _expected(one: Costed) -> str:
    """Return what half of the dossiers are to take at most, and requests for papers a hundred."""
    was, parts = one.measured_before, []
    if one.row.change == Change.DAYS:
        parts.append(_("no more than %(days)s") % {"days": _days(24 * (one.row.amount or 0))})
    if was is not None and was.per_hundred is not None:
        asked = {each.id: each.times for each in one.after}["answer_request"]
        parts.append(_asked(100 * asked / was.dossiers))
    return ", ".join(parts)


def _asked(per_hundred: float | None) -> str:
    if per_hundred is None:
        return _("papers were asked for afterwards too seldom to be told")
    return _("%(count)s requests for papers in 100 dossiers") % {"count": _decimal(per_hundred)}


def _measured(found: Measured | None) -> MeasuredTold | None:
    if found is None:
        return None
    first, last = found.months.first, found.months.until
    return MeasuredTold(
        period=f"{first:%m/%Y} – {last:%m/%Y}",
        dossiers=grouped(found.dossiers),
        half=_days(found.median_hours),
        asked=_asked(found.per_hundred),
    )


def cells(found: Iterable[Costed]) -> Iterator[Sequence[object]]:
    """Yield the activities as a table: the same words whatever the language of the page."""
    yield HEADINGS
    for one in found:
        row = one.row
        whole = row.pk, row.procedure.code, row.change, row.subject or row.amount or ""
        for before, after in zip(one.before, one.after, strict=True):
            each = before.id, f"{before.hours:g}", f"{before.hour_value:g}", before.other
            yield (*whole, row.effective_on, *each, *_cost(before), *_cost(after))


def _cost(one: Activity) -> Sequence[object]:
    return one.times, one.fees, one.cost


def _days(hours: float) -> str:
    return _("%(days)s days") % {"days": _decimal(hours / 24)}


def _decimal(value: float) -> str:
    return str(number_format(round(value, 1), 1, force_grouping=True))
