"""Lists that nobody leafs through to the end: cut, found by keys, asked from the shorter end."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.paginator import Paginator
from django.db import connection
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from citizens.enums import Role
from citizens.models import Citizen, Unit
from dossiers.enums import ClockColour, Status
from dossiers.models import Dossier
from notifications.models import Message
from portal.common import clock
from portal.office.clock_colours import Day
from portal.office.paging import ListPaginator, found_once
from portal.office.queue import counts_of, dossiers_of, open_first, tab_of
from portal.office.queue_wish import Wish
from portal.office.reach import of_parties
from portal.office.roles import SEES, Desk
from portal.office.standing import standing_on
from tests.factories.citizens import (
    CitizenFactory,
    GrantFactory,
    HouseholdFactory,
    OfficialFactory,
    OrganisationFactory,
)
from tests.factories.dossiers import DossierFactory
from tests.factories.notifications import MessageFactory
from tests.office.places import Place, make_place, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

QUEUE = "admin:office_queue"


class OfThree(ListPaginator):
    most = 3


@pytest.mark.parametrize(
    ("rows", "counted", "is_cut"), [(2, 2, False), (3, 3, False), (5, 3, True)]
)
def test_a_list_is_counted_as_far_as_it_is_leafed(rows: int, counted: int, is_cut: bool) -> None:
    for _number in range(rows):
        CitizenFactory()

    pages = OfThree(Citizen.objects.order_by("pk"), 2)

    assert (pages.count, pages.is_cut, pages.num_pages) == (counted, is_cut, (counted + 1) // 2)
    assert OfThree(list(Citizen.objects.all()), 2).count == counted


def test_a_cut_list_says_so() -> None:
    for _number in range(4):
        CitizenFactory()
    pages = OfThree(Citizen.objects.order_by("pk"), 2)
    listed = SimpleNamespace(paginator=pages, result_count=pages.count, opts=Citizen._meta)

    told = render_to_string("office/parts/list_pages.html", {"cl": listed, "page_range": []})

    assert "hơn 3 dòng" in told


def test_a_page_has_the_rows_that_any_paginator_gives_and_what_was_joined() -> None:
    for _number in range(5):
        CitizenFactory()
    people = Citizen.objects.select_related("unit").order_by("-birth_date", "-pk")

    second = ListPaginator(people, 2).page(2)

    assert list(second) == list(Paginator(people, 2).page(2))
    with CaptureQueriesContext(connection) as asked:
        assert all(person.unit.name_vi for person in second)
    assert len(asked) == 0


def test_what_was_found_is_not_searched_again() -> None:
    wanted, _other = CitizenFactory(given_name="Quýnh"), CitizenFactory()

    found = found_once(Citizen.objects.all(), Citizen.objects.filter(full_name=wanted.full_name))

    assert list(found.rows) == [wanted]
    assert not found.is_cut
    assert "full_name" not in str(found.rows.query.where)


def test_of_too_many_found_the_open_ones_are_kept_and_the_newest_finished() -> None:
    now = clock.now()
    ended = [
        DossierFactory(status=Status.RETURNED, finished_at=now - timedelta(days=days))
        for days in (400, 10, 300)
    ]
    open_ones = [DossierFactory(), DossierFactory()]
    dossiers = Dossier.objects.all()

    found = found_once(dossiers, open_first(dossiers), most=2)

    assert found.is_cut
    assert set(found.rows) == {*open_ones, ended[1]}


def test_finished_dossiers_come_with_the_newest_first(here: Place) -> None:
    now = clock.now()
    ends = [now - timedelta(days=days) for days in (9, 2, 30)]
    made = [
        DossierFactory(competent=here.agency, status=Status.RETURNED, finished_at=end)
        for end in ends
    ]
    client = signed_in(here.user)

    by_clock = client.get(f"{reverse(QUEUE)}?due=ended").context["rows"]
    by_status = client.get(f"{reverse(QUEUE)}?status={Status.RETURNED}").context["rows"]

    assert [row.dossier for row in by_clock] == [made[1], made[0], made[2]]
    assert [row.dossier for row in by_status] == [made[1], made[0], made[2]]


@pytest.mark.parametrize(
    ("finished", "told", "is_cut"), [(0, 0, False), (2, 2, False), (4, 2, True)]
)
def test_finished_ones_are_counted_as_far_as_a_list_is_leafed(
    here: Place, finished: int, told: int, is_cut: bool
) -> None:
    now, standing = clock.now(), standing_on(here.user, clock.today())
    for _number in range(finished):
        DossierFactory(competent=here.agency, status=Status.RETURNED, finished_at=now)
    mine, wish = dossiers_of(standing), Wish.of(QueryDict(), standing)

    counts = counts_of(mine, Day.of(clock.today()), most=2)
    tab = tab_of(ClockColour.ENDED, counts, wish, most=2)
    page = signed_in(here.user).get(reverse(QUEUE))

    assert (tab["count"], tab["is_cut"]) == (told, is_cut)
    shown = next(one for one in page.context["tabs"] if one["colour"] == ClockColour.ENDED)
    assert (shown["count"], shown["is_cut"]) == (finished, False)


def test_a_dossier_is_found_by_the_end_of_its_code_a_name_or_an_organisation(here: Place) -> None:
    client = signed_in(here.user)
    organisation = OrganisationFactory(unit=here.unit, name="Hợp tác xã 30 tháng 4")
    theirs = DossierFactory(competent=here.agency, owner=organisation.party)
    person = CitizenFactory(unit=here.unit, family_name="Đặng", given_name="Quýnh")
    hers = DossierFactory(owner_citizen=person, competent=here.agency)

    def found(text: str) -> set[object]:
        page = client.get(reverse(QUEUE), {"q": text, "where": "unit"})
        return {row.dossier for row in page.context["rows"]}

    assert found(hers.code[-6:]) == {hers}
    assert found(hers.code.lower()) == {hers}
    assert found("quynh dang") == {hers}
    assert found("30 tháng 4") == {theirs}
    assert found("hợp tác xã") == {theirs}
    assert found("quynh 30") == set()


@pytest.mark.parametrize("is_city", [False, True])
def test_messages_of_people_organisations_and_households_of_ones_units(
    is_city: bool, city: Unit
) -> None:
    here, there = make_place(city, "Hạ"), make_place(city, "Thượng")
    official = OfficialFactory(agency=here.agency)
    GrantFactory(official=official, role=Role.OPERATOR, unit=city if is_city else here.unit)
    told = {
        place.unit: [
            MessageFactory(recipient=party)
            for party in (
                OrganisationFactory(unit=place.unit).party,
                HouseholdFactory(unit=place.unit).party,
            )
        ]
        for place in (here, there)
    }
    standing = standing_on(official.user, clock.today())
    roles = SEES[Desk.MESSAGES]

    seen = set(of_parties(Message.objects.all(), "recipient", standing, roles))

    assert bool(standing.communes(roles)) is not is_city
    assert {*told[here.unit], *Message.objects.filter(recipient=here.citizen.party)} <= seen
    assert (set(told[there.unit]) <= seen) is is_city
    assert set(told[there.unit]).isdisjoint(seen) is not is_city
