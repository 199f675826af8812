"""The private address: made, renewed, switched off, limited, and blind to ended rights."""

from __future__ import annotations

import re
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
import time_machine
from django.test import Client

from citizens.models import Authority, CalendarAddress, Citizen, User
from portal.common import clock
from tests.web.calendar.scene import ADDRESS, PAGE, home, read
from tests.web.scene import TODAY, Scene, stranger

pytestmark = pytest.mark.django_db
UNKNOWN = f"/calendar/{'A' * 43}.ics"


def make(client: Client) -> str:
    """Press the button and return the path of the new address."""
    html = client.post(ADDRESS, {"new": "1"}).content.decode()
    found = re.search(r"http://testserver(/calendar/[\w-]{43}\.ics)", html)
    assert found is not None
    return found[1]


def test_a_program_reads_without_signing_in(scene: Scene) -> None:
    home(scene)

    response = Client().get(make(scene.client))

    assert response.status_code == 200
    assert len(read(response.content)) == 3
    assert "no-store" in response["Cache-Control"]


def test_only_a_digest_is_kept_and_the_address_is_shown_once(scene: Scene) -> None:
    path = make(scene.client)
    token = path.split("/")[-1].removesuffix(".ics")

    kept = CalendarAddress.objects.get()

    assert bytes(kept.token_sha256) == sha256(token.encode()).digest()
    assert token not in scene.client.get(PAGE).content.decode()


def test_a_new_address_ends_the_old_one(scene: Scene) -> None:
    old, new = make(scene.client), make(scene.client)

    assert old != new
    assert (Client().get(old).status_code, Client().get(new).status_code) == (404, 200)


def test_switched_off_it_opens_nothing(scene: Scene) -> None:
    path = make(scene.client)

    scene.client.post(ADDRESS, {"end": "1"})

    assert Client().get(path).status_code == 404
    assert not CalendarAddress.objects.exists()


def test_the_page_tells_when_it_was_read(scene: Scene) -> None:
    path = make(scene.client)
    assert "Chưa có ứng dụng lịch nào đọc" in scene.client.get(PAGE).content.decode()

    Client().get(path)

    assert CalendarAddress.objects.get().read_on == TODAY
    assert "20/11/2026" in scene.client.get(PAGE).content.decode()


def test_each_has_an_address_of_their_own(scene: Scene) -> None:
    home(scene)
    _citizen, client = stranger()

    assert read(Client().get(make(client)).content) == []
    assert CalendarAddress.objects.count() == 1


def test_an_ended_right_is_seen_at_the_next_reading(scene: Scene) -> None:
    family = home(scene)
    path = make(scene.client)
    Authority.objects.filter(for_party=family.child.party).update(revoked_at=clock.now())

    assert len(read(Client().get(path).content)) == 1


@pytest.mark.parametrize("what", ["died", "merged", "closed"])
def test_whoever_is_gone_has_no_calendar(scene: Scene, what: str) -> None:
    path = make(scene.client)
    if what == "closed":
        User.objects.filter(pk=scene.user.pk).update(is_active=False)
    else:
        other, _client = stranger()
        ways: dict[str, Any] = {"died": {"died_on": TODAY}, "merged": {"survivor": other}}
        Citizen.objects.filter(pk=scene.lan.pk).update(**ways[what])

    assert Client().get(path).status_code == 404


def test_a_program_may_read_thirty_times_an_hour(scene: Scene) -> None:
    path = make(scene.client)
    with time_machine.travel(
        clock.now().replace(minute=10, second=0, microsecond=0), tick=False
    ) as traveller:
        answers = [Client().get(path).status_code for _ in range(31)]
        refused = Client().get(path)
        traveller.shift(timedelta(hours=1))
        later = Client().get(path).status_code

    assert answers == [200] * 30 + [429]
    assert refused["Retry-After"] == "3600"
    assert later == 200


def test_whoever_guesses_is_soon_refused(scene: Scene) -> None:
    with time_machine.travel(clock.now().replace(minute=1), tick=False):
        answers = [Client().get(UNKNOWN).status_code for _ in range(21)]
        known = Client().get(make(scene.client)).status_code

    assert answers == [404] * 20 + [429]
    assert known == 200


def test_the_button_carries_the_token_of_the_form(scene: Scene) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(scene.user, backend="django.contrib.auth.backends.ModelBackend")
    html = browser.get(PAGE).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"[^/]*?name="new"', html, re.DOTALL)
    assert token is not None

    made = browser.post(ADDRESS, {"new": "1", "csrfmiddlewaretoken": token[1]})

    assert made.status_code == 200
    assert CalendarAddress.objects.exists()


def test_pages_are_posted_by_citizens_only(scene: Scene) -> None:
    assert Client().post(ADDRESS, {"new": "1"}).status_code == 302
    assert scene.client.get(ADDRESS).status_code == 405
    assert not CalendarAddress.objects.exists()
