"""The counts of each goal by month, of all units together; from time stamps as they are now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import TruncMonth, TruncYear

from citizens.enums import CredentialStatus, Role
from citizens.models import Credential, Grant
from dossiers.enums import Satisfaction, Status
from dossiers.models import Dossier, Rating
from portal.common import clock
from portal.common.sql import Statement
from portal.reporting.goals.definition import norms
from portal.reporting.models import CountedDossier
from portal.reporting.selectors.settled import Months
from portal.reporting.selectors.waits import limits_kept
from procedures.enums import SuggestionState, TriggerKind, VersionStatus
from procedures.models import RuleVersion, ScanRun, Suggestion

FEWEST = 5
Counts = tuple[int, int]
ByMonth = dict[date, Counts]
_OFFICERS = (Role.RECEPTIONIST, Role.CASE_OFFICER)
_DIGITISED = """
SELECT date_trunc('month', c.filed_on)::date, count(*) FILTER (WHERE NOT EXISTS (
    SELECT 1 FROM dossiers_dossierpaper AS p
    WHERE p.dossier_id = c.dossier_id AND p.satisfied_by = ''
      AND (p.document_id IS NULL OR p.digitised_at > begun.at)
  )), count(*)
FROM reporting_counteddossier AS c
JOIN LATERAL (
  SELECT min(e.happened_at) AS at FROM dossiers_dossierevent AS e
  WHERE e.dossier_id = c.dossier_id AND e.status_after = %s
) AS begun ON begun.at IS NOT NULL
WHERE c.filed_on BETWEEN %s AND %s
GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Load:
    """Dossiers of twelve months and officers of a kind of area (units with an officer only)."""

    zone: str
    units: int
    dossiers: int
    officers: int

    @property
    def each(self) -> float | None:
        """Dossiers an officer, None without one."""
        return self.dossiers / self.officers if self.officers else None


def counted(*, first: date, last: date, today: date) -> dict[str, ByMonth]:
    """Return numerator and denominator of each goal by month (its first day), from month to month.

    `first` and `last` are days of the first and the last month.
    """
    days = (first.replace(day=1), Months.between(last, last, today).last)
    kept = limits_kept(first=days[0], last=days[1])
    found = {name: _by_month(count(*days)) for name, count in _COUNTERS.items()}
    found["waited"] = {month: (part, whole) for month, part, whole, *_served in kept}
    found["served"] = {month: (part, whole) for month, _p, _w, part, whole in kept}
    found["unnoticed"] = _by_month(_unnoticed(days[0], min(days[1], today - timedelta(days=1))))
    return found


def together(by_month: Mapping[date, Counts], months: Months) -> Counts:
    """Return the counts of the months of a period together."""
    within = [one for month, one in by_month.items() if months.first <= month <= months.last]
    return sum(part for part, _whole in within), sum(whole for _part, whole in within)


def loads(*, until: date) -> list[Load]:
    """Return the load of officers in the year that ends with a day, by kind of area."""
    since = until - timedelta(days=364)
    rows = CountedDossier.objects.filter(filed_on__range=(since, until)).order_by()
    dossiers = dict(rows.values_list("unit").annotate(number=Count("*")))
    standing = Grant.objects.standing(until).filter(role__in=_OFFICERS).order_by()
    place = "official__agency__unit"
    officers = standing.values_list(place, f"{place}__zone").annotate(
        number=Count("official", distinct=True)
    )
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for unit, zone, number in officers:
        found[zone].append((dossiers.get(unit, 0), number))
    return [
        Load(
            norm.zone,
            len(found[norm.zone]),
            sum(number for number, _officers in found[norm.zone]),
            sum(number for _dossiers, number in found[norm.zone]),
        )
        for norm in norms()
    ]


def satisfied_by_block(*, until: date) -> dict[tuple[int, str], Counts]:
    """Return satisfied and all answers by year of handing over and level of the office."""
    rows = _handed_over().annotate(year=TruncYear("dossier__returned_at", tzinfo=clock.CIVIL_ZONE))
    rows = rows.filter(dossier__returned_at__lt=_end(until))
    grouped = rows.order_by().values_list("year", "dossier__competent__kind__level")
    return {
        (year.year, level): (part, whole)
        for year, level, part, whole in grouped.annotate(
            part=Count("pk", filter=Q(answer=Satisfaction.SATISFIED)), whole=Count("pk")
        )
    }


