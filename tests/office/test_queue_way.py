"""From a dossier to the next of the queue that it was opened from, and back to that queue."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from citizens.enums import Role
from dossiers.enums import Status
from dossiers.models import Dossier
from portal.common import clock
from tests.factories.citizens import CitizenFactory
from tests.factories.dossiers import DossierFactory
from tests.office.places import Place, make_house, make_place, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

QUEUE = "admin:office_queue"


def _dossiers(here: Place, *due_on: date | None, **told: Any) -> list[Dossier]:
    """Return dossiers of the place that are due on those days, filed one after the other."""
    begun = clock.now() - timedelta(days=9)
    return [
        DossierFactory(
            owner_citizen=CitizenFactory(unit=here.unit),
            competent=here.agency,
            submitted_at=begun + timedelta(minutes=number),
            due_on=day,
            **{"expected_on": None, "status": Status.RECEIVED, **told},
        )
        for number, day in enumerate(due_on)
    ]


def _page(dossier: Dossier, query: str) -> str:
    address = reverse("admin:office_dossier", args=[dossier.public_id])
    return f"{address}?{urlencode({'queue': query})}"


def _links(client: Client, address: str) -> dict[str, str]:
    """Return where the keys lead from a page: data-next, data-previous, data-back."""
    said = client.get(address).content.decode()
    found = re.findall(r'<a href="([^"]*)"(?: rel="\w+")? data-(next|previous|back)', said)
    return {way: unescape(link) for link, way in found}


@pytest.mark.parametrize("query", ["where=agency", f"where=unit&status={Status.RECEIVED}"])
def test_one_goes_through_the_queue_in_its_order_and_back(here: Place, query: str) -> None:
    # Given dossiers of which two are due the same day and two have no day at all
    today = clock.today()
    days = [None, today + timedelta(days=9), today, today + timedelta(days=9), None, today]
    _dossiers(here, *days)
    client = signed_in(here.user)
    rows = [row.dossier for row in client.get(f"{reverse(QUEUE)}?{query}").context["rows"]]
    assert len(rows) >= len(days)
    codes = [one.public_id for one in rows]

    # When one opens the first and goes on by the links, and then back
    said = client.get(f"{reverse(QUEUE)}?{query}").content.decode()
    at = unescape(re.findall(r'class="queue__open" href="([^"]+)"', said)[0])
    there = [at]
    while "next" in (links := _links(client, there[-1])):
        there.append(links["next"])
    back = [there[-1]]
    while "previous" in (links := _links(client, back[-1])):
        back.append(links["previous"])

    # Then it was the order of the queue, and the way back to it is as it was
    assert [urlsplit(one).path for one in there] == [
        reverse("admin:office_dossier", args=[key]) for key in codes
    ]
    assert back == there[::-1]
    to_queue = urlsplit(_links(client, there[2])["back"])
    assert to_queue.path == reverse(QUEUE)
    assert parse_qs(to_queue.query).items() >= parse_qs(query).items()
    assert "Đây là hồ sơ cuối của danh sách" in client.get(there[-1]).content.decode()


def test_finished_ones_are_gone_through_the_newest_first(here: Place) -> None:
    at = clock.now()
    ends = [at, at - timedelta(days=3), None, at - timedelta(days=1), at - timedelta(days=3), None]
    for number, ended in enumerate(ends):
        _dossiers(here, clock.today() + timedelta(days=number), status=Status.WITHDRAWN)
        Dossier.objects.filter(pk=Dossier.objects.latest("pk").pk).update(finished_at=ended)
    client = signed_in(here.user)
    rows = client.get(f"{reverse(QUEUE)}?due=ended&where=unit").context["rows"]

    there = [_page(rows[0].dossier, "due=ended&where=unit")]
    while "next" in (links := _links(client, there[-1])):
        there.append(links["next"])
    back = [there[-1]]
    while "previous" in (links := _links(client, back[-1])):
        back.append(links["previous"])

    keys = [reverse("admin:office_dossier", args=[row.dossier.public_id]) for row in rows]
    assert len(keys) >= len(ends)
    assert [urlsplit(one).path for one in there] == keys
    assert [urlsplit(one).path for one in back] == keys[::-1]


def test_one_goes_through_what_a_search_found(here: Place) -> None:
    _dossiers(here, clock.today())
    (found,) = _dossiers(here, clock.today())
    client = signed_in(here.user)

    links = _links(client, _page(here.dossier, f"q={found.code}&where=unit"))

    assert str(found.public_id) in links.get("next", "") + links.get("previous", "")
    assert parse_qs(urlsplit(links["back"]).query)["q"] == [found.code]


def test_what_the_queue_leaves_out_is_passed_over(here: Place) -> None:
    today = clock.today()
    first, other, mine = _dossiers(here, today, today, today)
    Dossier.objects.filter(pk__in=[first.pk, mine.pk]).update(assignee=here.official)
    client = signed_in(here.user)

    assert str(mine.public_id) in _links(client, _page(first, "mine=1"))["next"]
    assert str(other.public_id) in _links(client, _page(first, "where=unit"))["next"]


def test_another_communes_dossier_is_never_the_next(here: Place) -> None:
    there = make_place(here.unit.parent or make_house(), "Thượng", roles=(Role.CASE_OFFICER,))
    here.dossier.__class__.objects.filter(pk=here.dossier.pk).update(due_on=clock.today())
    Dossier.objects.filter(competent=there.agency).update(due_on=clock.today())

    links = _links(signed_in(here.user), _page(here.dossier, "where=unit"))

    assert set(links) == {"back"}


def test_a_dossier_that_left_the_queue_keeps_its_place(here: Place) -> None:
    today = clock.today()
    late, done, later = _dossiers(here, today, today + timedelta(days=1), today + timedelta(days=2))
    Dossier.objects.filter(pk=done.pk).update(status=Status.NOT_RECEIVED)

    links = _links(signed_in(here.user), _page(done, "where=agency"))

    assert str(late.public_id) in links["previous"]
    assert str(later.public_id) in links["next"]


def test_the_way_is_kept_over_a_step(here: Place) -> None:
    Dossier.objects.update(status=Status.REGISTERED)
    first, second = _dossiers(here, clock.today(), clock.today(), status=Status.REGISTERED)
    client = signed_in(here.user)
    opened = f"{_page(first, 'where=agency&due=not_started')}&at={clock.today()}"
    said = client.get(opened).content.decode()
    forms = re.findall(r'<form method="post" action="([^"]+/step/[^"]*)"', said)

    given = {"press": "receive", "version": first.version, "note": ""}
    answer = client.post(unescape(forms[0]), given)

    first.refresh_from_db()
    assert first.status == Status.RECEIVED
    links = _links(client, answer["Location"])
    assert "due=not_started" in links["back"]
    # Received, it has another day and another place in the order: one goes on from where one was.
    assert first.due_on != clock.today()
    assert str(second.public_id) in links["next"]


@pytest.mark.parametrize(
    "given",
    [
        "https://evil.example/",
        "//evil.example/?where=unit",
        "where=unit&next=https://evil.example/",
        "due=nothing&status=x&procedure=-1&person=1&mine=2",
        "where=unit#<script>",
        "q=" + "x" * 3000,
        "where=unit&at=never",
    ],
)
def test_nothing_but_what_a_queue_can_be_asked_for_is_carried(here: Place, given: str) -> None:
    client = signed_in(here.user)

    links = _links(client, _page(here.dossier, given))
    step = reverse("admin:office_dossier_step", args=[here.dossier.public_id])
    pressed = client.post(f"{step}?{urlencode({'queue': given})}", {"version": "0", "press": "x"})

    assert urlsplit(links["back"])[:3] == ("", "", reverse(QUEUE))
    assert set(parse_qs(urlsplit(links["back"]).query)) <= {"where"}
    assert "evil" not in links["back"]
    assert "evil" not in pressed.get("Location", "")


def test_without_a_queue_nothing_leads_on(here: Place) -> None:
    _dossiers(here, clock.today())
    address = reverse("admin:office_dossier", args=[here.dossier.public_id])

    assert _links(signed_in(here.user), address) == {"back": reverse(QUEUE)}
