"""Predicates about papers of the party: class, status, another paper that is in force."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import BooleanField, Case, Exists, F, Q, Subquery, Value, When
from django.db.models.functions import NullIf

from citizens.models import Credential
from citizens.models.credentials import CredentialQuerySet
from procedures.detection.conditions.asking import (
    Asked,
    Params,
    Told,
    as_condition,
    as_day,
    as_text,
    if_delivered,
    one_of,
)
from procedures.detection.conditions.logic import UNKNOWN, Term
from procedures.enums import TriggerKind


def paper_class(params: Params, asked: Asked) -> Term:
    """Whether the paper is of one of the classes; not known where no class is stated."""
    if "kind" in params:
        latest = _latest(asked, params["kind"], live=True)
        category = NullIf(Subquery(latest.values("category")[:1]), Value(""))
        condition = one_of(category, params["classes"])
        return _or_none(condition, latest, is_delivered=params["kind"] in asked.delivered)
    if asked.rule.definition.kind != TriggerKind.CREDENTIAL_EXPIRY:
        return UNKNOWN
    return one_of(NullIf(F("category"), Value("")), params["classes"])


def paper_class_told(params: Params, asked: Asked) -> Told:
    """Return the class of the paper."""
    if "kind" in params:
        return _told(_latest(asked, params["kind"], live=True), "category")
    if asked.rule.definition.kind != TriggerKind.CREDENTIAL_EXPIRY:
        return Told()
    return Told(as_text(F("category")), as_text(F("register_id")), as_day(F("as_of")))


def status(params: Params, asked: Asked) -> Term:
    """Whether the latest paper of a kind has one of the statuses; a party without one has none."""
    latest = _latest(asked, params["kind"], live=False)
    status_now = Subquery(latest.values("status")[:1])
    condition = one_of(status_now, params["statuses"])
    return _or_none(condition, latest, is_delivered=params["kind"] in asked.delivered)


def status_told(params: Params, asked: Asked) -> Told:
    """Return the status of the latest paper."""
    return _told(_latest(asked, params["kind"], live=False), "status")


def other_credential(params: Params, asked: Asked) -> Term:
    """Whether the party holds a paper of a kind that lasts so many days more."""
    until = asked.day + timedelta(days=params.get("days_left", 0))
    lasts = Q(expires_on__isnull=True) | Q(expires_on__gte=until)
    held = _of_party(asked, params["kind"]).live().filter(lasts)
    return if_delivered(as_condition(Exists(held)), is_delivered=params["kind"] in asked.delivered)


def other_credential_told(params: Params, asked: Asked) -> Told:
    """Return until when the paper lasts."""
    return _told(_latest(asked, params["kind"], live=True), "expires_on")


def _or_none(condition: Term, papers: CredentialQuerySet, *, is_delivered: bool) -> Term:
    """Return the condition on a paper; without a paper it does not hold, if papers are known."""
    if not is_delivered:
        return condition
    has_none = When(~Exists(papers), then=Value(False))
    return Case(has_none, default=condition, output_field=BooleanField(null=True))


def _told(papers: CredentialQuerySet, column: str) -> Told:
    shows = as_text(Subquery(papers.values(column)[:1]))
    return Told(
        shows,
        Subquery(papers.values("register_id")[:1]),
        as_day(Subquery(papers.values("as_of")[:1])),
    )


def _latest(asked: Asked, kind: str, *, live: bool) -> CredentialQuerySet:
    papers = _of_party(asked, kind)
    return (papers.live() if live else papers).order_by("-issued_on", "-pk")


def _of_party(asked: Asked, kind: str) -> CredentialQuerySet:
    return Credential.objects.of_kind(kind).filter(holder=asked.party)
