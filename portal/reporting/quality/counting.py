"""Numerator and denominator of each indicator by unit, read from the rows as they are now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import TruncDate

from dossiers.enums import PaymentState, PaymentWay, Satisfaction, Status
from dossiers.models import Dossier, DossierPaper, Payment, Result
from dossiers.selectors.savings import returned_between
from portal.common import clock
from portal.reporting.feedback.reading import counts_by_unit
from portal.reporting.models import CountedDossier
from portal.reporting.quality.publications import published_in_time
from portal.reporting.selectors.settled import Months, tallies
from procedures.enums import FilingChannel, VersionStatus
from procedures.models import ProcedureVersion

# Of fewer answers than these in one unit it is not told how many were satisfied.
FEWEST = 5


@dataclass(frozen=True, slots=True)
class Counted:
    """The counts of an indicator: of the whole, and of each unit (by key) that has any.

    A count is (numerator, denominator); `withheld` are the units with too few to be told.
    """

    whole: tuple[int, int]
    by_unit: Mapping[int, tuple[int, int]]
    withheld: frozenset[int] = frozenset()


def counted(*, months: Months) -> dict[str, Counted]:
    """Return the counts of everything that is counted, by name."""
    one_by_one = {name: count(months) for name, count in _COUNTERS.items()}
    return one_by_one | _of_the_whole(months) | _filed(months) | _feedback(months)


def counters() -> frozenset[str]:
    """Return the names of everything that is counted."""
    return frozenset({*_COUNTERS, *_WHOLE, *_FILED, *_OF_FEEDBACK})


def _on_time(months: Months) -> Counted:
    return _summed(
        {unit: (one.in_time, one.counted) for unit, one in tallies(months=months).items()}
    )


def _electronic(months: Months) -> Counted:
    rows = Result.objects.filter(decided_on__range=_days(months))
    signed = Q(document__is_signed=True)
    return _by_unit(rows, "dossier__competent__unit_id", signed)


def _paid_online(months: Months) -> Counted:
    day = TruncDate("paid_at", tzinfo=clock.CIVIL_ZONE)
    paid = (PaymentState.PAID, PaymentState.REFUNDED)
    rows = Payment.objects.filter(state__in=paid, amount_vnd__gt=0).annotate(paid_on=day)
    rows = rows.filter(paid_on__gte=months.first, paid_on__lte=months.last)
    return _by_unit(rows, "dossier__competent__unit_id", Q(way=PaymentWay.BANK_TRANSFER))


def _satisfied(months: Months) -> Counted:
    handed_over = Dossier.objects.filter(status=Status.RETURNED, rating__isnull=False)
    rows = returned_between(handed_over, *_days(months))
    found = _by_unit(rows, "competent__unit_id", Q(rating__answer=Satisfaction.SATISFIED))
    told = {unit: count for unit, count in found.by_unit.items() if count[1] >= FEWEST}
    return Counted(found.whole, told, frozenset(found.by_unit.keys() - told.keys()))


def _of_the_whole(months: Months) -> dict[str, Counted]:
    """Return what is the same everywhere, in one query: publications, and the catalogue.

    The catalogue counts as it was on the last day of the months.
    """
    day = _days(months)[1]
    rows = ProcedureVersion.objects.filter(status=VersionStatus.RELEASED, valid__contains=day)
    online = Q(definition__channels__contains=[FilingChannel.ONLINE])
    catalogue = rows.order_by().values_list(Value("procedures_online"))
    counts = catalogue.annotate(part=Count("pk", filter=online), whole=Count("pk"))
    both = counts.union(published_in_time(months=months), all=True)
    return {name: Counted((part, whole), {}) for name, part, whole in both}


_COUNTERS: Mapping[str, Callable[[Months], Counted]] = {
    "on_time": _on_time,
    "electronic_result": _electronic,
    "paid_online": _paid_online,
    "satisfied": _satisfied,
}


# Of the dossiers filed in the months: which of them count, and which of these are in.
_FILED: Mapping[str, tuple[Q, Q]] = {
    "digitised": (Q(dossier__clock_started_on__isnull=False), Q(is_complete=True)),
    "reused": (Q(dossier__field_count__gt=0), Q(dossier__known_field_count__gt=0)),
    "filed_online": (Q(pk__isnull=False), Q(dossier__channel=FilingChannel.ONLINE)),
}


def _filed(months: Months) -> dict[str, Counted]:
    """Return the counts of what was filed: one query, for all of them are of the same rows."""
    lacking = DossierPaper.objects.filter(
        dossier=OuterRef("dossier"), satisfied_by="", document=None
    )
    rows = CountedDossier.objects.filter(filed_on__range=_days(months))
    rows = rows.annotate(is_complete=~Exists(lacking))
    sums = {}
    for name, (among, part) in _FILED.items():
        sums[f"{name}_part"] = Count("pk", filter=among & part)
        sums[f"{name}_whole"] = Count("pk", filter=among)
    found: list[Any] = list(rows.order_by().values("unit_id").annotate(**sums))
    return {
        name: _summed(
            {
                row["unit_id"]: (row[f"{name}_part"], row[f"{name}_whole"])
                for row in found
                if row[f"{name}_whole"]
            }
        )
        for name in _FILED
    }


_WHOLE = ("procedures_online", "published_on_time")
_OF_FEEDBACK = ("feedback_on_time", "feedback_satisfaction")


def _feedback(months: Months) -> dict[str, Counted]:
    """Return both counts of feedback: one query. What names no unit counts in the whole only."""
    rows = counts_by_unit(months=months)
    whole = sum(number for _unit, _in_time, _well, number in rows)
    told = {unit: (in_time, well, number) for unit, in_time, well, number in rows if unit}
    few = frozenset(unit for unit, (_in_time, _well, number) in told.items() if number < FEWEST)
    on_time, satisfaction = _OF_FEEDBACK
    return {
        on_time: Counted(
            (sum(row[1] for row in rows), whole),
            {unit: (in_time, number) for unit, (in_time, _well, number) in told.items()},
        ),
        satisfaction: Counted(
            (sum(row[2] for row in rows), whole),
            {unit: (well, number) for unit, (_, well, number) in told.items() if unit not in few},
            few,
        ),
    }


def _days(months: Months) -> tuple[date, date]:
    return months.first, months.last


def _by_unit(rows: QuerySet[Any, Any], unit: str, part: Q) -> Counted:
    grouped = rows.order_by().annotate(of_unit=F(unit)).values_list("of_unit")
    counts = grouped.annotate(part=Count("pk", filter=part), whole=Count("pk"))
    return _summed({key: (number, whole) for key, number, whole in counts})


def _summed(by_unit: Mapping[int, tuple[int, int]]) -> Counted:
    part = sum(one[0] for one in by_unit.values())
    return Counted((part, sum(one[1] for one in by_unit.values())), by_unit)
