"""Many dossiers to one colleague: told first, one transaction each, and what stayed and why."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from citizens.enums import Role
from citizens.models import AccessLog, Official
from dossiers.enums import Action, Status
from dossiers.models import Absence, Dossier
from portal.common import clock
from portal.office.queue import PER_PAGE
from tests.factories.citizens import CitizenFactory, GrantFactory, OfficialFactory, always
from tests.factories.dossiers import DossierFactory
from tests.office.places import CANARY, Place, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

PAGE = "admin:office_queue_hand_over"


def official(place: Place, *roles: Role, **more: Any) -> Official:
    found: Official = OfficialFactory(agency=place.agency, **more)
    for role in roles:
        GrantFactory(official=found, role=role, unit=place.unit)
    return found


def worked_on(place: Place, by: Official, count: int = 1, **more: Any) -> list[Dossier]:
    """Return dossiers on somebody's desk."""
    told = {"status": Status.PROCESSING, "assignee": by, "competent": place.agency} | more
    return [
        DossierFactory(owner_citizen=CitizenFactory(unit=place.unit), **told)
        for _turn in range(count)
    ]


def press(client: Client, dossiers: list[Dossier], **more: Any) -> Any:
    given = {"dossier": [f"{one.public_id}:{one.version}" for one in dossiers]} | more
    return client.post(reverse(PAGE), given, follow="sure" in more)


def desks(dossiers: list[Dossier]) -> list[int | None]:
    keys = [one.pk for one in dossiers]
    rows = Dossier.objects.filter(pk__in=keys).order_by("pk")
    return list(rows.values_list("assignee", flat=True))


@pytest.fixture
def head(here: Place) -> Official:
    return official(here, Role.HEAD_OF_UNIT)


@pytest.fixture
def leaver(here: Place) -> Official:
    return official(here, Role.CASE_OFFICER)


@pytest.fixture
def taker(here: Place) -> Official:
    return official(here, Role.CASE_OFFICER, user__display_name="Bà Nhận Việc")


def test_it_is_told_first_and_done_when_sure(
    here: Place, head: Official, leaver: Official, taker: Official
) -> None:
    client, going = signed_in(head.user), worked_on(here, leaver, 3)

    told = press(client, going)

    assert [row.dossier.pk for row in told.context["rows"]] == [one.pk for one in going]
    assert "Bà Nhận Việc" in told.content.decode()
    assert desks(going) == [leaver.pk] * 3
    assert set(AccessLog.objects.latest("pk").subject_ids) == {one.owner_id for one in going}

    said = press(client, going, sure="1", to=taker.pk, note="Chuyển  công tác").content.decode()

    assert desks(going) == [taker.pk] * 3
    assert "3 hồ sơ nay do Bà Nhận Việc giải quyết" in said
    for one in going:
        event = one.events.get(action=Action.REASSIGN)
        assert (event.note, event.official) == ("Chuyển công tác", head.user)


@pytest.mark.parametrize("more", [{"to": ""}, {"to": "x"}, {"to": "0"}, {"note": " "}])
def test_without_a_colleague_or_a_reason_it_asks_again(
    here: Place, head: Official, leaver: Official, taker: Official, more: dict[str, str]
) -> None:
    going = worked_on(here, leaver)

    said = press(
        signed_in(head.user), going, **({"sure": "1", "to": taker.pk, "note": "Nghỉ"} | more)
    )

    assert "Hãy chọn đồng nghiệp" in said.content.decode()
    assert desks(going) == [leaver.pk]


def test_whoever_has_them_all_is_not_to_choose(
    here: Place, head: Official, leaver: Official
) -> None:
    here.official.grants.filter(role=Role.CASE_OFFICER).delete()
    client, going = signed_in(head.user), worked_on(here, leaver, 2)

    assert "không có cán bộ thụ lý nào khác" in press(client, going).content.decode()
    official(here, Role.CASE_OFFICER, user__display_name="Ông Mới")
    told = press(client, going)

    assert [str(one) for one in told.context["colleagues"]] == ["Ông Mới"]


def test_what_cannot_go_stays_and_says_why(
    here: Place, elsewhere: Place, head: Official, leaver: Official, taker: Official
) -> None:
    (going,), (with_taker,) = worked_on(here, leaver), worked_on(here, taker)
    (done,) = worked_on(here, leaver, status=Status.DONE)
    foreign = elsewhere.dossier
    (overtaken,) = worked_on(here, leaver)
    chosen = [going, with_taker, done, overtaken, foreign]
    client = signed_in(head.user)

    told = press(client, chosen)

    assert [one.row.dossier.pk for one in told.context["left"]] == [done.pk]
    assert told.context["gone_count"] == 1
    Dossier.objects.filter(pk=overtaken.pk).update(version=overtaken.version + 1)
    said = press(client, chosen, sure="1", to=taker.pk, note="Nghỉ").content.decode()

    assert desks([going, with_taker, done, overtaken]) == [
        taker.pk, taker.pk, leaver.pk, leaver.pk,
    ]  # fmt: skip
    assert "1 hồ sơ nay do" in said
    for one in (with_taker, done, overtaken):
        assert f"({one.code})" in said
    assert foreign.code not in said + told.content.decode()
    assert CANARY not in said + told.content.decode()


def test_a_colleague_who_is_family_gets_the_others(
    here: Place, head: Official, leaver: Official, taker: Official
) -> None:
    kin, other = worked_on(here, leaver, 2)
    Official.objects.filter(pk=taker.pk).update(self_pin_index=kin.owner.citizen.pin_index)
    if kin.owner_id == other.owner_id:
        pytest.fail("two owners are needed")

    press(signed_in(head.user), [kin, other], sure="1", to=taker.pk, note="Nghỉ")

    assert desks([kin, other]) == [leaver.pk, taker.pk]


def test_nobody_who_is_away(here: Place, head: Official, leaver: Official, taker: Official) -> None:
    going = worked_on(here, leaver, 2)
    cover = official(here, Role.CASE_OFFICER)
    Absence.objects.create(official=taker, cover=cover, away=always(clock.today()))

    said = press(signed_in(head.user), going, sure="1", to=taker.pk, note="Nghỉ").content.decode()

    assert desks(going) == [leaver.pk] * 2
    assert going[0].code in said


def test_a_receptionist_has_no_such_press(here: Place, leaver: Official) -> None:
    client = signed_in(official(here, Role.RECEPTIONIST).user)

    assert reverse(PAGE) not in client.get(reverse("admin:office_queue")).content.decode()
    assert press(client, worked_on(here, leaver)).status_code == 403


def test_the_queue_offers_it_with_boxes(here: Place, head: Official, leaver: Official) -> None:
    going = worked_on(here, leaver)

    html = signed_in(head.user).get(reverse("admin:office_queue")).content.decode()

    assert f'formaction="{reverse(PAGE)}"' in html
    assert f'value="{going[0].public_id}:{going[0].version}"' in html


def test_nothing_chosen_leads_back(head: Official) -> None:
    answer = signed_in(head.user).post(reverse(PAGE), {"back": "mine=1"})

    assert answer["Location"] == f"{reverse('admin:office_queue')}?mine=1"


def test_the_page_of_many_asks_no_more_than_of_few(
    here: Place, head: Official, leaver: Official, taker: Official
) -> None:
    client = signed_in(head.user)
    asked = []
    for count in (1, 3, PER_PAGE):
        going = worked_on(here, leaver, count)
        with CaptureQueriesContext(connection) as queries:
            assert len(press(client, going).context["rows"]) == count
        asked.append(len(queries))

    assert asked[0] == asked[1] == asked[2] <= 20
