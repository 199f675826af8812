"""Who is told of a fact: a grown-up person, those who answer for a minor or an organisation."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    When,
)

from citizens.enums import AuthorityBasis
from notifications.selectors import opted_out_parties
from procedures.definition import RuleDefinition
from procedures.detection.facts import FactPath, ScannedRule, living_here
from procedures.detection.terms import lacks
from procedures.detection.windows import ADULT_AGE, adult_since
from procedures.enums import SubjectKind

Rows = QuerySet[Any, Any]
ANSWER_FOR_MINORS = (AuthorityBasis.PARENT, AuthorityBasis.GUARDIAN)
SPEAK_FOR_ORGANISATIONS = (AuthorityBasis.REPRESENTATIVE,)


def with_recipients(rows: Rows, rule: ScannedRule, path: FactPath, day: date) -> Rows:
    """Return one row a fact and person to be told, who is annotated as `recipient`.

    An adult is told in person; for a minor everybody with a standing authority as parent or
    guardian is, for an organisation every legal representative. Those must live and be of age. Who
    opted out of the topic is left out, so a fact that all opted out of has no row. A person may be
    named twice (as parent and as guardian): take the rows `distinct()`.
    """
    topic = str(rule.definition.topic)
    if rule.definition.subject == SubjectKind.ORGANISATION:
        told = _represented(rows, path, day)
    elif _all_of_age(rule.definition):
        told = rows.annotate(recipient=F(path.party_id))
    else:
        told = _in_person_or_guarded(rows, path, topic, day)
    opted_out = opted_out_parties(topic).filter(party=OuterRef("recipient"))
    return told.filter(lacks(opted_out))


def _all_of_age(definition: RuleDefinition) -> bool:
    """Return whether everybody whom a rule of birthdays looks at has come of age already."""
    years_before = definition.open_days_before / 365
    return bool(definition.ages) and min(definition.ages) - years_before > ADULT_AGE


def _represented(rows: Rows, path: FactPath, day: date) -> Rows:
    standing = _standing(path, SPEAK_FOR_ORGANISATIONS, day)
    voice = FilteredRelation(f"{path.party}represented_by", condition=standing)
    told: Rows = (
        rows.alias(voice=voice)
        .filter(_of_age("voice__actor__", day))
        .annotate(recipient=F("voice__actor_id"))
    )
    return told


def _in_person_or_guarded(rows: Rows, path: FactPath, topic: str, day: date) -> Rows:
    """Return adults told in person and minors through their guardians, if the minor is not stopped.

    Who answers for a child may have stopped what concerns that child alone.
    """
    is_adult = Q(**{f"{path.holder}birth_date__lte": adult_since(day)})
    guarded = _standing(path, ANSWER_FOR_MINORS, day)
    guardian = FilteredRelation(f"{path.party}represented_by", condition=guarded)
    stopped = opted_out_parties(topic).filter(party=OuterRef(path.party_id))
    told: Rows = (
        rows.alias(guardian=guardian)
        .filter(is_adult | _of_age("guardian__actor__", day))
        .filter(lacks(stopped))
        .annotate(
            recipient=Case(
                When(is_adult, then=F(path.party_id)),
                default=F("guardian__actor_id"),
                output_field=BigIntegerField(),
            )
        )
    )
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


def _of_age(prefix: str, day: date) -> Q:
    return living_here(prefix) & Q(**{f"{prefix}birth_date__lte": adult_since(day)})
