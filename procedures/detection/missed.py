"""Facts of a rehearsal that nobody is told of, counted by the reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import date

from django.db.models import Case, CharField, Count, OuterRef, Q, Value, When
from django.db.models.expressions import BaseExpression

from citizens.models import Authority
from citizens.selectors.kin import of_age_if_born_by
from notifications.selectors import opted_out_parties
from procedures.definition import RuleDefinition
from procedures.detection.facts import Facts, ScannedRule, facts_due
from procedures.detection.terms import has, lacks
from procedures.detection.windows import DueWindow
from procedures.enums import Addressee, Missed, SubjectKind
from procedures.selectors.ties import ANSWER_FOR_MINORS, SEVERAL

Keys = Collection[tuple[int, int]]


def missed(facts: Facts, rule: ScannedRule, told: Keys, day: date) -> Counter[Missed]:
    """Return why those of `facts` (they hold) that are not among `told` have nobody to be told.

    Where others than the holder are addressed it is not told apart whether there is nobody or all
    of them stopped it.
    """
    rows = facts.annotate(why=_why(rule, day)).order_by().values_list("anchor", "cycle", "why")
    if _asks_holder(rule.definition) and rule.definition.address == Addressee.HOLDER:
        rows = rows.filter(Q(why=Missed.STOPPED) | _is_minor(rule, day))
    found = {
        (anchor, cycle): Missed(why)
        for anchor, cycle, why in rows.iterator(chunk_size=5_000)
        if (anchor, cycle) not in told
    }
    return Counter(found.values())


def gone(rule: ScannedRule, due: DueWindow) -> Counter[Missed]:
    """Return how many facts due in `due` are about people who died or left the country."""
    definition, holder = rule.definition, rule.path.holder
    if definition.subject != SubjectKind.CITIZEN or definition.address == Addressee.FAMILY:
        return Counter()
    died = Q(**{f"{holder}died_on__isnull": False})
    left = Q(**{f"{holder}emigrated_on__isnull": False})
    why = _first((died, Missed.DECEASED), default=Missed.EMIGRATED)
    rows = facts_due(rule, due).filter(died | left).annotate(why=why)
    counts = rows.order_by().values("why").annotate(n=Count("*")).values_list("why", "n")
    return Counter({Missed(name): count for name, count in counts})


def _asks_holder(definition: RuleDefinition) -> bool:
    """Return whether the person of the fact hears in person, or those who answer for a minor."""
    is_of_one = definition.subject == SubjectKind.CITIZEN and not SEVERAL.keys() & set(
        definition.events
    )
    return is_of_one and definition.address in {Addressee.HOLDER, Addressee.GUARDIAN}


def _is_minor(rule: ScannedRule, day: date) -> Q:
    return Q(**{f"{rule.path.holder}birth_date__gt": of_age_if_born_by(day)})


def _why(rule: ScannedRule, day: date) -> BaseExpression:
    if not _asks_holder(rule.definition):
        return Value(Missed.NOBODY.value, CharField())
    party = rule.path.party_id
    stopped = opted_out_parties(str(rule.definition.topic)).filter(party=OuterRef(party))
    guards = Authority.objects.standing(day).filter(
        for_party=OuterRef(party), basis__in=ANSWER_FOR_MINORS
    )
    return _first(
        (Q(has(stopped)), Missed.STOPPED),
        (_is_minor(rule, day) & Q(lacks(guards)), Missed.NO_GUARDIAN),
        default=Missed.NOBODY,
    )


def _first(*cases: tuple[Q, Missed], default: Missed) -> Case:
    whens = [When(condition, then=Value(name.value)) for condition, name in cases]
    return Case(*whens, default=Value(default.value), output_field=CharField())
