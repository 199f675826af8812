"""Which services tell people by themselves: now, on trial, and from a day that is set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Q

from procedures.definition import RuleDefinition
from procedures.definition.rule import SCANNED
from procedures.enums import VersionStatus
from procedures.models import RuleVersion
from procedures.models.catalogue import in_force
from procedures.selectors.catalogue import rules_in_force


class Stage(StrEnum):
    """COMING is released for a later day; ON_TRIAL speaks to a share; STOPPED by an official."""

    IN_FORCE = "in_force"
    ON_TRIAL = "on_trial"
    COMING = "coming"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Service:
    """One proactive service: its stage, since or from when (None: from the beginning), the share
    of those it concerns, and what of it was in force before `since`.
    """

    stage: Stage
    key: str
    definition: RuleDefinition
    since: date | None
    percent: int
    is_change: bool


def proactive_services(*, day: date) -> list[Service]:
    """Return every released service that holds on `day` or later, by stage and key; three queries.

    Of what holds only what really speaks counts as in force: its offer must hold, too.
    """
    offered = set(rules_in_force(day=day).prefetch_related(None).values_list("pk", flat=True))
    released = RuleVersion.objects.filter(
        in_force(day) | Q(valid__startswith__gt=day),
        status=VersionStatus.RELEASED,
        rule__kind__in=SCANNED,
    )
    rows = list(released.select_related("rule").order_by("rule__key", "number"))
    held = {row.rule_id for row in rows if _holds(row, day)}
    found = [_service(row, day, offered, held) for row in rows]
    order = list(Stage)
    return sorted(found, key=lambda one: (order.index(one.stage), one.key))


def _holds(row: RuleVersion, day: date) -> bool:
    begins: date | None = row.valid.lower
    return begins is None or begins <= day


def _service(row: RuleVersion, day: date, offered: set[int], held: set[int]) -> Service:
    if not _holds(row, day):
        stage = Stage.COMING
    elif row.pk not in offered:
        stage = Stage.STOPPED
    else:
        stage = Stage.IN_FORCE if row.audience_percent == 100 else Stage.ON_TRIAL
    return Service(
        stage=stage,
        key=row.rule.key,
        definition=RuleDefinition.from_json(row.definition),
        since=row.valid.lower,
        percent=row.audience_percent,
        is_change=stage is Stage.COMING and row.rule_id in held,
    )
