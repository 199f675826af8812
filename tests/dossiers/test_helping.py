"""Filing for somebody who said yes: the code, its limits, what a helper may, and the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from time_machine import TimeMachineFixture

from citizens.enums import HelperKind
from citizens.models import Authority, Citizen, HelpRequest
from citizens.selectors import acting_for, circle_of, may_act
from citizens.selectors.helping import help_asked_of, may_help, standing_help
from citizens.services.helping import (
    ASKED_A_DAY,
    HEARD_A_DAY,
    MOST_TRIES,
    answer_help_request,
    try_help_code,
)
from dossiers.models import Draft
from dossiers.selectors import dossiers_of, drafts_of
from dossiers.services import save_draft, submit_dossier
from dossiers.services.help_others import ask_to_help, stop_help
from notifications.models import Message
from portal.common.crypto import unseal_json
from portal.common.errors import RefusedError
from tests.dossiers.scene import ANSWERS, FRIDAY, Scene, renewal
from tests.factories.citizens import CitizenFactory, UserFactory

pytestmark = pytest.mark.django_db
LATER = FRIDAY + timedelta(minutes=2)


@dataclass
class Pair:
    scene: Scene
    helper: Citizen

    @property
    def person(self) -> Citizen:
        return self.scene.citizen

    def ask(
        self,
        *,
        pin: str | None = None,
        now: datetime = FRIDAY,
        days: int = 30,
        procedures: Sequence[str] = (),
    ) -> HelpRequest:
        return ask_to_help(
            helper=self.helper,
            pin=pin or str(self.person.pin),
            kind=HelperKind.FAMILY,
            procedures=procedures,
            days=days,
            now=now,
        )

    def agree(
        self, *, now: datetime = FRIDAY, days: int = 30, procedures: Sequence[str] = ()
    ) -> HelpRequest:
        request = self.ask(now=now, days=days, procedures=procedures)
        answer_help_request(request=request, person=self.person, is_yes=True, now=now)
        request.refresh_from_db()
        return request


@pytest.fixture
def pair(time_machine: TimeMachineFixture) -> Pair:
    time_machine.move_to(FRIDAY, tick=False)
    scene = renewal()
    helper = CitizenFactory()
    UserFactory(citizen=helper)
    return Pair(scene, helper)


def code_of(request: HelpRequest) -> str:
    """Return the code as the person's telephone gets it."""
    message = Message.objects.get(dedupe_key=f"help:{request.pk}")
    sealed = unseal_json(
        message.secret_params_enc or b"",
        table="notifications_message",
        column="secret_params_enc",
        identity=message.public_id.bytes,
    )
    return str(sealed["secret"])


def test_the_person_gets_a_code_and_what_they_tell_makes_a_helper(pair: Pair) -> None:
    request = pair.ask()
    message = Message.objects.get(topic="help_code")
    assert (message.recipient_id, message.not_after) == (pair.person.pk, request.expires_at)
    assert "secret" not in message.params

    right = try_help_code(request=request, helper=pair.helper, code=code_of(request), now=LATER)

    assert right is not None
    assert (right.basis, right.confirmed_at, right.procedures) == ("helper", LATER, [])
    assert may_help(helper=pair.helper, party=pair.person.party, procedure="x", day=FRIDAY.date())


@pytest.mark.parametrize("kind", ["unknown", "self", "minor", "dead", "often"])
def test_nobody_is_told_whether_there_is_such_a_person(kind: str, pair: Pair) -> None:
    pin = "999000000000"
    if kind == "self":
        pin = str(pair.helper.pin)
    elif kind == "minor":
        pin = str(CitizenFactory(minor=True).pin)
    elif kind == "dead":
        pin = str(CitizenFactory(died_on=FRIDAY.date()).pin)
    elif kind == "often":
        pin = str(pair.person.pin)
        for _ in range(HEARD_A_DAY):
            Pair(pair.scene, CitizenFactory()).ask()

    request = pair.ask(pin=pin)

    assert request.person is None
    assert not Message.objects.filter(dedupe_key=f"help:{request.pk}").exists()
    for guess in ("000000", "123456"):
        found = try_help_code(request=request, helper=pair.helper, code=guess, now=LATER)
        assert found is None
    assert not Authority.objects.filter(basis="helper").exists()


def test_a_code_is_tried_five_times_and_then_is_never_right(pair: Pair) -> None:
    request = pair.ask()
    right = code_of(request)
    wrong = "000000" if right != "000000" else "111111"

    for _ in range(MOST_TRIES):
        assert not try_help_code(request=request, helper=pair.helper, code=wrong, now=LATER)

    assert not try_help_code(request=request, helper=pair.helper, code=right, now=LATER)
    request.refresh_from_db()
    assert request.try_count == MOST_TRIES


def test_a_code_is_no_more_after_fifteen_minutes_nor_of_another(pair: Pair) -> None:
    request, other = pair.ask(), Pair(pair.scene, CitizenFactory())
    code = code_of(request)

    with pytest.raises(RefusedError):
        try_help_code(request=request, helper=other.helper, code=code, now=LATER)
    assert not try_help_code(request=other.ask(), helper=other.helper, code=code, now=LATER)
    late = FRIDAY + timedelta(minutes=15)
    assert not try_help_code(request=request, helper=pair.helper, code=code, now=late)


