"""Data-subject requests: taken in with both days, answered, extended, done, refused, taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import pytest
import time_machine

from citizens.enums import ConsentPurpose, DataRequestKind, DataRequestState
from citizens.models import Citizen, Consent, DataRequest
from dossiers.services import (
    cancel_data_request,
    submit_data_request,
)
from notifications.models import Message
from notifications.selectors import opted_out_parties
from notifications.services import make_choice
from portal.common.errors import RefusedError
from tests.dossiers.request_scene import (
    LATER,
    MONDAY,
    Asking,
    accept,
    asking,
    extend,
    finish,
    refuse,
    told,
)
from tests.factories.citizens import (
    AuthorityFactory,
    CitizenFactory,
    UnitFactory,
    UserFactory,
)
from tests.factories.notifications import MessageFactory
from tests.notifications.gateways import ScriptedGateway, drain

K, S = DataRequestKind, DataRequestState
Take = Callable[..., DataRequest]


@pytest.fixture
def scene(db: None) -> Iterator[Asking]:
    """Mr Bình and his commune, on a Monday."""
    with time_machine.travel(MONDAY, tick=False):
        yield asking()


# ------------------------------------------------------------------------------------- taken in
def test_a_request_has_owner_both_days_and_is_told(scene: Asking) -> None:
    request = scene.submit()

    assert (request.owner, request.state, request.requested_by) == (
        scene.agency,
        S.RECEIVED,
        scene.user,
    )
    assert request.received_on == date(2026, 11, 23)
    assert request.answer_due_on == date(2026, 11, 25)
    assert request.act_due_on == date(2026, 12, 8)
    assert request.unseal("body_enc") == "Xin ngừng dùng số điện thoại cũ của tôi."
    assert b"Xin" not in bytes(request.body_enc)
    assert told(request) == ["data_request_received"]
    message = Message.objects.get()
    assert message.params["answer_due_on"] == "2026-11-25"
    assert "điện thoại" not in str(message.params)


def test_a_second_press_returns_the_first_request(scene: Asking) -> None:
    first, second = scene.submit(), scene.submit()
    other = scene.submit(body="Còn một việc khác.")

    assert first.pk == second.pk != other.pk
    assert Message.objects.count() == 2


def test_a_correction_says_what_is_wrong_others_need_no_reason(scene: Asking) -> None:
    with pytest.raises(RefusedError):
        scene.submit(K.CORRECT, "  ")

    assert scene.submit(K.OBJECT, "").unseal("body_enc") == ""


def test_a_text_too_long_is_refused(scene: Asking) -> None:
    with pytest.raises(RefusedError):
        scene.submit(body="x" * 2001)


def test_a_mother_asks_for_her_child_and_is_told(scene: Asking) -> None:
    child = CitizenFactory(minor=True, unit=scene.commune)
    AuthorityFactory(actor=scene.citizen, for_party=child.party)

    request = submit_data_request(
        citizen=child, kind=K.RESTRICT, body="", by=scene.user, now=MONDAY
    )

    message = Message.objects.get()
    assert (message.recipient, message.about) == (scene.citizen.party, child.party)
    assert request.citizen == child


def test_nobody_asks_for_a_stranger(scene: Asking) -> None:
    with pytest.raises(RefusedError):
        submit_data_request(
            citizen=CitizenFactory(unit=scene.commune),
            kind=K.RESTRICT,
            body="",
            by=scene.user,
            now=MONDAY,
        )


def test_without_an_office_it_is_refused_in_words(scene: Asking) -> None:
    nowhere = CitizenFactory(unit=UnitFactory())

    with pytest.raises(RefusedError):
        submit_data_request(
            citizen=nowhere,
            kind=K.RESTRICT,
            body="",
            by=UserFactory(citizen=nowhere),
            now=MONDAY,
        )


# ------------------------------------------------------------------------------------- answered
def test_accepting_says_what_will_be_done(scene: Asking) -> None:
    request = accept(scene, scene.submit())

    assert (request.state, request.answered_at) == (S.ANSWERED, LATER)
    assert request.handled_by == scene.official
    assert request.unseal("answer_enc") == "Sẽ báo cho công an xã."
    assert request.act_due_on == date(2026, 12, 8)
    assert told(request)[-1] == "data_request_answered"


def test_processors_give_twenty_days_and_the_person_is_told_so(scene: Asking) -> None:
    request = accept(scene, scene.submit(), has_processors=True)

    assert request.act_due_on == date(2026, 12, 14)
    assert Message.objects.get(topic="data_request_answered").params["act_due_on"] == "2026-12-14"


def test_processors_change_nothing_for_a_correction(scene: Asking) -> None:
    request = accept(scene, scene.submit(K.CORRECT), has_processors=True)

    assert request.act_due_on == date(2026, 12, 3)


def test_a_refusal_names_reason_and_law(scene: Asking) -> None:
    request = refuse(scene, scene.submit())

    assert (request.state, request.finished_at) == (S.REFUSED, LATER)
    assert "Điều 19" in request.unseal("answer_enc")
    assert told(request)[-1] == "data_request_refused"


@pytest.mark.parametrize("missing", [{"reason": " "}, {"legal_basis": ""}])
def test_no_refusal_without_both(scene: Asking, missing: dict[str, str]) -> None:
    request = scene.submit()

    with pytest.raises(RefusedError):
        refuse(scene, request, **missing)

    request.refresh_from_db()
    assert request.state == S.RECEIVED
    assert told(request) == ["data_request_received"]


@pytest.mark.parametrize(
    ("take", "words"), [(accept, {"answer": " "}), (finish, {"note": ""}), (extend, {"reason": ""})]
)
def test_no_step_without_words(scene: Asking, take: Take, words: dict[str, str]) -> None:
    request = scene.submit()
    if take is finish:
        request = accept(scene, request)

    with pytest.raises(RefusedError):
        take(scene, request, **words)


# ------------------------------------------------------------------------------------- extended
def test_an_extension_moves_the_day_once_with_a_reason(scene: Asking) -> None:
    request = extend(scene, scene.submit())

    assert (request.is_extended, request.state) == (True, S.RECEIVED)
    assert request.act_due_on == date(2026, 12, 18)
    assert request.answer_due_on == date(2026, 11, 25)
    assert told(request)[-1] == "data_request_extended"
    with pytest.raises(RefusedError):
        extend(scene, request)


@pytest.mark.parametrize(
    ("changes", "is_allowed"),
    [
        ({"days": 15}, True),
        ({"days": 16}, False),
        ({"days": 0}, False),
        ({"now": datetime.combine(date(2026, 12, 8), MONDAY.timetz())}, True),
        ({"now": datetime.combine(date(2026, 12, 9), MONDAY.timetz())}, False),
        ({"reason": "x" * 301}, False),
    ],
)
def test_how_far_and_how_late(scene: Asking, changes: dict[str, Any], is_allowed: bool) -> None:
    request = accept(scene, scene.submit())

    if is_allowed:
        assert extend(scene, request, **changes).is_extended
        return
    with pytest.raises(RefusedError):
        extend(scene, request, **changes)
    request.refresh_from_db()
    assert not request.is_extended


# ----------------------------------------------------------------------------------------- done
def offers_stop(citizen: Citizen) -> bool:
    return opted_out_parties("credential_expiring").filter(party=citizen.party).exists()


@pytest.mark.parametrize(
    ("kind", "stops"),
    [(K.RESTRICT, True), (K.OBJECT, True), (K.WITHDRAW, True), (K.CORRECT, False)],
)
def test_what_is_to_be_stopped_stops_when_it_is_done(
    scene: Asking, kind: DataRequestKind, stops: bool
) -> None:
    request = accept(scene, scene.submit(kind))
    assert not offers_stop(scene.citizen)

    request = finish(scene, request)

    assert (request.state, request.finished_at) == (S.DONE, LATER)
    assert request.unseal("answer_enc") == (
        "Sẽ báo cho công an xã.\n\nĐã báo công an xã ngày 24/11/2026."
    )
    assert told(request)[-1] == "data_request_done"
    assert offers_stop(scene.citizen) == stops
    assert Consent.objects.filter(text_key="stop_by_request").exists() == stops


def test_after_a_restriction_offers_stay_and_the_answer_itself_still_leaves(scene: Asking) -> None:
    offer = MessageFactory(recipient=scene.citizen.party, due_at=MONDAY)
    finish(scene, accept(scene, scene.submit(), now=MONDAY), now=MONDAY)

    gateway = ScriptedGateway(lambda _reference: None)
    with time_machine.travel(MONDAY, tick=True):
        drain(gateway)

    offer.refresh_from_db()
    assert (offer.state, offer.reason) == ("suppressed", "opted_out")
    assert len(gateway.sent) == 2  # accepted, and done
    assert not any("dien thoai" in body for _address, body, _reference in gateway.sent)


def test_allowing_offers_again_ends_the_effect(scene: Asking) -> None:
    finish(scene, accept(scene, scene.submit()))

    make_choice(
        citizen=scene.citizen,
        purpose=ConsentPurpose.SERVICE_OFFERS,
        is_given=True,
        by=scene.user,
        language="vi",
    )

    assert not offers_stop(scene.citizen)


# ----------------------------------------------------------------------------------- taken back
@pytest.mark.parametrize("is_accepted", [False, True])
def test_the_person_takes_it_back(scene: Asking, is_accepted: bool) -> None:
    request = scene.submit()
    if is_accepted:
        request = accept(scene, request)

    request = cancel_data_request(
        request=request, user=scene.user, version=request.version, now=LATER
    )

    assert (request.state, request.finished_at) == (S.CANCELLED, LATER)
    assert told(request)[-1] == "data_request_cancelled"


def test_neither_a_stranger_nor_the_office_takes_it_back(scene: Asking) -> None:
    request = scene.submit()

    for user in (UserFactory(citizen=CitizenFactory()), scene.official):
        with pytest.raises(RefusedError):
            cancel_data_request(request=request, user=user, version=request.version, now=LATER)
