"""Why me: the conditions behind a suggestion, with the data that each was answered from."""

from __future__ import annotations

from collections.abc import Iterable

from citizens.models import Citizen
from citizens.selectors import may_act
from portal.common import clock
from portal.web.presenters.doubts import Doubts
from portal.web.presenters.matters import Waiting
from portal.web.presenters.people import parties_of
from portal.web.presenters.why import Condition, conditions_of
from procedures.answers import (
    Line,
    RuleAnswers,
    answers_for,
    households_answered_for,
    with_origins,
)
from procedures.enums import Addressee
from procedures.models import Suggestion


def why_me(row: Waiting, citizen: Citizen) -> list[Condition]:
    """Return the conditions of a suggestion; data are shown of whom the reader may act for.

    Nothing where somebody died, and nothing where the fact behind the suggestion is gone.
    """
    suggestion, party = row.suggestion, row.suggestion.subject
    if row.rule.address == Addressee.FAMILY:
        return []
    answers = answers_for(version=suggestion.rule_version, party=party, day=row.day)
    lines = _lines(answers, suggestion)
    homes = households_answered_for(citizen=citizen, day=row.day)
    is_own = may_act(actor=citizen, party=party, day=row.day) or party in homes
    if not is_own:
        return conditions_of(lines, None, shows_data=False)
    return conditions_of(lines, doubts_of(citizen, lines, suggestion))


def doubts_of(
    citizen: Citizen, lines: Iterable[Line], suggestion: Suggestion | None = None
) -> Doubts:
    """Return which data of some conditions the reader may contest; a few queries at once."""
    parties = [party.pk for party in parties_of(citizen, clock.today())]
    origins = [line.origin for line in lines if line.origin is not None]
    back = "" if suggestion is None else f"suggestion={suggestion.public_id}"
    return Doubts.about(citizen, parties, origins, back)


def _lines(answers: RuleAnswers, suggestion: Suggestion) -> tuple[Line, ...]:
    """Return the conditions of the fact that a suggestion is about, () where it is gone."""
    key = (suggestion.anchor, suggestion.cycle)
    facts = [fact for fact in answers.facts if (fact.anchor, fact.cycle) == key]
    if not facts:
        return ()
    return with_origins(facts[0], definition=answers.definition, party=suggestion.subject)
