"""Why me: the conditions behind a suggestion, with the data that each was answered from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from citizens.enums import PartyKind
from citizens.models import Citizen, Party
from citizens.selectors import Origin
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


@dataclass(frozen=True)
class WhyMe:
    """The conditions of a suggestion; with `shows_data` their data too."""

    lines: tuple[Line, ...]
    shows_data: bool

    @property
    def origins(self) -> list[Origin]:
        """The stored values that are shown."""
        return _origins(self.lines) if self.shows_data else []

    def told(self, doubts: Doubts) -> list[Condition]:
        """Return the conditions in words, with what of their data the reader may contest."""
        shown = doubts if self.shows_data else None
        return conditions_of(self.lines, shown, shows_data=self.shows_data)


def why_me(row: Waiting, citizen: Citizen) -> WhyMe:
    """Return the conditions of a suggestion; data are shown of whom the reader may act for.

    Nothing where somebody died, and nothing where the fact behind the suggestion is gone.
    """
    suggestion, party = row.suggestion, row.suggestion.subject
    if row.rule.address == Addressee.FAMILY:
        return WhyMe((), shows_data=False)
    suggestion.rule_version.rule = suggestion.rule  # read along already
    answers = answers_for(version=suggestion.rule_version, party=party, day=row.day)
    return WhyMe(_lines(answers, suggestion), _answers_for(citizen, party, row.day))


def _answers_for(citizen: Citizen, party: Party, day: date) -> bool:
    """Return whether the reader may act for a party, or heads the household that it is."""
    if party.kind == PartyKind.HOUSEHOLD:
        return party in households_answered_for(citizen=citizen, day=day)
    return party in parties_of(citizen, day)


def doubts_of(citizen: Citizen, lines: Iterable[Line]) -> Doubts:
    """Return which data of some conditions the reader may contest; a few queries at once."""
    return Doubts.of_reader(citizen, _origins(lines), day=clock.today())


def _origins(lines: Iterable[Line]) -> list[Origin]:
    return [line.origin for line in lines if line.origin is not None]


def _lines(answers: RuleAnswers, suggestion: Suggestion) -> tuple[Line, ...]:
    """Return the conditions of the fact that a suggestion is about, () where it is gone."""
    key = (suggestion.anchor, suggestion.cycle)
    facts = [fact for fact in answers.facts if (fact.anchor, fact.cycle) == key]
    if not facts:
        return ()
    return with_origins(facts[0], definition=answers.definition, party=suggestion.subject)
