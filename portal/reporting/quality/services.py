"""A score of each online service, of a hundred points, with the counts that make it.

Of the dossiers that were filed online alone. Of fewer than five dossiers or answers nothing is
told, and nothing is put in the place of what is not counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from dossiers.enums import Satisfaction, Status
from dossiers.models import SupplementRequest
from portal.reporting.enums import Outcome
from portal.reporting.models import CountedDossier
from portal.reporting.quality.definition import QualityDataError
from portal.reporting.selectors.settled import Months, carried
from procedures.enums import FilingChannel, VersionStatus
from procedures.models import ProcedureVersion

FEWEST = 5
WHOLE = 100
_FILE = Path(__file__).parents[1] / "data/service_quality.yaml"
_IN_TIME = (Outcome.EARLY, Outcome.ON_TIME)
_WITH_TERM = (*_IN_TIME, Outcome.LATE)
_Rows = QuerySet[Any, Any]


@dataclass(frozen=True, slots=True)
class ServiceIndicator:
    """One indicator; `counted` is "" where nothing is counted, `missing` says why."""

    id: str
    points: Fraction
    since: date
    name_vi: str
    name_en: str
    formula_vi: str
    formula_en: str
    counted: str = ""
    reason_vi: str = ""
    reason_en: str = ""
    missing_vi: str = ""
    missing_en: str = ""


@dataclass(frozen=True, slots=True)
class ServiceCount:
    """An indicator of a service: `whole` is 0 without data, also where there are too few."""

    indicator: ServiceIndicator
    part: int = 0
    whole: int = 0
    is_withheld: bool = False

    @property
    def points(self) -> Fraction | None:
        """The points reached, None without data."""
        return Fraction(self.part, self.whole) * self.indicator.points if self.whole else None

    @property
    def lost(self) -> Fraction:
        """The points that were there and were not reached."""
        points = self.points
        return Fraction() if points is None else self.indicator.points - points


@dataclass(frozen=True, slots=True)
class ServiceScore:
    """An online service with its counts, in the order of the data."""

    code: str
    name_vi: str
    name_en: str
    counts: tuple[ServiceCount, ...]

    @property
    def within(self) -> Fraction:
        """The points that what is counted could reach."""
        return sum((one.indicator.points for one in self.counts if one.whole), Fraction())

    @property
    def reached(self) -> Fraction:
        """The points that it reached."""
        return sum((one.points or Fraction() for one in self.counts), Fraction())

    @property
    def score(self) -> Fraction | None:
        """The score from 0 to 100 by what can be counted, None where nothing can."""
        return WHOLE * self.reached / self.within if self.within else None

    @property
    def worst(self) -> ServiceCount | None:
        """The indicator that lost most points, None where none was lost."""
        lost = [one for one in self.counts if one.lost]
        return max(lost, key=lambda one: one.lost, default=None)


def indicators_on(day: date) -> tuple[ServiceIndicator, ...]:
    """Return the indicators that hold on `day`, none before the first entry."""
    found = tuple(
        _made(row)
        for row in _read()
        if row["valid"][0] <= day and (row["valid"][1] is None or day < row["valid"][1])
    )
    if found and sum(one.points for one in found) != WHOLE:
        raise QualityDataError("The indicators of services make no hundred points.")
    return found


def service_scores(*, months: Months, day: date) -> list[ServiceScore]:
    """Return the online services of the catalogue, the lowest score first, then those without.

    By the indicators and the catalogue that hold on `day`.
    """
    indicators = indicators_on(day)
    named = {one.counted for one in indicators if one.counted}
    counts = {name: _COUNTERS[name](months) for name in named}
    found = [
        ServiceScore(code, vi, en, tuple(_counts(code, indicators, counts)))
        for code, vi, en in _services(day)
    ]
    return sorted(found, key=lambda one: (one.score is None, one.score or Fraction(), one.code))


def counters() -> frozenset[str]:
    """Return the names of everything that is counted."""
    return frozenset(_COUNTERS)


@lru_cache(maxsize=1)
def _read() -> tuple[dict[str, Any], ...]:
    return tuple(yaml.safe_load(_FILE.read_text(encoding="utf-8"))["indicators"])


def _made(row: Mapping[str, Any]) -> ServiceIndicator:
    known = {one.name for one in fields(ServiceIndicator)} - {"since"} | {"valid"}
    if unknown := row.keys() - known:
        raise QualityDataError(f"{row['id']}: {', '.join(sorted(unknown))}")
    given = {name: value for name, value in row.items() if name not in ("valid", "points")}
    return ServiceIndicator(points=Fraction(row["points"]), since=row["valid"][0], **given)


def _services(day: date) -> Iterable[tuple[str, str, str]]:
    """Return code and names of the procedures that can be filed online on `day`."""
    rows = ProcedureVersion.objects.filter(status=VersionStatus.RELEASED, valid__contains=day)
    online = rows.filter(definition__channels__contains=[FilingChannel.ONLINE])
    return online.order_by("procedure__code").values_list("procedure__code", "name_vi", "name_en")


def _counts(
    code: str,
    indicators: Iterable[ServiceIndicator],
    counts: Mapping[str, Mapping[str, tuple[int, int, int]]],
) -> Iterable[ServiceCount]:
    for one in indicators:
        part, whole, people = counts.get(one.counted, {}).get(code, (0, 0, 0))
        if people < FEWEST:
            yield ServiceCount(one, is_withheld=people > 0)
        else:
            yield ServiceCount(one, part, whole)


def _online() -> _Rows:
    return CountedDossier.objects.filter(dossier__channel=FilingChannel.ONLINE).order_by()


def _finished(months: Months) -> Q:
    return Q(finished_on__range=(months.first, months.last))


def _shares(rows: _Rows, part: Q) -> dict[str, tuple[int, int, int]]:
    grouped = rows.values_list("procedure")
    found = grouped.annotate(part=Count("pk", filter=part), whole=Count("pk"))
    return {code: (number, whole, whole) for code, number, whole in found}


def _known_fields(months: Months) -> dict[str, tuple[int, int, int]]:
    rows = _online().filter(filed_on__range=(months.first, months.last), dossier__field_count__gt=0)
    found = rows.values_list("procedure").annotate(
        part=Sum("dossier__known_field_count"),
        whole=Sum("dossier__field_count"),
        people=Count("pk"),
    )
    return {code: (part or 0, whole, people) for code, part, whole, people in found}


def _no_supplement(months: Months) -> dict[str, tuple[int, int, int]]:
    asked = SupplementRequest.objects.filter(dossier=OuterRef("dossier"))
    rows = _online().filter(_finished(months)).annotate(is_asked=Exists(asked))
    return _shares(rows, Q(is_asked=False))


def _on_time(months: Months) -> dict[str, tuple[int, int, int]]:
    settled = _finished(months) & Q(outcome__in=_WITH_TERM)
    rows = _online().filter(settled | carried(months))
    return _shares(rows, _finished(months) & Q(outcome__in=_IN_TIME))


def _satisfied(months: Months) -> dict[str, tuple[int, int, int]]:
    answered = Q(dossier__status=Status.RETURNED, dossier__rating__isnull=False)
    rows = _online().filter(_finished(months) & answered)
    return _shares(rows, Q(dossier__rating__answer=Satisfaction.SATISFIED))


_COUNTERS: Mapping[str, Callable[[Months], dict[str, tuple[int, int, int]]]] = {
    "known_fields": _known_fields,
    "no_supplement": _no_supplement,
    "on_time": _on_time,
    "satisfied": _satisfied,
}
