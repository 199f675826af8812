"""Language, hours and kinds of offers: chosen by one press, obeyed at once, undone by another."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from citizens.models import User
from citizens.services import choose_hearing
from notifications.enums import Channel
from notifications.models import Preference
from notifications.policy import Hold, decide
from notifications.selectors import opted_out_parties
from notifications.selectors.cases import gather_cases
from notifications.transports.base import Traits
from portal.common.clock import CIVIL_ZONE
from portal.common.errors import RefusedError
from procedures.services.scan import scan_day
from tests.factories.citizens import AuthorityFactory, CitizenFactory
from tests.factories.notifications import MessageFactory
from tests.web.scene import TODAY, Scene

PAGE, HEARING, OFFERS = "/my/choices/", "/my/choices/hearing/", "/my/choices/offers/"
OFFER = "credential_expiring"


def answers(scene: Scene, **changed: str) -> dict[str, str]:
    """Return what the browser sends when nothing but `changed` was pressed."""
    offers = scene.client.get(PAGE).context["offers"]
    return {name: offers[name].initial for name in offers.fields} | changed


def decision(scene: Scene, hour: int) -> object:
    now = datetime.combine(TODAY, datetime.min.time(), CIVIL_ZONE).replace(hour=hour)
    message = MessageFactory(recipient=scene.lan.party)
    (case,) = gather_cases([message], now=now).values()
    return decide(case, now=now, gateways={channel: Traits() for channel in Channel})


def test_the_next_message_waits_for_her_hours_and_speaks_her_language(scene: Scene) -> None:
    scene.client.post(HEARING, {"language": "en", "hours": "8-17"})

    early, now, late = (decision(scene, hour) for hour in (7, 8, 17))
    assert isinstance(early, Hold)
    assert early.until.hour == 8
    assert not isinstance(now, Hold)
    assert getattr(now, "language", "") == "en"
    assert isinstance(late, Hold)
    assert (late.until.date() - TODAY).days == 1


def test_what_she_chose_is_confirmed_and_the_page_speaks_it(scene: Scene) -> None:
    answer = scene.client.post(HEARING, {"language": "en", "hours": "8-20"}, follow=True)

    page = answer.content.decode()
    assert '<html lang="en">' in page
    assert "Recorded, and it holds from now on: English · from 8 to 20 o’clock" in page


def test_one_press_takes_it_back(scene: Scene) -> None:
    page = scene.client.post(HEARING, {"language": "en", "hours": "8-17"}, follow=True)
    undo = page.context["undo_hearing"]

    scene.client.post(undo["url"], undo["values"])

    scene.user.refresh_from_db()
    assert (scene.user.language, scene.user.heard_from, scene.user.heard_until) == ("vi", 7, 21)


@pytest.mark.parametrize(
    "posted", [{}, {"language": "fr", "hours": "7-21"}, {"language": "vi", "hours": "0-24"}]
)
def test_what_is_not_offered_changes_nothing(scene: Scene, posted: dict[str, str]) -> None:
    scene.client.post(HEARING, posted)

    scene.user.refresh_from_db()
    assert (scene.user.language, scene.user.heard_from, scene.user.heard_until) == ("vi", 7, 21)


@pytest.mark.parametrize(("first", "last"), [(6, 20), (8, 22), (9, 9), (20, 8)])
def test_the_night_is_everybodys(scene: Scene, first: int, last: int) -> None:
    with pytest.raises(RefusedError):
        choose_hearing(user=scene.user, language="vi", first_hour=first, last_hour=last)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=scene.user.pk).update(heard_from=first, heard_until=last)


def test_a_kind_of_offer_is_stopped_alone_and_at_once(scene: Scene) -> None:
    page = scene.client.post(OFFERS, answers(scene, **{OFFER: "no"}), follow=True)

    assert opted_out_parties(OFFER).filter(party=scene.lan.party).exists()
    assert not opted_out_parties("campaign_open").exists()
    assert "Giấy tờ sắp hết hạn: Không nhận" in page.content.decode()


@pytest.mark.parametrize(("answer", "count"), [("yes", 1), ("no", 0)])
def test_the_scan_offers_nothing_of_a_stopped_kind(scene: Scene, answer: str, count: int) -> None:
    scene.suggestion.delete()
    scene.client.post(OFFERS, answers(scene, **{OFFER: answer}))

    scan_day(on_date=TODAY)

    assert scene.lan.party.suggestions.count() == count


def test_a_stop_is_taken_back_by_one_press(scene: Scene) -> None:
    page = scene.client.post(OFFERS, answers(scene, **{OFFER: "no"}), follow=True)
    undo = page.context["undo_hearing"]

    scene.client.post(undo["url"], undo["values"])

    assert not Preference.objects.exists()


def test_a_parent_stops_a_kind_for_the_child_alone(scene: Scene) -> None:
    child = CitizenFactory(minor=True)
    AuthorityFactory(actor=scene.lan, for_party=child.party)
    query = f"?for={child.party.public_id}"

    scene.client.post(OFFERS + query, answers(scene, age_milestone_near="no"))

    assert [wish.party for wish in Preference.objects.all()] == [child.party]
    assert scene.client.get(PAGE + query).context["hearing"] is None


def test_whoever_stopped_everything_is_not_asked_about_kinds(scene: Scene) -> None:
    scene.client.post(PAGE, {"service_offers": "no"})

    assert scene.client.get(PAGE).context["offers"] is None


def test_a_visitor_signs_in_first(client: Client) -> None:
    for address in (HEARING, OFFERS):
        assert client.post(address)["Location"].startswith("/accounts/login/")
