"""Papers, inbox, the log of views, dossiers, and the demo phones."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from citizens.enums import ViewPurpose
from citizens.services import record_access
from dossiers.enums import Status
from dossiers.models import Dossier, Result
from notifications.enums import Channel, MessageState
from notifications.models import DemoDelivery, Message
from portal.common import clock
from portal.web.demo_phones import url_id
from portal.web.presenters.looks import FIELDS
from portal.web.presenters.papers import PaperNames, standing
from procedures.enums import SuggestionState
from tests.factories.citizens import (
    CitizenFactory,
    ContactPointFactory,
    CredentialFactory,
    OfficialFactory,
)
from tests.web.scene import PHONE, TODAY, Scene

BODY = "Chao ba: giay phep lai xe sap het han."


def test_papers_show_masked_numbers(scene: Scene) -> None:
    html = scene.client.get("/my/papers/").content.decode()

    number = scene.licence.number
    assert number not in html
    assert f"•{number[-4:]}" in html
    assert "19/01/2027" in html


def test_a_paper_shows_how_long_it_holds_and_leads_to_what_is_prepared(scene: Scene) -> None:
    card = CredentialFactory(
        holder=scene.lan,
        kind="citizen_identity_card",
        issued_on=TODAY - timedelta(days=100),
        expires_on=TODAY + timedelta(days=300),
    )

    page = scene.client.get("/my/papers/")

    licence, other = page.context["shelves"][0].papers
    assert (licence.url, other.url) == (scene.page, "")
    assert other.bar == (300, 400)
    assert f'href="{scene.page}"' in page.content.decode()
    assert card.holder == scene.lan.party


@pytest.mark.parametrize(
    ("days", "is_prepared", "tone"),
    [(91, False, "ok"), (91, True, "soon"), (90, False, "soon"), (-1, True, "late")],
)
def test_a_paper_stands_as_its_matter_says(days: int, is_prepared: bool, tone: str) -> None:
    ends_on = TODAY + timedelta(days=days)

    assert standing(ends_on, TODAY, is_prepared=is_prepared)[0] == tone


def test_a_reminder_of_the_past_is_not_promised(scene: Scene) -> None:
    names = PaperNames.in_force(TODAY)

    (licence,) = scene.client.get("/my/papers/").context["shelves"][0].papers

    began_on = names.reminds_on(scene.licence)
    assert began_on is not None
    assert began_on < TODAY
    assert licence.reminds_on is None


def _said(scene: Scene) -> Message:
    scene.client.post(scene.page, {"delivery": "Trực tiếp"})
    message = scene.lan.party.messages.get()
    message.state, message.channel = MessageState.SENT, Channel.SMS
    message.rendered, message.sent_at, message.text_version = BODY, clock.now(), 1
    message.save()
    return message


def _unread(scene: Scene) -> int:
    """Return the number beside the way to the inbox."""
    ways = scene.client.get("/my/").context["shortcuts"]
    (count,) = [way["count"] for way in ways if way["url"] == "/my/inbox/"]
    return int(count)


def test_reading_a_letter_marks_it_read(scene: Scene) -> None:
    message = _said(scene)
    assert _unread(scene) == 1
    assert "is-unread" in scene.client.get("/my/inbox/").content.decode()

    html = scene.client.get(f"/my/inbox/{message.public_id}/").content.decode()

    message.refresh_from_db()
    assert message.read_at is not None
    assert BODY in html
    assert f"/my/dossiers/{scene.lan.dossiers.get().public_id}/" in html
    assert "is-unread" not in scene.client.get("/my/inbox/").content.decode()
    assert _unread(scene) == 0


def test_the_person_sees_who_looked(scene: Scene) -> None:
    official = OfficialFactory(agency=scene.office)
    other = CitizenFactory()
    for subjects in ([scene.lan.pk, other.pk], [other.pk]):
        record_access(
            actor=official.user,
            purpose=ViewPurpose.DOSSIER,
            page="dossier",
            fields=["full_name", "birth_date"],
            subject_ids=subjects,
            reference="H17.1-20261120-0000001",
        )

    response = scene.client.get("/my/views/")

    html = response.content.decode()
    assert [len(day.looks) for day in response.context["days"]] == [1]
    for words in ("Phòng CSGT", "Giải quyết hồ sơ", "H17.1-20261120-0000001", "họ và tên"):
        assert words in html
    assert official.user.display_name not in html


def test_a_dossier_can_be_withdrawn_and_filed_anew(scene: Scene) -> None:
    scene.client.post(scene.page, {"delivery": "Trực tiếp"})
    dossier = scene.lan.dossiers.get()
    page = f"/my/dossiers/{dossier.public_id}/"
    assert f"{page}withdraw/" in scene.client.get(page).content.decode()

    scene.client.post(f"{page}withdraw/", {"version": dossier.version})

    dossier.refresh_from_db()
    scene.suggestion.refresh_from_db()
    assert dossier.status == Status.WITHDRAWN
    assert scene.suggestion.state == SuggestionState.OPEN
    assert f"{page}withdraw/" not in scene.client.get(page).content.decode()
    assert scene.client.get(scene.page).status_code == 200


def test_withdrawing_a_dossier_that_moved_meanwhile_is_refused(scene: Scene) -> None:
    scene.client.post(scene.page, {"delivery": "Trực tiếp"})
    dossier = scene.lan.dossiers.get()

    page = f"/my/dossiers/{dossier.public_id}/withdraw/"
    response = scene.client.post(page, {"version": dossier.version + 1}, follow=True)

    dossier.refresh_from_db()
    assert dossier.status == Status.REGISTERED
    assert "Hồ sơ vừa có thay đổi" in response.content.decode()


@pytest.fixture
def delivered(scene: Scene) -> DemoDelivery:
    """One message on Mrs Lan's demo phone."""
    delivery = DemoDelivery.received(reference="a" * 32, address=PHONE, body=BODY)
    delivery.save()
    return delivery


