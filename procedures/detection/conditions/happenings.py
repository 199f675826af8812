"""Predicates about what happened: events, dossiers, records of a register, exemptions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.fields.json import KeyTextTransform

from citizens.models import EventParty, LifeEvent, RegisterRecord, Relation
from citizens.selectors.kin import PARENTS
from procedures.definition.conditions import Leaf
from procedures.detection.conditions.asking import (
    Asked,
    Params,
    Told,
    Whole,
    as_condition,
    as_day,
    as_text,
    compared,
    if_delivered,
)
from procedures.detection.conditions.logic import UNKNOWN, Term, truth
from procedures.enums import MatterOutcome, TriggerKind
from procedures.models import OpenMatter
from procedures.selectors.exemptions import exemption_in_force
from procedures.selectors.ties import PARENTS_OF_EVENT

_OUTCOMES = {one.value: one for one in MatterOutcome}


def event(params: Params, asked: Asked) -> Term:
    """Whether an event of a kind happened to the party, within some days where given."""
    happened = as_condition(Exists(_events(params, asked)))
    return if_delivered(happened, is_delivered=params["kind"] in asked.delivered)


def event_told(params: Params, asked: Asked) -> Told:
    """Return when it happened last."""
    latest = _events(params, asked).order_by("-occurred_on")
    return Told(
        as_text(Subquery(latest.values("occurred_on")[:1])),
        Subquery(latest.values("register_id")[:1]),
        as_day(Subquery(latest.values("as_of")[:1])),
    )


def _events(params: Params, asked: Asked) -> QuerySet[LifeEvent]:
    rows = LifeEvent.objects.filter(kind=params["kind"], parties__party=asked.party)
    if "within_days" in params:
        rows = rows.filter(occurred_on__gte=asked.day - timedelta(days=params["within_days"]))
    return rows


def event_fact(params: Params, asked: Asked) -> Term:
    """Whether the event itself says something; not known where it does not speak of it."""
    if asked.rule.definition.kind != TriggerKind.LIFE_EVENT:
        return UNKNOWN
    return compared(_said(params), params)


def event_fact_told(params: Params, asked: Asked) -> Told:
    """Return what the event says."""
    if asked.rule.definition.kind != TriggerKind.LIFE_EVENT:
        return Told()
    return Told(_said(params), as_text(F("event__register_id")), as_day(F("event__as_of")))


def _said(params: Params) -> Term:
    return Whole(KeyTextTransform(params["field"], "event__body"))


def matter(params: Params, asked: Asked) -> Term:
    """Whether the party has or had a dossier of a procedure; the portal knows its own."""
    return as_condition(Exists(_matters(params, asked)))


def matter_told(params: Params, asked: Asked) -> Told:
    """Return when the latest such dossier was opened."""
    latest = _matters(params, asked).order_by("-opened_on", "-pk")
    return Told(as_text(Subquery(latest.values("opened_on")[:1])))


def _matters(params: Params, asked: Asked) -> QuerySet[OpenMatter]:
    rows = OpenMatter.objects.filter(procedure__code=params["procedure"])
    if params.get("whose") == "parents":
        rows = rows.filter(_is_of_parent(OuterRef(asked.party)))
    else:
        rows = rows.filter(party=asked.party)
    match params["state"]:
        case "open":
            rows = rows.filter(closed_on__isnull=True)
        case "any":
            pass
        case outcome:
            rows = rows.filter(closed_on__isnull=False, outcome=_OUTCOMES[outcome])
    if "within_days" in params:
        rows = rows.filter(opened_on__gte=asked.day - timedelta(days=params["within_days"]))
    return rows


def _is_of_parent(child: OuterRef) -> Q:
    """Return whether a matter is a parent's: by kinship, or as an event of the child names them."""
    kin = Relation.objects.filter(relative=child, kind__in=PARENTS)
    named = EventParty.objects.filter(event__parties__party=child, role__in=PARENTS_OF_EVENT)
    return Q(party__in=kin.values("person")) | Q(party__in=named.values("party"))


def record(params: Params, asked: Asked) -> Term:
    """Whether the latest record of the party says something; not known without record or field."""
    return compared(Whole(_field(params, asked)), params)


def record_told(params: Params, asked: Asked) -> Told:
    """Return what the record says."""
    latest = _records(params, asked)
    return Told(
        Whole(_field(params, asked)),
        Value(params["register"]),
        as_day(Subquery(latest.values("as_of")[:1])),
    )


def _field(params: Params, asked: Asked) -> Subquery:
    told = _records(params, asked).annotate(told=KeyTextTransform(params["field"], "body"))
    return Subquery(told.values("told")[:1])


def _records(params: Params, asked: Asked) -> QuerySet[RegisterRecord]:
    rows = RegisterRecord.objects.filter(
        register=params["register"], kind=params["kind"], subject=asked.party
    )
    return rows.order_by("-as_of", "-pk")


def exemption(params: Params, asked: Asked, value_of: Callable[[Leaf], Term]) -> Term:
    """Whether a named exemption of a procedure holds on the day; one that does not exist never."""
    found = exemption_in_force(code=params["procedure"], key=params["key"], day=asked.day)
    return Value(False) if found is None else truth(found.conditions, value_of)