def test_a_helper_asks_five_times_a_day(pair: Pair) -> None:
    for number in range(ASKED_A_DAY):
        pair.ask(pin=f"99900000000{number}")

    with pytest.raises(RefusedError):
        pair.ask()
    assert pair.ask(now=FRIDAY + timedelta(days=1, minutes=1)).person == pair.person


@pytest.mark.parametrize("is_yes", [True, False])
def test_the_person_answers_on_their_own_page_once_and_nobody_for_them(
    is_yes: bool, pair: Pair
) -> None:
    request = pair.ask()
    with pytest.raises(RefusedError):
        answer_help_request(request=request, person=pair.helper, is_yes=True, now=LATER)

    right = answer_help_request(request=request, person=pair.person, is_yes=is_yes, now=LATER)

    assert (right is not None) is is_yes
    with pytest.raises(RefusedError):
        answer_help_request(request=request, person=pair.person, is_yes=True, now=LATER)
    assert not try_help_code(request=request, helper=pair.helper, code=code_of(request), now=LATER)


@pytest.mark.parametrize("is_yes", [True, False])
def test_an_answer_is_for_all_that_the_same_helper_asked(is_yes: bool, pair: Pair) -> None:
    """Else the code of an older request would bring back what the person ended."""
    older, request = pair.ask(), pair.ask()
    other = Pair(pair.scene, CitizenFactory()).ask()
    answer_help_request(request=request, person=pair.person, is_yes=is_yes, now=LATER)
    request.refresh_from_db()
    if is_yes:
        stop_help(request=request, by=pair.person, now=LATER)

    assert not try_help_code(request=older, helper=pair.helper, code=code_of(older), now=LATER)

    assert list(help_asked_of(person=pair.person, now=LATER)) == [other]
    assert not standing_help(day=FRIDAY.date()).exists()


def test_a_helper_files_and_follows_and_sees_nothing_else(pair: Pair) -> None:
    pair.agree()
    day = FRIDAY.date()

    dossier = submit_dossier(
        applicant=pair.helper,
        owner=pair.person.party,
        suggestion=None,
        version=pair.scene.version,
        answers=ANSWERS,
        now=FRIDAY,
    )

    assert (dossier.applicant, dossier.owner_id) == (pair.helper, pair.person.pk)
    event = dossier.events.get()
    assert event.citizen == pair.helper
    told = Message.objects.filter(topic="dossier_submitted").order_by("pk")
    assert [one.recipient_id for one in told] == [pair.person.pk, pair.helper.pk]
    assert list(dossiers_of(citizen=pair.helper)) == [dossier]
    assert not may_act(actor=pair.helper, party=pair.person.party, day=day)
    assert not acting_for(actor=pair.helper, day=day).exists()
    circle = circle_of(person=pair.helper.pk, day=day)
    assert pair.person.pk not in circle.family


def test_help_is_for_the_named_procedures_and_the_named_days(
    pair: Pair, time_machine: TimeMachineFixture
) -> None:
    pair.agree(procedures=["passport_issue"], days=1)

    def file(now: datetime) -> None:
        submit_dossier(
            applicant=pair.helper,
            owner=pair.person.party,
            suggestion=None,
            version=pair.scene.version,
            answers=ANSWERS,
            now=now,
        )

    with pytest.raises(RefusedError):
        file(FRIDAY)
    pair.agree(now=LATER, days=1)
    tomorrow = FRIDAY + timedelta(days=1)
    with pytest.raises(RefusedError):
        file(tomorrow)
    file(LATER)
    assert dossiers_of(citizen=pair.helper).exists()
    time_machine.move_to(tomorrow)
    assert not dossiers_of(citizen=pair.helper).exists()
    assert dossiers_of(citizen=pair.person).exists()


def test_ended_in_the_middle_of_a_form_nothing_is_filed_and_the_draft_is_gone(pair: Pair) -> None:
    request = pair.agree()

    def keep() -> Draft:
        return save_draft(
            suggestion=None,
            version=pair.scene.version,
            applicant=pair.helper,
            owner=pair.person.party,
            changes={"reason": "Sắp hết hạn"},
            now=LATER,
        )

    keep()
    assert not drafts_of(applicant=pair.helper).exists()
    with pytest.raises(RefusedError):
        stop_help(request=request, by=CitizenFactory(), now=LATER)

    stop_help(request=request, by=pair.person, now=LATER)

    assert not Draft.objects.exists()
    with pytest.raises(RefusedError):
        keep()
    with pytest.raises(RefusedError):
        submit_dossier(
            applicant=pair.helper,
            owner=pair.person.party,
            suggestion=None,
            version=pair.scene.version,
            answers=ANSWERS,
            now=LATER,
        )
    stop_help(request=request, by=pair.helper, now=LATER)
    assert Authority.objects.get(basis="helper").revoked_at == LATER
