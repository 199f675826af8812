"""Dossiers that their released version decides by itself, or leaves to an official, saying why.

Whether to look at one is not for the citizen's press to wait for: a task asks the tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from dossiers import risk
from dossiers.automatic.grounds import Ground, Requirement, grounds_of
from dossiers.automatic.situations import situation_of
from dossiers.enums import Action, DecisionMode, PaymentState, Status
from dossiers.models import (
    AutomaticDecision,
    AutomaticRefusal,
    Dossier,
    DossierEvent,
    ModeSwitch,
    Payment,
    RiskModel,
)
from dossiers.selectors import definition_of
from dossiers.services.advance import advance
from dossiers.services.locks import hold_around
from portal.common import clock
from portal.common.crypto import keyed_index
from portal.common.errors import RefusedError

log = structlog.get_logger(__name__)

_WAY = {
    Status.REGISTERED: (Action.RECEIVE, Action.START_PROCESSING, Action.APPROVE),
    Status.RECEIVED: (Action.START_PROCESSING, Action.APPROVE),
    Status.PROCESSING: (Action.APPROVE,),
}
# Who files for somebody, or takes money or a dossier in, has not taken it in hand.
_AT_THE_COUNTER = (
    Action.SUBMIT,
    Action.RECEIVE,
    Action.REQUEST_PAYMENT,
    Action.CONFIRM_PAYMENT,
)


@dataclass(frozen=True)
class Round:
    """How many dossiers were decided, and how many stay with officials."""

    decided_count: int
    left_count: int


def decide_automatically(*, now: datetime) -> Round:
    """Decide every dossier whose version does so and whose grounds are all met; leave the others.

    One transaction a dossier: steps, decision, result and messages are written together or not at
    all, so a kill loses nothing and a second run writes nothing. Several processes may run at once.
    A dossier is looked at once: what is left to an official stays theirs.
    """
    decided = left = last = 0
    while (key := _first(after=last)) is not None:
        last = key
        with transaction.atomic():
            dossier = _held(key)
            if dossier is None:
                continue
            try:
                was_decided = _decide_or_leave(dossier, now)
            except (InterfaceError, OperationalError):
                raise  # the database itself is away
            except Exception:
                # The next ones do not wait for one that breaks; it is tried again, and seen here.
                log.exception("dossier_not_decided", dossier=dossier.pk)
                transaction.set_rollback(True)
                continue
        decided += was_decided
        left += not was_decided
    return Round(decided, left)


def candidates() -> QuerySet[Dossier]:
    """Return unfinished dossiers of switched-on automatic versions that nobody looked at yet.

    One whose fee is still to be paid waits: it is neither decided nor left.
    """
    switches = ModeSwitch.objects.filter(procedure=OuterRef("procedure_version__procedure"))
    touched = DossierEvent.objects.filter(dossier=OuterRef("pk"), official__isnull=False)
    paid = Payment.objects.filter(dossier=OuterRef("pk"), state=PaymentState.PAID)
    looked_at = [
        Exists(table.objects.filter(dossier=OuterRef("pk")))
        for table in (AutomaticDecision, AutomaticRefusal)
    ]
    return (
        Dossier.objects.unfinished()
        .filter(
            Q(fee_vnd__isnull=True) | Q(fee_vnd=0) | Exists(paid),
            status__in=list(_WAY),
            assignee__isnull=True,
            procedure_version__definition__automatic__max_age_days__isnull=False,
        )
        .annotate(is_switched_on=Subquery(switches.order_by("-pk").values("is_on")[:1]))
        .filter(is_switched_on=True)
        .exclude(Exists(touched.exclude(action__in=_AT_THE_COUNTER)))
        .exclude(looked_at[0])
        .exclude(looked_at[1])
        .order_by("pk")
    )


def _first(*, after: int) -> int | None:
    """Return the number of the next candidate."""
    return candidates().filter(pk__gt=after).values_list("pk", flat=True).first()


def _held(key: int) -> Dossier | None:
    """Lock a candidate and what its decision moves, in order; None where another process does."""
    if hold_around(key, skip_locked=True) is None:
        return None
    rows = candidates().filter(pk=key).select_for_update(of=("self",), skip_locked=True)
    return rows.select_related("procedure_version", "owner", "applicant").first()


def _decide_or_leave(dossier: Dossier, now: datetime) -> bool:
    """Return whether it was decided."""
    switches = ModeSwitch.objects.filter(procedure=dossier.procedure_version.procedure_id)
    switch = switches.select_related("official").order_by("-pk")[0]
    grounds = grounds_of(dossier=dossier, switch=switch, day=clock.civil_date(now))
    if all(ground.met for ground in grounds):
        try:
            with transaction.atomic():
                _decide(dossier, grounds, now)
        except RefusedError:
            # The catalogue cannot tell how long the paper holds, or the like: a person decides.
            grounds.append(Ground(Requirement.RULES, "", clock.civil_date(now), met=False))
        else:
            return True
    AutomaticRefusal.objects.create(
        dossier=dossier, grounds=[ground.to_json() for ground in grounds], checked_at=now
    )
    return False


def _decide(dossier: Dossier, grounds: Sequence[Ground], now: datetime) -> None:
    situation = situation_of(dossier=dossier, grounds=grounds, now=now)
    way = _WAY[Status(dossier.status)]
    Dossier.objects.filter(pk=dossier.pk).update(decision_mode=DecisionMode.AUTOMATIC)
    moved = dossier
    for action in way:
        moved = advance(dossier=moved, action=action, user=None, version=moved.version, now=now)
    features = risk.features_of(situation)
    weight, share = _weighed(dossier, features)
    is_drawn = risk.is_drawn(keyed_index("automatic_decision", str(dossier.public_id)), share)
    AutomaticDecision.objects.create(
        dossier=dossier,
        grounds=[ground.to_json() for ground in grounds],
        features=features,
        risk=weight,
        sample_share=share,
        is_sampled=is_drawn,
        is_drawn=is_drawn,
    )


def _weighed(dossier: Dossier, features: dict[str, float]) -> tuple[float, float]:
    """Return the risk and the chance of a look; switched off, both are the baseline's."""
    automatic = definition_of(dossier=dossier).automatic
    if automatic is None:
        raise ValueError("This version does not decide by itself.")
    usual, least = automatic.sample_percent / 100, automatic.sample_percent_min / 100
    model = RiskModel.objects.order_by("-pk").first()
    if model is None or not model.is_on:
        return (risk.BASELINE if model is None else model.baseline), usual
    weight = risk.risk_of(features, model.weights, float(model.weights.get("intercept", 0.0)))
    return weight, risk.share_of(risk=weight, baseline=model.baseline, usual=usual, least=least)
