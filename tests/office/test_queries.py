"""How many queries the pages of the desk need, from the table of addresses: few, and constant."""

from __future__ import annotations

from collections import defaultdict

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from citizens.models import Unit
from dossiers.services.open_hall import open_hall
from dossiers.services.take_ticket import take_ticket
from portal.common import clock
from tests.office.crawling import addresses
from tests.office.places import Place, make_place, signed_in
from tests.sizes import of_storms

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors, pytest.mark.slow]

MOST = 20
TRIED = of_storms(3, 6)  # addresses of one name, of those that open


def test_no_page_asks_more_than_it_may(city: Unit) -> None:
    place = make_place(city, "Hạ")
    hall = open_hall(agency=place.agency)
    take_ticket(group=hall.groups.get(prefix="A"), has_priority=False, now=clock.now())
    client = _browser(place)
    most: dict[str, list[int]] = defaultdict(list)
    warm: set[str] = set()

    for address in addresses(searched=place.mark, rows=2):
        name = _named(address)
        if len(most[name]) == TRIED:
            continue
        if name not in warm:
            client.get(address)  # what the process remembers from then on is not counted
            warm.add(name)
        count = _asked(client, address)
        if count is not None:
            most[name].append(count)

    opened = {name: max(counts) for name, counts in most.items() if counts}
    assert len(opened) > 100
    assert {"office_tickets", "office_dossier", "office_queue", "index"} <= opened.keys()
    assert {name: count for name, count in opened.items() if count > MOST} == {}


def test_no_list_asks_more_of_many_rows_than_of_few(city: Unit) -> None:
    place = make_place(city, "Hạ")
    place.official.grants.update(unit=city)
    make_place(city, "Thượng")
    client = _browser(place)
    lists = sorted({one for one in addresses(searched="", rows=0) if "?" not in one})
    for address in lists:
        client.get(address)
    few = {address: _asked(client, address) for address in lists}

    for number in range(3):
        make_place(city, f"Đông{number}")

    many = {address: _asked(client, address) for address in lists}
    assert sum(count is not None for count in few.values()) > 60
    more = {one: (few[one], many[one]) for one in lists if (many[one] or 0) > (few[one] or 0)}
    assert more == {}


def _named(address: str) -> str:
    return str(resolve(address.partition("?")[0]).url_name)


def _asked(client: Client, address: str) -> int | None:
    """Return how many queries a page needs, None where it does not open."""
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)
    return len(asked) if answer.status_code == 200 else None


def _browser(place: Place) -> Client:
    client = signed_in(place.user)
    client.raise_request_exception = False
    return client
