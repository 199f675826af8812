"""Answers to a suggestion: who may give them, in which state, and what each leads to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import translation

from citizens.models import Citizen
from notifications.enums import MessageState
from notifications.models import Message, Topic
from portal.common import clock
from portal.common.errors import RefusedError
from procedures.enums import MatterOutcome, RecipientState, SuggestionState
from procedures.models import OpenMatter, Suggestion
from procedures.selectors import explain, suggestion_for, suggestions_of
from procedures.services import (
    accept_suggestion,
    close_matter,
    dismiss_suggestion,
    fulfil_suggestion,
    open_matter,
    reopen_suggestion,
    snooze_suggestion,
)
from procedures.workflow import MOVES, Move, state_after
from tests.factories.citizens import AuthorityFactory, CitizenFactory, CredentialFactory
from tests.factories.procedures import (
    OpenMatterFactory,
    ProcedureFactory,
    SuggestionFactory,
    moment,
)

TODAY = date(2026, 11, 22)
NOW = moment(TODAY)


@pytest.fixture(autouse=True)
def _on_that_day() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False), translation.override("en"):
        yield


def accept(suggestion: Suggestion, citizen: Citizen) -> Suggestion:
    return accept_suggestion(suggestion=suggestion, citizen=citizen, now=NOW)


def snooze(suggestion: Suggestion, citizen: Citizen) -> Suggestion:
    until = TODAY + timedelta(days=7)
    return snooze_suggestion(suggestion=suggestion, citizen=citizen, until=until)


def dismiss(suggestion: Suggestion, citizen: Citizen) -> Suggestion:
    return dismiss_suggestion(suggestion=suggestion, citizen=citizen, now=NOW)


def reopen(suggestion: Suggestion, _citizen: Citizen) -> Suggestion:
    return reopen_suggestion(suggestion=suggestion)


def fulfil(suggestion: Suggestion, _citizen: Citizen) -> Suggestion:
    return fulfil_suggestion(suggestion=suggestion, now=NOW)


SERVICES: dict[Move, Callable[[Suggestion, Citizen], Suggestion]] = {
    Move.ACCEPT: accept,
    Move.SNOOZE: snooze,
    Move.DISMISS: dismiss,
    Move.REOPEN: reopen,
    Move.FULFIL: fulfil,
}
EVERY_MOVE = [(state, move) for state in SuggestionState for move in Move]
CLOSED = {SuggestionState.DISMISSED, SuggestionState.FULFILLED}


@pytest.mark.django_db
@pytest.mark.parametrize(("state", "move"), EVERY_MOVE)
def test_every_move_from_every_state(state: SuggestionState, move: Move) -> None:
    citizen = CitizenFactory()
    suggestion = SuggestionFactory(citizen=citizen, state=state)
    expected = state_after(state, move)

    if expected is None:
        with pytest.raises(RefusedError, match="no longer possible"):
            SERVICES[move](suggestion, citizen)
    else:
        SERVICES[move](suggestion, citizen)

    suggestion.refresh_from_db()
    assert suggestion.state == (expected or state)
    if expected is not None:
        assert (suggestion.closed_at is not None) == (expected in CLOSED)


def test_what_a_scan_or_a_dossier_closed_is_final() -> None:
    final = (SuggestionState.WITHDRAWN, SuggestionState.EXPIRED, SuggestionState.FULFILLED)

    assert not [move for move in MOVES if move[0] in final]


def of_a_child() -> tuple[Citizen, Citizen, Suggestion]:
    """Return mother, father, and a suggestion about their child that both see."""
    mother, father, child = CitizenFactory(), CitizenFactory(), CitizenFactory(minor=True)
    for parent in (mother, father):
        AuthorityFactory(actor=parent, for_party=child.party)
    return mother, father, SuggestionFactory(citizen=child, recipients=[mother, father])


def queued_message(suggestion: Suggestion, citizen: Citizen) -> Message:
    topic, _made = Topic.objects.get_or_create(
        key="credential_expiring", defaults={"channels": ["sms"], "priority": 9}
    )
    return Message.objects.create(
        dedupe_key=f"s{suggestion.pk}",
        topic=topic,
        recipient=citizen.party,
        thread_key=f"suggestion:{suggestion.pk}",
        priority=9,
        due_at=NOW,
    )


@pytest.mark.django_db
@pytest.mark.parametrize("move", [Move.ACCEPT, Move.SNOOZE, Move.DISMISS, Move.FULFIL])
def test_who_acted_is_not_told_again(move: Move) -> None:
    citizen = CitizenFactory()
    suggestion = SuggestionFactory(citizen=citizen)
    message = queued_message(suggestion, citizen)
    other = queued_message(SuggestionFactory(citizen=citizen), citizen)

    SERVICES[move](suggestion, citizen)

    message.refresh_from_db()
    other.refresh_from_db()
    assert message.state == MessageState.WITHDRAWN
    assert other.state == MessageState.QUEUED


@pytest.mark.django_db
@pytest.mark.parametrize("move", [Move.ACCEPT, Move.SNOOZE, Move.DISMISS])
def test_stranger_and_whoever_dismissed_cannot_answer(move: Move) -> None:
    _mother, father, suggestion = of_a_child()
    dismiss(suggestion, father)

    for citizen in (CitizenFactory(), father):
        with pytest.raises(RefusedError, match="not yours"):
            SERVICES[move](suggestion, citizen)

    suggestion.refresh_from_db()
    assert suggestion.state == SuggestionState.OPEN


@pytest.mark.django_db
def test_one_parent_dismisses_and_the_other_still_sees_it() -> None:
    mother, father, suggestion = of_a_child()

    dismiss(suggestion, father)

    assert not suggestions_of(citizen=father, day=TODAY)
    assert list(suggestions_of(citizen=mother, day=TODAY)) == [suggestion]

    dismiss(suggestion, mother)

    suggestion.refresh_from_db()
    assert (suggestion.state, suggestion.closed_at) == (SuggestionState.DISMISSED, NOW)


@pytest.mark.django_db
def test_reopened_after_all_dismissed_is_seen_by_all() -> None:
    citizen = CitizenFactory()
    suggestion = SuggestionFactory(citizen=citizen)
    dismiss(suggestion, citizen)

    reopen(suggestion, citizen)

    assert list(suggestions_of(citizen=citizen, day=TODAY)) == [suggestion]
    assert suggestion.recipients.get().state == RecipientState.ACTIVE


SNOOZES = [
    (TODAY, False),
    (TODAY + timedelta(days=1), True),
    (TODAY + timedelta(days=60), True),
    (TODAY + timedelta(days=61), False),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("until", "allowed"), SNOOZES)
def test_snooze_until(until: date, allowed: bool) -> None:
    citizen = CitizenFactory()
    suggestion = SuggestionFactory(citizen=citizen)
    before = suggestion.next_remind_on

    if allowed:
        snooze_suggestion(suggestion=suggestion, citizen=citizen, until=until)
    else:
        with pytest.raises(RefusedError, match="no later than 21/01/2027"):
            snooze_suggestion(suggestion=suggestion, citizen=citizen, until=until)

    suggestion.refresh_from_db()
    assert suggestion.next_remind_on == (until if allowed else before)


@pytest.mark.django_db
def test_most_urgent_first_and_what_was_put_off_last() -> None:
    citizen = CitizenFactory()
    ends = {
        days: CredentialFactory(holder=citizen, expires_on=TODAY + timedelta(days))
        for days in (3, 50, 20)
    }
    made = {
        days: SuggestionFactory(citizen=citizen, credential=paper) for days, paper in ends.items()
    }
    snooze_suggestion(suggestion=made[3], citizen=citizen, until=TODAY + timedelta(days=2))
    SuggestionFactory(citizen=citizen, accepted=True)
    SuggestionFactory()

    assert list(suggestions_of(citizen=citizen, day=TODAY)) == [made[20], made[50], made[3]]
    later = suggestions_of(citizen=citizen, day=TODAY + timedelta(days=2))
    assert list(later) == [made[3], made[20], made[50]]


@pytest.mark.django_db
def test_deceased_are_not_shown() -> None:
    son = CitizenFactory()
    suggestion = SuggestionFactory(citizen=CitizenFactory(deceased=True), recipients=[son])

    assert not suggestions_of(citizen=son, day=TODAY)
    with pytest.raises(Suggestion.DoesNotExist):
        suggestion_for(citizen=son, public_id=suggestion.public_id)


@pytest.mark.django_db
def test_suggestion_of_others_is_not_there() -> None:
    citizen = CitizenFactory()
    suggestion = SuggestionFactory(citizen=citizen, fulfilled=True)

    assert suggestion_for(citizen=citizen, public_id=suggestion.public_id) == suggestion
    with pytest.raises(Suggestion.DoesNotExist):
        suggestion_for(citizen=CitizenFactory(), public_id=suggestion.public_id)


@pytest.mark.django_db
def test_list_takes_one_query(django_assert_num_queries: Any) -> None:
    citizen = CitizenFactory()
    for _number in range(5):
        SuggestionFactory(citizen=citizen)

    with django_assert_num_queries(1):
        for suggestion in suggestions_of(citizen=citizen, day=TODAY):
            assert suggestion.rule.procedure is not None
            assert suggestion.subject.citizen.full_name
            explain(suggestion=suggestion, day=TODAY)


@pytest.mark.django_db
def test_explanation() -> None:
    said = explain(suggestion=SuggestionFactory(), day=TODAY)

    assert said.sentence_vi.startswith("Giấy phép lái xe của ông/bà sắp hết hạn")
    assert said.sentence_en.startswith("Your driving licence is about to expire")
    assert (said.due_on, said.days_left) == (date(2027, 1, 21), 60)
    assert (said.earliest_on, said.latest_on) == (None, None)
    assert "36/2024/QH15" in said.legal_basis
    assert said.consequence_vi == "Quá hạn từ 1 ngày đã phải sát hạch lại lý thuyết"


@pytest.mark.django_db
def test_matter_is_open_once() -> None:
    matter = OpenMatterFactory(anchor=7)
    same = {"procedure": matter.procedure, "party": matter.party, "anchor": 7}

    with pytest.raises(RefusedError, match="already open"):
        open_matter(**same, reference="H17.1-20261122-0000009", day=TODAY)
    open_matter(**same | {"anchor": 8}, reference="H17.1-20261122-0000010", day=TODAY)

    close_matter(**same, outcome=MatterOutcome.GRANTED, day=TODAY)

    matter.refresh_from_db()
    assert (matter.closed_on, matter.outcome) == (TODAY, MatterOutcome.GRANTED)
    open_matter(**same, reference="H17.1-20261122-0000011", day=TODAY)
    assert OpenMatter.objects.filter(closed_on__isnull=True).count() == 2


@pytest.mark.django_db
def test_matter_that_is_not_open_cannot_be_closed() -> None:
    party = CitizenFactory().party

    with pytest.raises(RefusedError, match="No dossier"):
        close_matter(
            procedure=ProcedureFactory(),
            party=party,
            anchor=0,
            outcome=MatterOutcome.REFUSED,
            day=clock.today(),
        )
