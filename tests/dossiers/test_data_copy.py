"""The copy of one's own data: everything held, at once, for the person only, others masked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from citizens.enums import DataRequestKind, DataRequestState, ViewPurpose
from citizens.models import AccessLog, DataRequest
from citizens.services import record_access
from dossiers.documents.data_copy import mask_others
from dossiers.services import has_open_copy, make_data_copy, open_data_copy
from dossiers.services.make_data_copy import DataCopy
from portal.common.errors import RefusedError
from tests.dossiers.request_scene import MONDAY, PIN, Asking, asking, told
from tests.factories.citizens import (
    AuthorityFactory,
    CitizenFactory,
    CredentialFactory,
    HouseholdFactory,
    RegisterRecordFactory,
    RelationFactory,
    UserFactory,
)
from tests.factories.dossiers import DossierFactory
from tests.factories.notifications import MessageFactory
from tests.factories.procedures import SuggestionFactory

K = DataRequestKind
OTHER_PIN, OTHER_PHONE = "999186000011", "+84505000099"


@pytest.fixture
def scene(db: None) -> Iterator[Asking]:
    """Mr Bình and his commune, on a Monday."""
    with time_machine.travel(MONDAY, tick=False):
        yield asking()


def copy(scene: Asking, kind: DataRequestKind = K.COPY) -> DataCopy:
    request = make_data_copy(citizen=scene.citizen, kind=kind, by=scene.user, now=MONDAY)
    return open_data_copy(request=request, by=scene.user, now=MONDAY)


@pytest.mark.parametrize("kind", [K.ACCESS, K.COPY])
def test_the_request_is_made_and_finished_in_one_press(
    scene: Asking, kind: DataRequestKind
) -> None:
    request = make_data_copy(citizen=scene.citizen, kind=kind, by=scene.user, now=MONDAY)

    request.refresh_from_db()
    assert request.state == DataRequestState.DONE
    assert request.answered_at == request.finished_at == MONDAY
    assert request.handled_by is None
    assert told(request) == ["data_copy_made"]


@pytest.mark.parametrize("kind", [K.CORRECT, K.RESTRICT, K.OBJECT, K.WITHDRAW])
def test_what_needs_a_person_is_not_done_by_software(scene: Asking, kind: DataRequestKind) -> None:
    with pytest.raises(RefusedError):
        make_data_copy(citizen=scene.citizen, kind=kind, by=scene.user, now=MONDAY)

    assert not DataRequest.objects.exists()


def test_everything_held_is_in_it(scene: Asking) -> None:
    citizen = scene.citizen
    child = CitizenFactory(minor=True, given_name="Tí")
    RelationFactory(person=citizen, relative=child)
    AuthorityFactory(actor=citizen, for_party=child.party)
    HouseholdFactory(head=citizen, address="Thôn 9")
    paper = CredentialFactory(holder=citizen, number="790123456789")
    RegisterRecordFactory(subject=citizen.party, body={"area": "120 m2"})
    SuggestionFactory(citizen=citizen, credential=paper)
    MessageFactory(recipient=citizen.party, rendered="Giấy phép lái xe còn 60 ngày")
    dossier = DossierFactory(owner_citizen=citizen, fields={"reason": "Sắp hết hạn"})
    record_access(
        actor=scene.official,
        purpose=ViewPurpose.COUNTER,
        page="office",
        fields=["full_name"],
        subject_ids=[citizen.pk],
    )
    scene.submit(K.OBJECT, "Không muốn nhận khảo sát")

    text = json.dumps(copy(scene).as_json(), ensure_ascii=False)

    for known in (
        citizen.full_name, PIN, "+84505000077", "Thôn 9", "790123456789", "120 m2", "Tí",
        "Giấy phép lái xe còn 60 ngày", dossier.code, "Sắp hết hạn", "counter",
        "Không muốn nhận khảo sát", "data-copy/1",
    ):  # fmt: skip
        assert known in text, known


def test_numbers_of_other_people_are_masked_wherever_they_stand(scene: Asking) -> None:
    body = {"co_owner": {"pin": OTHER_PIN, "phones": [f"gọi {OTHER_PHONE}."]}, "own": PIN}
    RegisterRecordFactory(subject=scene.citizen.party, body=body)

    text = json.dumps(copy(scene).as_json(), ensure_ascii=False)

    assert OTHER_PIN not in text
    assert "999•••••0011" in text
    assert OTHER_PHONE not in text
    assert PIN in text


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (f"Số {OTHER_PIN}.", "Số 999•••••0011."),
        (f"{OTHER_PIN}-{PIN}", f"999•••••0011-{PIN}"),
        ("0505000099", "050•••0099"),
        ("0505000077", "0505000077"),
        ("H17.2-20261120-0000123", "H17.2-20261120-0000123"),
        ("a0123456789012b", "a0123456789012b"),
        (12, 12),
        (None, None),
        ([OTHER_PIN], ["999•••••0011"]),
    ],
)
def test_what_is_masked(value: object, shown: object) -> None:
    own = {PIN, "+84505000077", "0505000077"}

    assert mask_others(value, own=own) == shown


def test_each_opening_is_logged_for_the_person(scene: Asking) -> None:
    copied = copy(scene)

    look = AccessLog.objects.get()
    assert (look.actor, look.subject_ids) == (scene.user, [scene.citizen.pk])
    assert (look.reference, look.fields) == (copied.code, ["data_copy"])


def test_a_stranger_an_official_and_yesterdays_link_get_nothing(scene: Asking) -> None:
    request = make_data_copy(citizen=scene.citizen, kind=K.COPY, by=scene.user, now=MONDAY)
    stranger = UserFactory(citizen=CitizenFactory())

    for user in (stranger, scene.official):
        with pytest.raises(RefusedError):
            open_data_copy(request=request, by=user, now=MONDAY)
        with pytest.raises(RefusedError):
            make_data_copy(citizen=scene.citizen, kind=K.COPY, by=stranger, now=MONDAY)
    with pytest.raises(RefusedError):
        open_data_copy(request=request, by=scene.user, now=MONDAY + timedelta(hours=25))

    assert not AccessLog.objects.exists()


def test_a_right_that_has_ended_opens_no_copy(scene: Asking) -> None:
    child = CitizenFactory(minor=True, unit=scene.commune)
    right = AuthorityFactory(actor=scene.citizen, for_party=child.party)
    request = make_data_copy(citizen=child, kind=K.COPY, by=scene.user, now=MONDAY)
    assert open_data_copy(request=request, by=scene.user, now=MONDAY).sections["person"]

    right.revoked_at = MONDAY
    right.save()

    with pytest.raises(RefusedError):
        open_data_copy(request=request, by=scene.user, now=MONDAY)


def test_only_what_the_software_made_has_a_copy(scene: Asking) -> None:
    by_hand = scene.submit(K.ACCESS, "Cơ quan nào đã nhận dữ liệu của tôi?")

    assert not has_open_copy(by_hand, MONDAY)
    with pytest.raises(RefusedError):
        open_data_copy(request=by_hand, by=scene.user, now=MONDAY)
