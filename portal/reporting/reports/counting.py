"""What a report counts: the map's own figures, of a unit's week or an office's month."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, F, Func, IntegerField, Q

from portal.reporting.models import CountedDossier
from portal.reporting.reports.activity import Activity, activity
from portal.reporting.reports.enums import Span
from portal.reporting.selectors.settled import Months, Tally, carried
from portal.reporting.selectors.unit_work import Spread, spread_of

# Whose dossiers they are: of the unit whose office decides, or of that office.
_KEYS = {Span.WEEK: "unit", Span.MONTH: "dossier__competent"}


@dataclass
class Counted:
    """One unit's or office's dossiers of a period: by field, how long they took, and before it."""

    fields: dict[str, Tally] = field(default_factory=dict)
    days: dict[int, int] = field(default_factory=dict)
    before: Tally = field(default_factory=Tally)
    activity: Activity = field(default_factory=Activity)
    activity_before: Activity = field(default_factory=Activity)

    @property
    def whole(self) -> Tally:
        """All fields together."""
        return sum(self.fields.values(), Tally())

    @property
    def spread(self) -> Spread | None:
        """Calendar days from filing to settling; None where nothing was settled."""
        return spread_of(self.days)


def ended_before(day: date, span: Span) -> Months:
    """Return the newest week or month that has ended when `day` begins."""
    if span is Span.WEEK:
        last = day - timedelta(days=day.isoweekday())
        return Months(last - timedelta(days=6), last, last)
    last = day.replace(day=1) - timedelta(days=1)
    return Months(last.replace(day=1), last, last)


def counted(*, span: Span, period: Months) -> dict[int, Counted]:
    """Return what each unit (of a week) or office (of a month), by key, has to report."""
    found: dict[int, Counted] = defaultdict(Counted)
    for (key, name), tally in _tallies(_KEYS[span], period).items():
        found[key].fields[name] = tally
    for key, taken, number in _days(_KEYS[span], period):
        found[key].days[taken] = number
    earlier = ended_before(period.first, span)
    for (key, _name), tally in _tallies(_KEYS[span], earlier).items():
        if key in found:
            found[key].before += tally
    now, then = (activity(span=span, period=one) for one in (period, earlier))
    for key, one in found.items():
        one.activity, one.activity_before = now.get(key, Activity()), then.get(key, Activity())
    return dict(found)


def _tallies(key: str, period: Months) -> dict[tuple[int, str], Tally]:
    """Return tallies by key and field, by the conditions of the map (two queries)."""
    found: dict[tuple[int, str], Tally] = defaultdict(Tally)
    settled = Q(finished_on__range=(period.first, period.last))
    done = CountedDossier.objects.filter(settled).order_by()
    for one, name, outcome, count in done.values_list(key, "field", "outcome").annotate(
        number=Count("*")
    ):
        found[one, name] += Tally(**{outcome: count})
    still = CountedDossier.objects.filter(carried(period)).order_by()
    for one, name, count in still.values_list(key, "field").annotate(number=Count("*")):
        found[one, name] += Tally(overdue=count)
    return found


def _days(key: str, period: Months) -> list[tuple[int, int, int]]:
    taken = Func(
        F("finished_on"),
        F("filed_on"),
        template="(%(expressions)s)",
        arg_joiner=" - ",
        output_field=IntegerField(),
    )
    rows = CountedDossier.objects.filter(finished_on__range=(period.first, period.last)).order_by()
    told = rows.annotate(taken=taken).values_list(key, "taken").annotate(number=Count("*"))
    return list(told)
