"""The services of the catalogue with their stage, their owner, and whether they are integrated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from citizens.models import Agency
from citizens.models.parties import Fold
from portal.reporting.integration.enums import Stage
from portal.reporting.integration.models import IntegratedService, ServiceStage
from procedures.enums import CodeKind
from procedures.models import Procedure, ProcedureVersion
from procedures.models.catalogue import in_force


@dataclass(frozen=True, slots=True)
class Service:
    """A procedure with its version of the day (else its newest) and its newest stage."""

    procedure: Procedure
    version: ProcedureVersion | None
    stage: ServiceStage | None
    is_integrated: bool

    @property
    def unverified(self) -> Sequence[str]:
        """The values of its version that are still to be confirmed."""
        return self.version.definition.get("unverified", ()) if self.version else ()

    @property
    def is_national(self) -> bool:
        """Whether its code is one of the national list, not a placeholder of the city's own."""
        kind = self.version.definition.get("code_kind") if self.version else None
        return kind == CodeKind.NATIONAL


@dataclass(frozen=True, slots=True)
class Figures:
    """So many services, by stage and as the national portal lists them."""

    services: int
    by_stage: Mapping[str, int]
    unverified: int
    integrated: int
    listed: int

    @property
    def without_stage(self) -> int:
        """Those for which no stage was written yet."""
        return self.services - sum(self.by_stage.values())

    @property
    def not_held(self) -> int:
        """Listed by the national portal, and not in our catalogue."""
        return self.listed - self.integrated

    @property
    def not_listed(self) -> int:
        """In our catalogue, and not listed by the national portal."""
        return self.services - self.integrated


def all_services(*, day: date) -> QuerySet[Any]:
    """Return the catalogue by code, each with the keys of its version and newest stage."""
    versions = ProcedureVersion.objects.filter(procedure=OuterRef("pk"))
    stages = ServiceStage.objects.filter(procedure=OuterRef("pk")).order_by("-pk")
    listed = IntegratedService.objects.on(day).filter(code=OuterRef("code"))
    rows: QuerySet[Any] = Procedure.objects.annotate(
        version_pk=Coalesce(
            Subquery(versions.filter(in_force(day)).values("pk")[:1]),
            Subquery(versions.order_by("-number").values("pk")[:1]),
        ),
        stage_pk=Subquery(stages.values("pk")[:1]),
        stage_now=Subquery(stages.values("stage")[:1]),
        owner_code=Subquery(stages.values("owner__code")[:1]),
        is_integrated=Exists(listed),
    )
    return rows.order_by("code", "pk")


def chosen_services(
    *, day: date, typed: str = "", stage: str = "", owner: str = "", only: str = ""
) -> QuerySet[Any]:
    """Return the services that are asked for; `stage` "none" are those without one.

    `typed`: every word begins a word of the name, the code, the field or the result, accents or
    not. `only` is "unverified", "integrated" or "not_listed".
    """
    rows = all_services(day=day)
    version = ProcedureVersion.objects.filter(pk=OuterRef("version_pk"))
    if words := typed.split():
        found = version
        for word in words:
            found = found.filter(searched__contains=Fold(Value(f" {word}")))
        rows = rows.filter(Exists(found))
    if stage == "none":
        rows = rows.filter(stage_pk=None)
    elif stage in tuple(Stage):
        rows = rows.filter(stage_now=stage)
    if owner:
        rows = rows.filter(owner_code=owner)
    if only == "unverified":
        rows = rows.filter(Exists(version.filter(_TO_CONFIRM)))
    elif only in ("integrated", "not_listed"):
        rows = rows.filter(is_integrated=only == "integrated")
    return rows


_TO_CONFIRM = Q(definition__has_key="unverified") & ~Q(definition__unverified=[])


def with_parts(rows: Iterable[Any]) -> list[Service]:
    """Return rows of `all_services` with their versions and stages: two queries for any number."""
    found = list(rows)
    versions = ProcedureVersion.objects.in_bulk([one.version_pk for one in found])
    joined = ServiceStage.objects.select_related("owner", "written_by")
    stages = joined.in_bulk([one.stage_pk for one in found])
    return [
        Service(one, versions.get(one.version_pk), stages.get(one.stage_pk), one.is_integrated)
        for one in found
    ]


def figures(*, day: date) -> Figures:
    """Return the counts at the head of the list."""
    rows = all_services(day=day)
    counted = list(
        rows.order_by().values_list("stage_now", "is_integrated").annotate(count=Count("pk"))
    )
    by_stage = dict.fromkeys(map(str, Stage), 0)
    for stage, _is_integrated, count in counted:
        if stage:
            by_stage[stage] += count
    return Figures(
        services=sum(count for *_of, count in counted),
        by_stage=by_stage,
        unverified=chosen_services(day=day, only="unverified").count(),
        integrated=sum(count for _stage, is_integrated, count in counted if is_integrated),
        listed=IntegratedService.objects.on(day).count(),
    )


def not_held(*, day: date) -> QuerySet[IntegratedService]:
    """Return what the national portal lists and our catalogue has not."""
    held = Procedure.objects.filter(code=OuterRef("code"))
    return IntegratedService.objects.on(day).filter(~Exists(held))


def owners_named() -> QuerySet[Agency]:
    """Return the departments that any newest stage names."""
    newest = ServiceStage.objects.filter(procedure=OuterRef("pk")).order_by("-pk")
    keys = Procedure.objects.annotate(owner=Subquery(newest.values("owner")[:1])).values("owner")
    found: QuerySet[Agency] = Agency.objects.filter(pk__in=keys)
    return found.order_by("name_vi", "pk")
