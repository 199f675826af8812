"""Who is told of a fact: whom the rule addresses, grown up, living here, and willing to hear."""

from __future__ import annotations

from datetime import date
from functools import reduce
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BigIntegerField,
    Case,
    F,
    FilteredRelation,
    Func,
    OuterRef,
    Q,
    QuerySet,
    When,
)

from citizens.enums import AuthorityBasis
from citizens.selectors.kin import FULL_AGE, of_age_if_born_by
from notifications.selectors import opted_out_parties
from procedures.definition import RuleDefinition
from procedures.detection.facts import FactPath, ScannedRule
from procedures.detection.terms import lacks
from procedures.enums import Addressee, RecipientState, SubjectKind
from procedures.models import Recipient
from procedures.selectors.ties import (
    ANSWER_FOR_MINORS,
    PARENTS_OF_EVENT,
    SEVERAL,
    Tie,
    bereaved,
    grown_up,
    heads_at_home,
    heads_of,
    named_by_event,
)

Rows = QuerySet[Any, Any]
SPEAK_FOR_ORGANISATIONS = (AuthorityBasis.REPRESENTATIVE,)


def with_recipients(
    rows: Rows, rule: ScannedRule, path: FactPath, day: date, *, spares_dismissed: bool = False
) -> Rows:
    """Return one row a fact and person to be told, who is annotated as `recipient`.

    Whom the rule addresses: an adult in person, and for a minor everybody with a standing authority
    as parent or guardian; the legal representatives of an organisation; the head of a household;
    the parents whom an event names; the family of somebody who died. Those must live and be of age.
    Who opted out of the topic is left out, so a fact that all opted out of has no row. With
    `spares_dismissed` the rows are suggestions, and who dismissed one is left out too. A person may
    be named twice (as parent and as guardian): take the rows `distinct()`.
    """
    ties = _ties(rule.definition, path, day)
    if ties:
        return _tied(rows, ties, str(rule.definition.topic), spares_dismissed=spares_dismissed)
    told = _joined(rows, rule, path, day)
    opted_out = opted_out_parties(str(rule.definition.topic)).filter(party=OuterRef("recipient"))
    told = told.filter(lacks(opted_out))
    if spares_dismissed:
        told = told.filter(lacks(_dismissed(OuterRef("pk"), "recipient")))
    return told


def _ties(definition: RuleDefinition, path: FactPath, day: date) -> list[Tie]:
    """Return the ties of an addressee who is not simply the party or who acts for it."""
    match definition.address:
        case Addressee.PARENTS:
            return named_by_event("anchor", PARENTS_OF_EVENT, day)
        case Addressee.FAMILY:
            return bereaved(path.party_id, day)
        case Addressee.HOUSEHOLD_HEAD if definition.subject == SubjectKind.CITIZEN:
            return heads_at_home(path.party_id, day)
        case Addressee.HOLDER if SEVERAL.keys() & set(definition.events):
            roles = {role for kind in definition.events for role in SEVERAL.get(kind, ())}
            return named_by_event("anchor", sorted(roles), day)
    is_household = definition.subject == SubjectKind.HOUSEHOLD
    return heads_of(path.party_id, day) if is_household else []


def _tied(rows: Rows, ties: list[Tie], topic: str, *, spares_dismissed: bool) -> Rows:
    """Return a row for each person of the ties; the keys are collected a fact at a time."""
    lists: list[Any] = []
    for tie in ties:
        told = tie.rows.filter(lacks(opted_out_parties(topic).filter(party=OuterRef(tie.person))))
        if spares_dismissed:
            told = told.filter(lacks(_dismissed(OuterRef(OuterRef("pk")), tie.person)))
        lists.append(ArraySubquery(told.order_by().values(tie.person)))
    keys = reduce(_both, lists)
    told_rows: Rows = rows.annotate(
        recipient=Func(keys, function="unnest", output_field=BigIntegerField(), set_returning=True)
    )
    return told_rows


def _both(one: Any, other: Any) -> Func[Any]:
    return Func(one, other, function="array_cat")


def _dismissed(suggestion: OuterRef, person: str) -> QuerySet[Recipient]:
    return Recipient.objects.filter(
        suggestion=suggestion, citizen=OuterRef(person), state=RecipientState.DISMISSED
    )


def _joined(rows: Rows, rule: ScannedRule, path: FactPath, day: date) -> Rows:
    definition = rule.definition
    if definition.subject == SubjectKind.ORGANISATION:
        return _represented(rows, path, day)
    if definition.address == Addressee.GUARDIAN:
        return _guarded(rows, path, str(definition.topic), day)
    if _all_of_age(definition):
        in_person: Rows = rows.annotate(recipient=F(path.party_id))
        return in_person
    return _in_person_or_guarded(rows, path, str(definition.topic), day)


def _all_of_age(definition: RuleDefinition) -> bool:
    """Return whether everybody whom a rule of birthdays looks at has come of age already."""
    years_before = definition.open_days_before / 365
    return bool(definition.ages) and min(definition.ages) - years_before > FULL_AGE


def _represented(rows: Rows, path: FactPath, day: date) -> Rows:
    standing = _standing(path, SPEAK_FOR_ORGANISATIONS, day)
    voice = FilteredRelation(f"{path.party}represented_by", condition=standing)
    told: Rows = (
        rows.alias(voice=voice)
        .filter(grown_up("voice__actor__", day))
        .annotate(recipient=F("voice__actor_id"))
    )
    return told


def _guarded(rows: Rows, path: FactPath, topic: str, day: date) -> Rows:
    """Return who may act as parent or guardian, unless what concerns the child was stopped."""
    told: Rows = (
        _with_guardians(rows, path, topic, day)
        .filter(grown_up("guardian__actor__", day))
        .annotate(recipient=F("guardian__actor_id"))
    )
    return told


def _in_person_or_guarded(rows: Rows, path: FactPath, topic: str, day: date) -> Rows:
    """Return adults told in person and minors through their guardians, if the minor is not stopped.

    Who answers for a child may have stopped what concerns that child alone.
    """
    is_adult = Q(**{f"{path.holder}birth_date__lte": of_age_if_born_by(day)})
    told: Rows = (
        _with_guardians(rows, path, topic, day)
        .filter(is_adult | grown_up("guardian__actor__", day))
        .annotate(
            recipient=Case(
                When(is_adult, then=F(path.party_id)),
                default=F("guardian__actor_id"),
                output_field=BigIntegerField(),
            )
        )
    )
    return told


def _with_guardians(rows: Rows, path: FactPath, topic: str, day: date) -> Rows:
    guarded = _standing(path, ANSWER_FOR_MINORS, day)
    guardian = FilteredRelation(f"{path.party}represented_by", condition=guarded)
    stopped = opted_out_parties(topic).filter(party=OuterRef(path.party_id))
    told: Rows = rows.alias(guardian=guardian).filter(lacks(stopped))
    return told


def _standing(path: FactPath, bases: tuple[AuthorityBasis, ...], day: date) -> Q:
    authority = f"{path.party}represented_by__"
    return Q(
        **{
            f"{authority}basis__in": bases,
            f"{authority}valid__contains": day,
            f"{authority}revoked_at__isnull": True,
        }
    )
