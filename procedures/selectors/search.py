"""The catalogue searched as people type: without accents, in short forms, with slips of the key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import and_, or_

from django.contrib.postgres.search import TrigramSimilarity, TrigramWordSimilarity
from django.db.models import F, Q
from django.db.models.functions import Greatest, Lower

from citizens.models.parties import Fold
from procedures.definition.spoken import Term, terms_of
from procedures.models import ProcedureVersion
from procedures.selectors.catalogue import versions_in_force

# How like a name the typed words must be where they are nowhere word for word.
NEAR = 0.5
_MOST_NEAR = 6


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, the best in front; `is_near`: nothing word for word, these are alike."""

    versions: Sequence[ProcedureVersion]
    is_near: bool = False


def find_procedures(*, typed: str, day: date) -> Found:
    """Return what of the catalogue in force on `day` answers what was typed; two queries at most.

    Every term begins a word of the name (in either language), the code, the field or the result.
    Where nothing does, what is most alike is returned instead.
    """
    terms = terms_of(typed)
    if not terms:
        return Found([])
    phrase = " ".join(term[0] for term in terms)
    named = Greatest(
        TrigramSimilarity(Fold(F("name_vi")), phrase), TrigramSimilarity(Lower("name_en"), phrase)
    )
    ranked = versions_in_force(day=day).annotate(
        alike=TrigramWordSimilarity(phrase, F("searched")), rank=F("alike") + named
    )
    order = ("-rank", "name_vi", "pk")
    exact = list(ranked.filter(tells_all(terms)).order_by(*order))
    if exact:
        return Found(exact)
    near = ranked.filter(alike__gte=NEAR).order_by(*order)[:_MOST_NEAR]
    return Found(list(near), is_near=True)


def tells_all(terms: Sequence[Term]) -> Q:
    """Return the condition that every term begins a word of the column `searched`."""
    return reduce(and_, map(_tells, terms))


def _tells(term: Term) -> Q:
    return reduce(or_, (Q(searched__contains=f" {phrase}") for phrase in term))