def _by_month(rows: Iterable[Any]) -> ByMonth:
    return {
        (clock.civil_date(month) if isinstance(month, datetime) else month): (part or 0, whole or 0)
        for month, part, whole in rows
    }


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), clock.CIVIL_ZONE)


def _end(day: date) -> datetime:
    return _start(day + timedelta(days=1))


def _months_of(rows: QuerySet[Any], column: str, first: date, last: date) -> QuerySet[Any, Any]:
    """Return rows whose moment lies within the days, grouped by its civil month."""
    within = {f"{column}__gte": _start(first), f"{column}__lt": _end(last)}
    month = TruncMonth(column, tzinfo=clock.CIVIL_ZONE, output_field=DateTimeField())
    found: QuerySet[Any, Any] = rows.filter(**within).annotate(of_month=month).order_by()
    return found.values_list("of_month")


def _shares(rows: QuerySet[Any, Any], part: Q) -> Iterable[Any]:
    found: Iterable[Any] = rows.annotate(part=Count("pk", filter=part), whole=Count("pk"))
    return found


def _digitised(first: date, last: date) -> Iterable[Any]:
    return Statement(_DIGITISED, (Status.PROCESSING.value, first, last)).fetch()


def _handed_over() -> QuerySet[Rating]:
    return Rating.objects.filter(dossier__status=Status.RETURNED)


def _satisfied(first: date, last: date) -> Iterable[Any]:
    rows = _months_of(_handed_over(), "dossier__returned_at", first, last)
    return _shares(rows, Q(answer=Satisfaction.SATISFIED))


def _anywhere(first: date, last: date) -> Iterable[Any]:
    rows = Dossier.objects.filter(received_at__isnull=False)
    elsewhere = ~Q(received_at__unit=F("competent__unit"))
    return _shares(_months_of(rows, "submitted_at", first, last), elsewhere)


def _once_only(first: date, last: date) -> Iterable[Any]:
    rows = _months_of(Dossier.objects.filter(field_count__gt=0), "submitted_at", first, last)
    found: Iterable[Any] = rows.annotate(part=Sum("known_field_count"), whole=Sum("field_count"))
    return found


def _accepted(first: date, last: date) -> Iterable[Any]:
    done = (SuggestionState.ACCEPTED, SuggestionState.FULFILLED)
    ended = (*done, SuggestionState.DISMISSED, SuggestionState.EXPIRED)
    rows: QuerySet[Any, Any] = Suggestion.objects.filter(
        state__in=ended, opened_on__range=(first, last)
    )
    rows = rows.annotate(of_month=TruncMonth("opened_on"))
    return _shares(rows.order_by().values_list("of_month"), Q(state__in=done))


def _unnoticed(first: date, last: date) -> Iterable[Any]:
    """Count expired papers of the kinds that a released rule watches today.

    Not those that expired before the portal looked for the first time: it could tell nobody.
    """
    watched = RuleVersion.objects.filter(
        status=VersionStatus.RELEASED,
        rule__kind=TriggerKind.CREDENTIAL_EXPIRY,
        valid__contains=clock.today(),
    )
    told = Suggestion.objects.filter(
        rule__kind=TriggerKind.CREDENTIAL_EXPIRY,
        anchor=OuterRef("pk"),
        opened_on__lte=OuterRef("expires_on"),
    )
    kinds = watched.values_list(KeyTextTransform("credential_kind", "definition"))
    rows: QuerySet[Any, Any] = Credential.objects.expiring_between(first, last).filter(
        kind__in=kinds,
        status=CredentialStatus.VALID,
        holder__citizen__died_on=None,
        expires_on__gte=Subquery(ScanRun.objects.order_by("on_date").values("on_date")[:1]),
    )
    rows = rows.annotate(is_told=Exists(told), of_month=TruncMonth("expires_on"))
    return _shares(rows.order_by().values_list("of_month"), Q(is_told=False))


_COUNTERS: Mapping[str, Callable[[date, date], Iterable[Any]]] = {
    "digitised": _digitised,
    "satisfied": _satisfied,
    "anywhere": _anywhere,
    "once_only": _once_only,
    "accepted": _accepted,
}
