"""What complying with a procedure costs people in a year, before a simplification and after it.

The formula of the Standard Cost Model: over all activities (hours × value of an hour + fee + other
cost) × how often in a year. How often is counted, of the dossiers settled in twelve months; hours
and values are the assumptions. In Vietnam Circular 03/2022/TT-BTP has such a formula; its text is
not held by the project, so the reading is unverified.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from dossiers.enums import Status
from portal.common import clock
from portal.common.sql import Statement
from portal.reporting.selectors.assumptions import Assumption, assumptions
from portal.reporting.selectors.burdens import Burden, burdens
from portal.reporting.selectors.settled import Months
from portal.reporting.simplifying.enums import Change
from portal.reporting.simplifying.models import Simplification
from portal.reporting.simplifying.recording import STEPS
from procedures.enums import FilingChannel
from procedures.models import ProcedureVersion

_Assumed = Mapping[str, Assumption]
_WAY = """
SELECT count(*) FILTER (WHERE d.channel = %s), count(*) FILTER (WHERE d.fee_vnd > 0),
  coalesce(sum(d.fee_vnd), 0), coalesce(sum(least(d.fee_vnd, %s::bigint)), 0)
FROM reporting_counteddossier AS c JOIN dossiers_dossier AS d ON d.id = c.dossier_id
WHERE c.procedure = %s AND c.finished_on BETWEEN %s AND %s
"""


@dataclass(frozen=True, slots=True)
class Activity:
    """One thing people do: how often in the period, hours each, and money each beside the hours.

    `fees` is the sum of fees paid; it is of no number of times.
    """

    id: str
    times: int
    hours: float = 0
    other: int = 0
    fees: int = 0
    hour_value: float = 0

    @property
    def cost(self) -> int:
        """What all of them cost, in VND."""
        return round(self.times * (self.hours * self.hour_value + self.other)) + self.fees


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of the dossiers settled in some months.

    `per_hundred` is None where papers were asked for so seldom that it is not told.
    """

    months: Months
    dossiers: int
    median_hours: float
    per_hundred: float | None


@dataclass(frozen=True, slots=True)
class Costed:
    """A simplification with its activities before and after; both empty where too few are known.

    `after` is the expectation; `measured_before` and `measured_after` are what was counted, the
    latter None until enough dossiers were settled since.
    """

    row: Simplification
    names: tuple[str, str]
    before: tuple[Activity, ...]
    after: tuple[Activity, ...]
    measured_before: Measured | None
    measured_after: Measured | None

    @property
    def cost_before(self) -> int:
        """What complying cost in twelve months, in VND."""
        return sum(one.cost for one in self.before)

    @property
    def cost_after(self) -> int:
        """What it is expected to cost."""
        return sum(one.cost for one in self.after)


def costed(rows: Iterable[Simplification], *, today: date) -> list[Costed]:
    """Return the simplifications with what they save, in their order."""
    rows = list(rows)
    known: dict[Months, Mapping[str, Burden]] = {}
    versions = ProcedureVersion.objects.filter(procedure__in=[row.procedure_id for row in rows])
    named = versions.order_by("number").values_list("procedure_id", "name_vi", "name_en")
    names = {procedure: (vi, en) for procedure, vi, en in named}

    def burden(months: Months | None, code: str) -> Burden | None:
        if months is None:
            return None
        if months not in known:
            known[months] = {one.procedure: one for one in burdens(months=months)}
        return known[months].get(code)

    found = []
    for row in rows:
        code, before, after = row.procedure.code, year_before(row, today), since(row, today)
        then, later = burden(before, code), burden(after, code)
        name = names.get(row.procedure_id, (code, code))
        found.append(_costed(row, name, (before, after), then, later))
    return found


def year_before(row: Simplification, today: date) -> Months:
    """Return the twelve whole months before it takes effect, or before today."""
    last = min(row.effective_on, today).replace(day=1) - timedelta(days=1)
    first = (last.replace(day=1, year=last.year - 1) + timedelta(days=31)).replace(day=1)
    return Months.between(first, last, today)


def since(row: Simplification, today: date) -> Months | None:
    """Return the months that began on its day or later, a year at most; None before the first."""
    first = row.effective_on
    if first.day > 1:
        first = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
    if first > today:
        return None
    return Months.between(first, min(today, first + timedelta(days=364)), today)


def _costed(
    row: Simplification,
    name: tuple[str, str],
    periods: tuple[Months, Months | None],
    then: Burden | None,
    later: Burden | None,
) -> Costed:
    before, after = periods
    measured_after = _measured(after, later) if after and later else None
    if then is None:
        return Costed(row, name, (), (), None, measured_after)
    assumed = assumptions(day=clock.civil_date(row.at))
    activities = _activities(row, then, before, assumed)
    return Costed(
        row,
        name,
        tuple(one for one, _later in activities),
        tuple(one for _then, one in activities),
        _measured(before, then),
        measured_after,
    )


def _measured(months: Months, burden: Burden) -> Measured:
    asked = _times(burden, Status.SUPPLEMENT_REQUESTED)
    part = 100 * asked / burden.dossiers if asked else None
    return Measured(months, burden.dossiers, burden.median, part)


def _times(burden: Burden, status: Status) -> int:
    return sum(one.times for one in burden.steps if one.status == status)


def _activities(
    row: Simplification, burden: Burden, months: Months, assumed: _Assumed
) -> list[tuple[Activity, Activity]]:
    """Return every activity as it was, and as it is to be."""
    lower = row.amount if row.change == Change.FEE else None
    asked = (FilingChannel.DIRECT.value, lower, row.procedure.code, months.first, months.last)
    ((visits, _paying, fees, lowered),) = Statement(_WAY, asked).fetch()
    dropped = STEPS.get(row.subject) if row.change == Change.STEP else None
    gone = [one for one in burden.papers if row.change == Change.PAPER and one.code == row.subject]
    handed = sum(one.handed for one in burden.papers)
    requests = _times(burden, Status.SUPPLEMENT_REQUESTED)
    payments = _times(burden, Status.PAYMENT_REQUESTED)
    spared = sum(one.alone for one in gone)
    to_come = {
        "fetch_paper": handed - sum(one.handed for one in gone),
        "answer_request": 0 if dropped == Status.SUPPLEMENT_REQUESTED else requests - spared,
        "pay": 0 if dropped == Status.PAYMENT_REQUESTED else payments,
        "go_there": 0 if row.change == Change.ONLINE else visits,
    }
    times = {
        "fetch_paper": handed, "answer_request": requests, "pay": payments, "go_there": visits,
    }  # fmt: skip
    found = [
        (_activity(name, times[name], assumed), _activity(name, max(0, count), assumed))
        for name, count in to_come.items()
    ]
    kept = fees if lower is None else lowered
    return [*found, (Activity("fees", 0, fees=int(fees)), Activity("fees", 0, fees=int(kept)))]


def _activity(name: str, times: int, assumed: _Assumed) -> Activity:
    other = round(assumed["travel"].value) if name == "go_there" else 0
    value = assumed["citizen_hour"].value
    return Activity(name, times, assumed[name].value, other, hour_value=value)
