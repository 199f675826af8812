"""Who handles a request, in which order its steps come, and who reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import time_machine

from citizens.enums import DataRequestKind, DataRequestState, Role
from citizens.models import DataRequest
from citizens.selectors import request_for, requests_of
from dossiers.services import submit_data_request
from portal.common.errors import RefusedError, StaleVersionError
from tests.dossiers.request_scene import (
    MONDAY,
    PIN,
    Asking,
    accept,
    asking,
    extend,
    finish,
    refuse,
)
from tests.factories.citizens import (
    AuthorityFactory,
    CitizenFactory,
    RelationFactory,
    UnitFactory,
    UserFactory,
)

K, S = DataRequestKind, DataRequestState
Take = Callable[..., DataRequest]


@pytest.fixture
def scene(db: None) -> Iterator[Asking]:
    """Mr Bình and his commune, on a Monday."""
    with time_machine.travel(MONDAY, tick=False):
        yield asking()


@pytest.mark.parametrize("take", [accept, refuse, extend])
@pytest.mark.parametrize(
    ("roles", "may"),
    [
        ((Role.HEAD_OF_UNIT,), True),
        ((Role.DATA_STEWARD,), True),
        ((Role.ADMINISTRATOR,), True),
        ((Role.CASE_OFFICER, Role.RECEPTIONIST, Role.AUDITOR), False),
        ((), False),
    ],
)
def test_which_officials_handle_requests(
    scene: Asking, take: Take, roles: tuple[Role, ...], may: bool
) -> None:
    request, user = scene.submit(), scene.at_desk(*roles)

    if may:
        assert take(scene, request, user=user).handled_by == user
        return
    with pytest.raises(RefusedError):
        take(scene, request, user=user)


def test_a_grant_above_counts_one_beside_does_not(scene: Asking) -> None:
    beside = UnitFactory(parent=scene.city)
    stranger = scene.at_desk(Role.DATA_STEWARD, unit=beside)
    steward = scene.at_desk(Role.DATA_STEWARD, unit=scene.city)
    request = scene.submit()

    with pytest.raises(RefusedError):
        accept(scene, request, user=stranger)

    assert accept(scene, request, user=steward).state == S.ANSWERED


@pytest.mark.parametrize("is_kin", [False, True])
def test_nobody_answers_for_self_or_family(scene: Asking, is_kin: bool) -> None:
    pin = "999085000078" if is_kin else PIN
    if is_kin:
        RelationFactory(person=CitizenFactory(pin=pin), relative=scene.citizen)
    user = scene.at_desk(Role.HEAD_OF_UNIT, pin=pin)

    with pytest.raises(RefusedError):
        accept(scene, scene.submit(), user=user)


@pytest.mark.parametrize("take", [accept, refuse, extend])
def test_the_slower_of_two_is_told(scene: Asking, take: Take) -> None:
    request = scene.submit()
    accept(scene, request)

    with pytest.raises(StaleVersionError):
        take(scene, request, version=1)


@pytest.mark.parametrize("take", [accept, refuse, extend, finish])
def test_what_is_closed_stays_closed(scene: Asking, take: Take) -> None:
    request = refuse(scene, scene.submit())

    with pytest.raises(RefusedError):
        take(scene, request)


def test_nothing_is_done_before_it_was_accepted(scene: Asking) -> None:
    with pytest.raises(RefusedError):
        finish(scene, scene.submit())


# ------------------------------------------------------------------------------------ who reads
def test_a_person_reads_their_own_and_what_they_sent_for_others_while_they_may(
    scene: Asking,
) -> None:
    child = CitizenFactory(minor=True, unit=scene.commune)
    right = AuthorityFactory(actor=scene.citizen, for_party=child.party)
    own = scene.submit()
    childs = submit_data_request(citizen=child, kind=K.RESTRICT, body="", by=scene.user, now=MONDAY)
    stranger = CitizenFactory()

    def read() -> set[DataRequest]:
        return set(requests_of(citizen=scene.citizen, user=scene.user, day=MONDAY.date()))

    assert read() == {own, childs}
    with pytest.raises(DataRequest.DoesNotExist):
        request_for(
            citizen=stranger,
            user=UserFactory(citizen=stranger),
            public_id=own.public_id,
            day=MONDAY.date(),
        )

    right.revoked_at = MONDAY
    right.save()
    assert read() == {own}
