"""Predicates about the party itself: where it lives, how old it is, its household, who acts."""

from __future__ import annotations

from django.db.models import (
    BooleanField,
    Case,
    DateField,
    Exists,
    F,
    Func,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.lookups import LessThanOrEqual

from citizens.enums import BirthPrecision
from citizens.models import Authority, Credential, HouseholdMember
from citizens.models.credentials import CredentialQuerySet
from procedures.detection.conditions.asking import (
    HOUSEHOLD_PAPER,
    Asked,
    Params,
    Told,
    as_condition,
    as_day,
    as_text,
    one_of,
)
from procedures.detection.conditions.logic import UNKNOWN, Both, Either, Negated, Term
from procedures.detection.terms import Years
from procedures.detection.windows import BIRTH_SENTINELS
from procedures.enums import SubjectKind

POOR = "Hộ nghèo"
NEAR_POOR = "Hộ cận nghèo"
_CATEGORIES = {"poor": POOR, "near_poor": NEAR_POOR}


def unit(params: Params, asked: Asked) -> Term:
    """Whether the party lives, or has its seat, in one of the units."""
    return one_of(F(f"{asked.path.holder}unit__code"), params["codes"])


def unit_told(params: Params, asked: Asked) -> Told:
    """Return the name of the party's unit."""
    return Told(as_text(F(f"{asked.path.holder}unit__name_vi")), *_origin(asked))


def _origin(asked: Asked) -> tuple[Term, Term | None]:
    """Return the register and day of the party's own row."""
    if asked.rule.definition.subject == SubjectKind.HOUSEHOLD:
        return Value("NPD"), as_day(F(f"{asked.path.holder}as_of"))
    return as_text(F(f"{asked.path.holder}register_id")), as_day(F(f"{asked.path.holder}as_of"))


class _LastDay(Func):
    """The last day on which somebody may have been born, of whom a month or year is known."""

    template = "(%(expressions)s::interval)::date"
    arg_joiner = " + "
    output_field = DateField()


def age(params: Params, asked: Asked) -> Term:
    """Whether a person is of an age; not known where only a year of birth is, and it may be."""
    if asked.rule.definition.subject != SubjectKind.CITIZEN:
        return UNKNOWN
    at = Value(asked.day) if params.get("at") == "today" else F("due_on")
    parts = []
    if "min" in params:
        parts.append(_reached(asked, params["min"], at))
    if "max" in params:
        parts.append(Negated(_reached(asked, params["max"] + 1, at)))
    return Both(*parts)


def age_told(params: Params, asked: Asked) -> Told:
    """Return the day of birth."""
    if asked.rule.definition.subject != SubjectKind.CITIZEN:
        return Told()
    return Told(as_text(F(f"{asked.path.holder}birth_date")), *_origin(asked))


def _reached(asked: Asked, years: int, at: Term) -> Term:
    """Return whether the party has reached an age on a day."""
    holder = asked.path.holder
    first = F(f"{holder}birth_date")
    precision = f"{holder}birth_precision"
    last = Case(
        When(**{precision: BirthPrecision.DAY}, then=first),
        When(
            **{precision: BirthPrecision.MONTH},
            then=_LastDay(first, Value("1 month -1 day")),
        ),
        default=_LastDay(first, Value("1 year -1 day")),
        output_field=DateField(),
    )
    surely = LessThanOrEqual(Years(last, Value(years)), at)
    perhaps = LessThanOrEqual(Years(first, Value(years)), at)
    return Case(
        When(**{f"{holder}birth_date__in": BIRTH_SENTINELS}, then=UNKNOWN),
        When(surely, then=Value(True)),
        When(perhaps, then=UNKNOWN),
        default=Value(False),
        output_field=BooleanField(null=True),
    )


def household_status(params: Params, asked: Asked) -> Term:
    """Whether the household is on the list.

    Not known of a person without a household, nor where no list was ever delivered.
    """
    if HOUSEHOLD_PAPER not in asked.delivered:
        return UNKNOWN
    if asked.rule.definition.subject == SubjectKind.HOUSEHOLD:
        return _among(params, _listed(asked))
    if asked.rule.definition.subject != SubjectKind.CITIZEN:
        return UNKNOWN
    home = HouseholdMember.objects.filter(citizen=asked.party, valid__contains=asked.day)
    return Case(
        When(Exists(home), then=_among(params, _listed(asked))),
        default=UNKNOWN,
        output_field=BooleanField(null=True),
    )


def household_told(params: Params, asked: Asked) -> Told:
    """Return the list's register and day; its category is what the answer says already."""
    if asked.rule.definition.subject == SubjectKind.ORGANISATION:
        return Told()
    latest = _listed(asked).order_by("-issued_on", "-pk")
    return Told(
        register=Subquery(latest.values("register_id")[:1]),
        as_of=as_day(Subquery(latest.values("as_of")[:1])),
    )


def _listed(asked: Asked) -> CredentialQuerySet:
    """Return what the list says today of the household, or of that in which the person lives."""
    lasts = Q(expires_on__isnull=True) | Q(expires_on__gte=asked.day)
    papers = Credential.objects.live().of_kind(HOUSEHOLD_PAPER).filter(lasts)
    if asked.rule.definition.subject == SubjectKind.HOUSEHOLD:
        return papers.filter(holder=asked.party)
    members = "holder__household__members__"
    of_home = {f"{members}citizen": asked.party, f"{members}valid__contains": asked.day}
    return papers.filter(**of_home)


def _among(params: Params, papers: CredentialQuerySet) -> Term:
    wanted = [_CATEGORIES[one] for one in params["in"] if one in _CATEGORIES]
    parts: list[Term] = []
    if wanted:
        parts.append(as_condition(Exists(papers.filter(category__in=wanted))))
    if "none" in params["in"]:
        listed = papers.filter(category__in=list(_CATEGORIES.values()))
        parts.append(Negated(as_condition(Exists(listed))))
    return Either(*parts)


def authority(params: Params, asked: Asked) -> Term:
    """Whether somebody may act for the party today."""
    acting = Authority.objects.standing(asked.day).filter(
        for_party=asked.party, basis__in=params["basis"]
    )
    return as_condition(Exists(acting))


def nothing_told(params: Params, asked: Asked) -> Told:
    """Return no data: the answer says all that may be said."""
    return Told()
