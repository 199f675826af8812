"""One press for many dossiers: told beforehand, done once, and plainly said what was left."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from citizens.enums import Role
from citizens.models import AccessLog, User
from dossiers.enums import Action, Status
from dossiers.models import Dossier, DossierEvent
from portal.office.queue import PER_PAGE
from tests.factories.citizens import CitizenFactory, GrantFactory, OfficialFactory
from tests.factories.dossiers import DossierFactory
from tests.office.crawling import says
from tests.office.places import Place, make_house, make_place, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

BULK = "admin:office_queue_bulk"


def _filed(place: Place, count: int) -> list[Dossier]:
    return [
        DossierFactory(
            owner_citizen=CitizenFactory(unit=place.unit),
            competent=place.agency,
            status=Status.REGISTERED,
        )
        for _ in range(count)
    ]


def _press(client: Client, key: str, dossiers: list[Dossier], *, sure: bool, **more: Any) -> Any:
    given: dict[str, Any] = {
        "press": key,
        "dossier": [f"{one.public_id}:{one.version}" for one in dossiers],
    }
    given |= {"sure": "1"} if sure else {}
    return client.post(reverse(BULK), given | more, follow=sure)


def _colleague(place: Place, *roles: Role) -> User:
    official = OfficialFactory(agency=place.agency)
    for role in roles:
        GrantFactory(official=official, role=role, unit=place.unit)
    user: User = official.user
    return user


def _statuses(dossiers: list[Dossier]) -> list[int]:
    keys = [one.pk for one in dossiers]
    return list(Dossier.objects.filter(pk__in=keys).order_by("pk").values_list("status", flat=True))


def test_it_is_told_first_and_done_when_sure(here: Place) -> None:
    client = signed_in(_colleague(here, Role.RECEPTIONIST))
    filed = _filed(here, 3)

    told: Any = _press(client, "receive", filed, sure=False)

    assert [row.dossier.pk for row in told.context["rows"]] == [one.pk for one in filed]
    assert told.context["left"] == []
    assert _statuses(filed) == [Status.REGISTERED] * 3
    seen = AccessLog.objects.filter(page=BULK).order_by("pk").first()
    assert seen is not None
    assert set(seen.subject_ids) == {one.owner_id for one in filed}

    _press(client, "receive", filed, sure=True)

    assert _statuses(filed) == [Status.RECEIVED] * 3


def test_it_says_of_each_other_dossier_why_not(here: Place, elsewhere: Place) -> None:
    official = _colleague(here, Role.RECEPTIONIST)
    filed = _filed(here, 1)
    (done,) = _filed(here, 1)
    Dossier.objects.filter(pk=done.pk).update(status=Status.PROCESSING)
    kin = DossierFactory(
        owner_citizen=CitizenFactory(unit=here.unit, pin="079090000017"),
        competent=here.agency,
        status=Status.REGISTERED,
    )
    official.official.self_pin_index = kin.owner.citizen.pin_index
    official.official.save()
    client = signed_in(official)

    chosen: list[Dossier] = [*filed, done, kin, elsewhere.dossier]
    told: Any = _press(client, "receive", chosen, sure=False)

    assert [row.dossier.pk for row in told.context["rows"]] == [filed[0].pk]
    why = {one.row.dossier.pk: one.reason for one in told.context["left"]}
    assert why.keys() == {done.pk, kin.pk}
    assert str(done.get_status_display()) not in why[kin.pk]
    assert why[done.pk] != why[kin.pk]
    assert told.context["gone_count"] == 1
    assert elsewhere.dossier.code not in told.content.decode()

    _press(client, "receive", chosen, sure=True)

    kin.refresh_from_db()
    elsewhere.dossier.refresh_from_db()
    assert kin.status == Status.REGISTERED
    assert not elsewhere.dossier.events.filter(action=Action.RECEIVE).exists()
    assert _statuses(filed) == [Status.RECEIVED]


def test_two_steps_are_taken_together_or_not_at_all(here: Place) -> None:
    client = signed_in(_colleague(here, Role.CASE_OFFICER))
    filed = _filed(here, 2)

    _press(client, "take_up", filed, sure=True)

    for one in filed:
        taken = one.events.values_list("action", flat=True)
        one.refresh_from_db()
        steps = [action for action in taken if action != Action.SUBMIT]
        assert (one.status, steps) in [
            (Status.PROCESSING, [Action.RECEIVE, Action.START_PROCESSING]),
            (Status.REGISTERED, []),
        ]


def test_a_second_press_of_the_same_list_does_nothing_and_says_so(here: Place) -> None:
    client = signed_in(_colleague(here, Role.RECEPTIONIST))
    filed = _filed(here, 2)
    _press(client, "receive", filed, sure=True)

    said = _press(client, "receive", filed, sure=True).content.decode()

    assert DossierEvent.objects.filter(dossier__in=filed, action=Action.RECEIVE).count() == 2
    assert all(one.code in said for one in filed)


def test_a_page_at_a_time(here: Place) -> None:
    client = signed_in(_colleague(here, Role.RECEPTIONIST))
    filed = _filed(here, 1)
    nonsense = [f"{one:032x}:1" for one in range(PER_PAGE)]
    given = {"press": "receive", "dossier": [*nonsense, f"{filed[0].public_id}:1"], "sure": "1"}

    client.post(reverse(BULK), given)

    assert _statuses(filed) == [Status.REGISTERED]


@pytest.mark.parametrize("key", ["approve", "refuse_reception", "return_result", "", "x"])
def test_decisions_are_never_taken_in_bulk(key: str, here: Place) -> None:
    assert _press(signed_in(here.user), key, _filed(here, 1), sure=True).status_code == 403


def test_a_role_is_offered_its_own_presses(here: Place) -> None:
    page = reverse("admin:office_queue")
    offered = {
        role: [one.key for one in signed_in(_colleague(here, role)).get(page).context["bulk"]]
        for role in (Role.RECEPTIONIST, Role.CASE_OFFICER, Role.HEAD_OF_UNIT)
    }

    assert offered == {
        Role.RECEPTIONIST: ["receive"],
        Role.CASE_OFFICER: ["take_up", "receive", "start_processing"],
        Role.HEAD_OF_UNIT: [],
    }


def test_the_page_of_many_asks_no_more_than_of_few(here: Place) -> None:
    client = signed_in(_colleague(here, Role.CASE_OFFICER))
    asked = []
    for count in (1, 3, PER_PAGE):
        filed = _filed(here, count)
        with CaptureQueriesContext(connection) as queries:
            assert len(_press(client, "receive", filed, sure=False).context["rows"]) == count
        asked.append(len(queries))

    assert asked[0] == asked[1] == asked[2] <= 20


def test_what_was_asked_for_is_there_again_afterwards(here: Place) -> None:
    client = signed_in(here.user)

    answer: Any = _press(client, "receive", _filed(here, 1), sure=True, back="mine=1&where=unit")

    assert answer.redirect_chain[-1][0] == f"{reverse('admin:office_queue')}?mine=1&where=unit"


@pytest.mark.django_db(transaction=True)
def test_of_two_officials_at_once_each_dossier_is_moved_by_one() -> None:
    # Given two receptionists with the same list open
    place = make_place(make_house(), "Xuân")
    filed = _filed(place, 4)
    clients = [signed_in(_colleague(place, Role.RECEPTIONIST)) for _ in range(2)]
    start = Barrier(2)

    # When both press at the same moment
    def press(client: Client) -> str:
        try:
            start.wait()
            return says(_press(client, "receive", filed, sure=True))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(press, clients))

    # Then each was received once, and whoever came second is told its code
    events = DossierEvent.objects.filter(dossier__in=filed, action=Action.RECEIVE)
    assert events.count() == 4
    assert _statuses(filed) == [Status.RECEIVED] * 4
    assert all(any(one.code in page for page in said) for one in filed)
