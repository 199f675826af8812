"""A rehearsal is carried out once after it was asked for; its figures are kept, counts only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from citizens.models import Unit, User
from portal.common.errors import RefusedError
from procedures.definition.reading import DefinitionError
from procedures.enums import Answer, RunState
from procedures.models import RehearsalRun, RuleVersion, Suggestion
from procedures.selectors.rehearsals import Figures, last_rehearsal, progress_of
from procedures.services.record_rehearsal import (
    ask_rehearsal,
    carry_out_rehearsal,
    carry_out_waiting,
)
from tests.factories.citizens import (
    CitizenFactory,
    ContactPointFactory,
    CredentialFactory,
    UnitFactory,
    UserFactory,
)
from tests.factories.procedures import RuleVersionFactory, moment
from tests.procedures.detection.scene import DUE, LICENCE, before, make_rule, release

pytestmark = pytest.mark.django_db
FIRST, LAST = before(100), DUE
NOW = moment(FIRST)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def official() -> User:
    return UserFactory(of_official=True)


@pytest.fixture
def commune() -> Unit:
    return UnitFactory()


@pytest.fixture
def version(commune: Unit) -> RuleVersion:
    """A rule about two licences of one commune; one holder can be reached by SMS."""
    made = make_rule().versions.select_related("rule").get()
    for number in range(2):
        holder = CitizenFactory(unit=commune)
        CredentialFactory(holder=holder, expires_on=DUE)
        if number:
            ContactPointFactory(party=holder.party, channel="sms", verified_at=NOW)
    return made


def ask(version: RuleVersion, by: User, first: date = FIRST, last: date = LAST) -> RehearsalRun:
    return ask_rehearsal(version=version, first=first, last=last, by=by, now=NOW)


def test_figures_are_kept_and_nothing_else_is_written(
    version: RuleVersion, official: User, commune: Unit
) -> None:
    run = carry_out_rehearsal(run=ask(version, official), now=NOW)

    figures = Figures.from_json(run.figures)
    assert (run.state, run.asked_by, run.error) == (RunState.FINISHED, official, "")
    assert figures.answers[Answer.YES] == figures.matters == 2
    assert figures.by_unit() == {commune.pk: 2}
    assert sum(matters for _day, matters, _told in figures.by_week(FIRST, LAST)) == 2
    assert figures.messages[90] == 2
    assert (figures.channels["sms"], figures.not_reached) == (5, 5)
    assert last_rehearsal(version) == run
    assert not Suggestion.objects.exists()


def test_figures_name_nobody(version: RuleVersion, official: User) -> None:
    run = carry_out_rehearsal(run=ask(version, official), now=NOW)

    assert "keys" not in run.figures
    assert "matters" in json.loads(json.dumps(run.figures))


def test_the_whole_audience_is_rehearsed_whatever_the_share(
    version: RuleVersion, official: User
) -> None:
    RuleVersion.objects.filter(pk=version.pk).update(audience_percent=1)

    run = carry_out_rehearsal(run=ask(version, official), now=NOW)

    version.refresh_from_db()
    assert run.figures["matters"] == 2
    assert version.audience_percent == 1


def test_a_draft_is_compared_with_the_version_in_force(
    version: RuleVersion, official: User
) -> None:
    draft = RuleVersionFactory(
        rule=version.rule, draft=True, number=2, definition=LICENCE | {"units": ["00004"]}
    )

    run = carry_out_rehearsal(run=ask(draft, official), now=NOW)

    beside = Figures.from_json(run.figures).beside
    assert beside is not None
    assert (beside.number, beside.both, beside.gained, beside.lost) == (1, 0, 0, 2)


def test_a_version_in_force_is_compared_with_nothing(version: RuleVersion, official: User) -> None:
    run = carry_out_rehearsal(run=ask(version, official), now=NOW)

    assert Figures.from_json(run.figures).beside is None


def test_the_same_is_asked_for_once(version: RuleVersion, official: User) -> None:
    first, again = ask(version, official), ask(version, UserFactory(of_official=True))
    other = ask(version, official, last=LAST + timedelta(days=1))

    assert first == again != other
    assert carry_out_waiting(now=NOW) == 2
    assert carry_out_waiting(now=NOW) == 0


def test_while_one_works_at_it_nobody_else_does(version: RuleVersion, official: User) -> None:
    run = ask(version, official)
    RehearsalRun.objects.filter(pk=run.pk).update(lease_until=NOW + timedelta(minutes=1))

    assert carry_out_waiting(now=NOW) == 0
    assert carry_out_rehearsal(run=run, now=NOW).state == RunState.RUNNING
    # A process that died lets its lease run out.
    assert carry_out_waiting(now=NOW + timedelta(minutes=2)) == 1


def test_figures_of_a_draft_that_was_changed_meanwhile_are_not_kept(official: User) -> None:
    # Given a draft whose rehearsal waits while its editor saves another text
    draft = RuleVersionFactory(draft=True)
    run = ask(draft, official)
    draft.definition = draft.definition | {"grace_days": 3}
    draft.save()

    carry_out_rehearsal(run=run, now=NOW)

    assert (run.state, run.error, run.figures) == (RunState.FAILED, "DraftChangedError", {})
    assert last_rehearsal(draft) is None


def test_what_ended_three_processes_is_not_taken_up_again(
    version: RuleVersion, official: User
) -> None:
    # Given a rehearsal that three processes took up, none of whom came back
    run = ask(version, official)
    dead = {"attempt": 3, "lease_until": NOW}
    RehearsalRun.objects.filter(pk=run.pk).update(**dead)

    # While the third may still be at it nothing is said; then it has failed
    assert carry_out_waiting(now=NOW) == 0
    run.refresh_from_db()
    assert run.state == RunState.RUNNING
    assert carry_out_waiting(now=NOW + timedelta(seconds=1)) == 0
    run.refresh_from_db()
    assert (run.state, run.error) == (RunState.FAILED, "WorkerLostError")


def test_the_second_process_finishes_what_the_first_left(
    version: RuleVersion, official: User
) -> None:
    run = ask(version, official)
    RehearsalRun.objects.filter(pk=run.pk).update(attempt=1, lease_until=NOW)

    assert carry_out_waiting(now=NOW + timedelta(minutes=1)) == 1

    run.refresh_from_db()
    assert (run.state, run.attempt) == (RunState.FINISHED, 2)


def test_each_slice_renews_the_lease(version: RuleVersion, official: User) -> None:
    run = ask(version, official)

    with CaptureQueriesContext(connection) as asked:
        carry_out_rehearsal(run=run, now=NOW)

    written = [one["sql"] for one in asked if one["sql"].startswith("UPDATE")]
    # Taken up, renewed at least once, given back.
    assert len(written) >= 3
    assert all('"lease_until" = ' in sql for sql in written)


def test_progress_is_told(version: RuleVersion, official: User) -> None:
    run = carry_out_rehearsal(run=ask(version, official), now=NOW)

    done = progress_of(run)
    assert done is None or done[0] == done[1]


def test_what_it_fails_with_is_noted(version: RuleVersion, official: User) -> None:
    # Given a rule whose topic is gone
    unknown = release(version.rule, LICENCE | {"topic": "unheard_of"}, first=FIRST)

    run = carry_out_rehearsal(run=ask(unknown, official), now=NOW)

    assert (run.state, run.error) == (RunState.FAILED, "DoesNotExist")
    assert last_rehearsal(unknown) is None


@pytest.mark.parametrize(
    ("last", "reason"),
    [(FIRST - timedelta(days=1), "before"), (FIRST + timedelta(days=733), "two years")],
)
def test_a_period_is_checked(last: date, reason: str, version: RuleVersion, official: User) -> None:
    with pytest.raises(RefusedError, match=reason):
        ask(version, official, last=last)


def test_an_unsound_draft_is_refused_with_the_place(official: User) -> None:
    draft = RuleVersionFactory(draft=True, changes={"lead_days": [1, 2]})

    with pytest.raises(DefinitionError, match="lead_days"):
        ask(draft, official)


def test_wishes_are_not_rehearsed(official: User) -> None:
    with pytest.raises(RefusedError, match="wishes"):
        ask(RuleVersionFactory(rule__key="civil_status_copy"), official)