def test_a_demo_phone_shows_what_it_received(client: Client, delivered: DemoDelivery) -> None:
    listed = client.get("/demo/phones/").content.decode()
    shown = client.get(f"/demo/phones/{url_id(PHONE)}/").content.decode()

    assert PHONE not in listed + shown
    assert "050•••0001" in listed
    assert BODY in shown


@pytest.mark.parametrize(("digits", "found"), [("0001", 1), ("001", 1), ("9999", 0), ("", 1)])
def test_demo_phones_are_found_by_last_digits(
    client: Client, delivered: DemoDelivery, digits: str, found: int
) -> None:
    response = client.get("/demo/phones/", {"so": digits})

    assert len(response.context["phones"]) == found


def test_the_phones_of_the_sign_ins_come_first(
    client: Client, scene: Scene, delivered: DemoDelivery
) -> None:
    """`lan` is an account that the sign-in page offers; others have more recent messages."""
    other = ContactPointFactory(value="+84505559999")
    DemoDelivery.received(reference="b" * 32, address="+84505559999", body=BODY).save()

    phones = client.get("/demo/phones/").context["phones"]

    assert [phone.number for phone in phones] == ["050•••0001", "050•••9999"]
    assert other.party.citizen.full_name == phones[1].name


@pytest.mark.parametrize("address", ["/demo/phones/", f"/demo/phones/{'0' * 64}/"])
def test_there_are_no_demo_phones_elsewhere(
    client: Client, db: None, settings: Settings, address: str
) -> None:
    settings.SMS_URL = "kannel+http://u:p@127.0.0.1:1/cgi-bin/sendsms?from=X"

    assert client.get(address).status_code == 404
    assert "/demo/phones/" not in client.get("/").content.decode()


def test_an_unknown_phone_is_not_found(client: Client, db: None) -> None:
    assert client.get(f"/demo/phones/{'0' * 64}/").status_code == 404


def test_whatever_the_desk_writes_down_is_named_to_the_person() -> None:
    """The log keeps names of columns; the person reads words."""
    desk = Path(__file__).parents[2] / "portal/office"
    written = {
        name
        for path in desk.glob("*.py")
        for line in re.findall(r"(?:fields_logged|_LOGGED)[^=\n]*= \(([^)]*)\)", path.read_text())
        for name in re.findall(r'"(\w+)"', line)
    }

    assert len(written) > 8
    assert written - set(FIELDS) == set()


@pytest.mark.parametrize(("fee", "told"), [(None, "Danh mục chưa nêu"), (0, "Không mất phí")])
def test_an_unknown_fee_is_not_told_as_free(scene: Scene, fee: int | None, told: str) -> None:
    scene.client.post(scene.page, {"delivery": "Trực tiếp"})
    dossier = scene.lan.dossiers.get()
    scene.lan.dossiers.update(fee_vnd=fee)

    returns = scene.client.get(f"/my/dossiers/{dossier.public_id}/").context["returns"]

    assert ("Phí, lệ phí", told) in returns


def test_a_watched_paper_says_from_when_it_is_reminded_of(scene: Scene) -> None:
    days = scene.suggestion.rule_version.definition["open_days_before"]
    scene.licence.expires_on = TODAY + timedelta(days=days + 1)
    scene.licence.save()

    html = scene.client.get("/my/papers/").content.decode()

    from_on = scene.licence.expires_on - timedelta(days=days)
    assert re.search(rf"Cổng sẽ nhắc từ [^<]*{from_on:%d/%m/%Y}", html)


def test_a_granted_dossier_says_what_comes_next(scene: Scene) -> None:
    scene.client.post(scene.page, {"delivery": "Trực tiếp"})
    dossier = Dossier.objects.get()
    address = f"/my/dossiers/{dossier.public_id}/"
    before = scene.client.get(address).content.decode()
    officer = OfficialFactory(agency=scene.office)
    dossier.status, dossier.finished_at = Status.DONE, clock.now()
    dossier.assignee = officer
    dossier.save()
    scene.licence.expires_on = date(2036, 11, 23)
    scene.licence.save()
    Result.objects.create(
        dossier=dossier, name_vi="Giấy phép", credential=scene.licence, decided_on=clock.today()
    )

    html = scene.client.get(address).content.decode()

    assert "Kỳ tiếp theo" not in before
    assert re.search(r"có giá trị đến [^<]*23/11/2036", html)
    assert "Cổng sẽ nhắc lại từ" in html
    assert 'href="/my/papers/"' in html
