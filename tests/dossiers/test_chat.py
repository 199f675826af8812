"""Chats: what a person may do there, what nobody may, and what is kept of it."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from itertools import count
from typing import Any

import pytest
import time_machine
from django.db import connections

from citizens.models import Tries
from dossiers.documents.store import folder
from dossiers.exchange.chat import SIMULATED, ShapeError, take_chat
from dossiers.models import ChatAccount, Document, Dossier, Draft
from dossiers.services.keep_upload import LARGEST, MOST_A_DAY
from dossiers.services.link_chat import link_chat, make_link_code, unlink_chat
from notifications.models import CallBack, InboundMessage
from portal.common import clock
from procedures.enums import SuggestionState
from tests.dossiers.hostile_files import JPEG, PNG
from tests.dossiers.scene import FRIDAY, Scene, renewal
from tests.factories.citizens import CitizenFactory
from tests.factories.papers import a_document

pytestmark = pytest.mark.django_db
NUMBERS = count()


@pytest.fixture
def scene() -> Iterator[Scene]:
    with time_machine.travel(FRIDAY, tick=True):
        yield renewal()


def zalo(text: str = "", *, photos: tuple[bytes, ...] = (), **changed: Any) -> dict[str, Any]:
    """Return a payload in the shape of a Zalo official account."""
    message: dict[str, Any] = {"msg_id": f"m{next(NUMBERS)}", "text": text}
    message["attachments"] = [
        {"type": "image", "payload": {"data": base64.b64encode(data).decode()}} for data in photos
    ]
    found = {"event_name": "user_send_text", "sender": {"id": "u1"}, "message": message}
    return found | changed


def say(text: str = "", **options: Any) -> str:
    """Write as a Zalo account and return the first answer's words."""
    answers = take_chat("zalo", zalo(text, **options), now=clock.now())
    return str(answers[0]["message"]["text"]) if answers else ""


def press(text: str) -> list[str]:
    """Write and return what the buttons of the answer send."""
    (answer,) = take_chat("zalo", zalo(text), now=clock.now())
    buttons = answer["message"].get("attachment", {}).get("payload", {}).get("buttons", [])
    return [one["payload"] for one in buttons]


def link(scene: Scene) -> None:
    say(make_link_code(citizen=scene.citizen))
    assert ChatAccount.objects.get().citizen == scene.citizen


class TestLink:
    def test_a_code_of_the_portal_links_once(self, scene: Scene) -> None:
        code = make_link_code(citizen=scene.citizen)
        say(code)

        say(code, sender={"id": "thief"})

        assert ChatAccount.objects.get().citizen == scene.citizen

    def test_guessing_stops_after_five_tries(self, scene: Scene) -> None:
        for _try in range(5):
            say("CDFG-2345")

        say(make_link_code(citizen=scene.citizen))

        assert not ChatAccount.objects.exists()

    def test_a_rest_of_ten_minutes_lets_it_try_again(self, scene: Scene) -> None:
        for _try in range(6):
            say("CDFG-2345")

        with time_machine.travel(clock.now() + timedelta(minutes=10)):
            say(make_link_code(citizen=scene.citizen))

        assert ChatAccount.objects.exists()

    def test_who_waits_less_is_still_not_listened_to(self, scene: Scene) -> None:
        for _try in range(6):
            say("CDFG-2345")

        with time_machine.travel(clock.now() + timedelta(minutes=9)):
            say(make_link_code(citizen=scene.citizen))

        assert not ChatAccount.objects.exists()

    def test_an_old_code_links_nothing(self, scene: Scene) -> None:
        code = make_link_code(citizen=scene.citizen)
        with time_machine.travel(FRIDAY.replace(hour=10), tick=False):
            say(code)

        assert not ChatAccount.objects.exists()

    def test_its_owner_lets_it_go_and_nobody_else(self, scene: Scene) -> None:
        link(scene)
        account = ChatAccount.objects.get()

        assert not unlink_chat(citizen=CitizenFactory(), public_id=account.public_id)
        assert unlink_chat(citizen=scene.citizen, public_id=account.public_id)


@pytest.mark.django_db(transaction=True)
def test_twenty_tries_at_once_are_counted_one_after_the_other(transactional_db: None) -> None:
    """Twenty codes, each of them right, from one account at the same moment."""
    account, everybody = "u1", threading.Barrier(20)
    looked_at: list[str] = []

    def try_one(code: str) -> None:
        try:
            everybody.wait(10)
            tries = partial(link_chat, platform="zalo", account=account, now=clock.now())
            if tries(code=code) is not None:
                looked_at.append(code)
        finally:
            connections.close_all()

    citizens = [CitizenFactory() for _ in range(20)]
    codes = [make_link_code(citizen=citizen) for citizen in citizens]
    threads = [threading.Thread(target=try_one, args=(code,)) for code in codes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    # Each code was a right one: as many were looked at as linked.
    assert len(looked_at) == 5
    assert Tries.objects.get().try_count == 20
    assert ChatAccount.objects.get().citizen in citizens


@pytest.mark.parametrize("word", ["giúp", "Giup", "help", "trợ giúp", "?"])
@pytest.mark.parametrize("is_linked", [True, False])
def test_a_word_of_help_is_answered_with_what_can_be_written(
    scene: Scene, word: str, is_linked: bool
) -> None:
    if is_linked:
        link(scene)

    words = say(word)

    assert words.count("\n– ") == 5
    assert ("My choices" in words or "Lựa chọn của tôi" in words) is not is_linked


@pytest.mark.parametrize("words", ["gọi", "Goi cho toi", "call me"])
def test_who_asks_for_a_call_is_called(scene: Scene, words: str) -> None:
    link(scene)

    say(words)

    assert CallBack.objects.get().party == scene.citizen.party


class TestWithoutLink:
    @pytest.mark.parametrize("text", ["xin chào", "1", "đổi giấy phép lái xe", "gọi cho tôi", "0"])
    def test_nothing_is_begun_or_told(self, scene: Scene, text: str) -> None:
        assert say(text)

        assert not Draft.objects.exists()
        assert not CallBack.objects.exists()

    def test_photos_are_not_kept(self, scene: Scene) -> None:
        say(photos=(JPEG,))

        assert not Document.objects.exists()

    def test_a_dossier_s_state_is_not_told(self, scene: Scene) -> None:
        assert say(scene.submit().code) == say("H99.1-20261120-0000009")


class TestBegin:
    def test_what_was_said_finds_what_waits_and_a_press_begins_it(self, scene: Scene) -> None:
        link(scene)
        button, *_others = press("tôi muốn đổi giấy phép lái xe")

        words = say(button)

        draft = Draft.objects.get()
        assert (draft.suggestion, draft.applicant) == (scene.suggestion, scene.citizen)
        assert not Dossier.objects.exists()
        scene.suggestion.refresh_from_db()
        assert scene.suggestion.state == SuggestionState.OPEN
        assert "-" in words

    def test_what_waits_is_offered_on_a_yes(self, scene: Scene) -> None:
        link(scene)

        assert press("ok") == [f"#OPEN:s-{scene.suggestion.public_id}"]

    def test_others_matters_cannot_be_begun(self, scene: Scene) -> None:
        link(scene)
        ChatAccount.objects.update(citizen=CitizenFactory())

        say(f"#OPEN:s-{scene.suggestion.public_id}")

        assert not Draft.objects.exists()

    @pytest.mark.parametrize("key", ["s-x", "p-nothing", "q", "", "s-" + "0" * 32])
    def test_forged_buttons_begin_nothing(self, scene: Scene, key: str) -> None:
        link(scene)

        assert say(f"#OPEN:{key}")
        assert not Draft.objects.exists()

    def test_a_procedure_by_its_name_begins_a_draft_without_suggestion(self, scene: Scene) -> None:
        link(scene)

        say(f"#OPEN:p-{scene.version.procedure.key}")

        assert Draft.objects.get().suggestion is None

    def test_what_nothing_fits_is_a_person_s_to_answer(self, scene: Scene) -> None:
        link(scene)

        say("vườn nhà tôi ngập hết rồi")

        call = CallBack.objects.get()
        assert (call.party, call.unit) == (scene.citizen.party, scene.commune)


class TestPhotos:
    def test_they_are_judged_and_sealed(self, scene: Scene) -> None:
        link(scene)

        say(photos=(JPEG, PNG))

        kept = Document.objects.order_by("pk")
        assert [one.media_type for one in kept] == ["image/jpeg", "image/png"]
        assert {one.scan_state for one in kept} == {"structure"}
        assert {one.owner for one in kept} == {scene.citizen.party}
        stored = (folder() / kept[0].stored_name).read_bytes()
        assert b"JFIF" not in stored
        assert (folder() / kept[0].stored_name).stat().st_mode & 0o077 == 0

    @pytest.mark.parametrize(
        "data",
        [b"", b"GIF89a", b"%PDF-1.7", b"<svg/>", b"MZ\x90", JPEG + b"0" * LARGEST],
        ids=["empty", "gif", "pdf", "svg", "exe", "too large"],
    )
    def test_nothing_else_is_kept(self, scene: Scene, data: bytes) -> None:
        link(scene)

        assert "0" in say(photos=(data,))
        assert not Document.objects.exists()

    def test_the_same_photo_is_kept_once(self, scene: Scene) -> None:
        link(scene)
        say(photos=(JPEG,))
        say(photos=(JPEG,))

        assert Document.objects.count() == 1

    def test_there_is_an_end_to_them(self, scene: Scene) -> None:
        link(scene)
        for number in range(MOST_A_DAY):
            a_document(scene.citizen.party, b"%d" % number)
        say(photos=(JPEG,))

        assert Document.objects.count() == MOST_A_DAY


class TestStatus:
    def test_the_applicant_hears_it(self, scene: Scene) -> None:
        link(scene)
        dossier = scene.submit()

        assert dossier.code in say(dossier.code)

    def test_of_others_no_code_tells_anything(self, scene: Scene) -> None:
        link(scene)
        dossier = scene.submit()
        ChatAccount.objects.update(citizen=CitizenFactory())

        assert say(dossier.code) == say("H99.1-20261120-0000009")


class TestShapes:
    def test_a_message_that_comes_twice_is_answered_once(self, scene: Scene) -> None:
        payload = zalo("xin chào")
        assert take_chat("zalo", payload, now=clock.now())

        assert take_chat("zalo", payload, now=clock.now()) == []
        assert InboundMessage.objects.count() == 1

    def test_messenger_asks_and_answers_in_its_own_shape(self, scene: Scene) -> None:
        sent = {"sender": {"id": "f1"}, "message": {"mid": "m.1", "text": "xin chào"}}
        pressed = {"sender": {"id": "f1"}, "timestamp": 7, "postback": {"payload": "START"}}
        payload = {"object": "page", "entry": [{"messaging": [sent, pressed]}]}

        answers = take_chat("messenger", payload, now=clock.now())

        assert [one["recipient"] for one in answers] == [{"id": "f1"}, {"id": "f1"}]
        assert {one["note"] for one in answers} == {SIMULATED}

    @pytest.mark.parametrize(
        ("platform", "payload"),
        [
            ("zalo", {}),
            ("zalo", []),
            ("zalo", None),
            ("zalo", {"event_name": "x", "sender": "y"}),
            ("messenger", {"object": "user"}),
            ("messenger", {"object": "page", "entry": [{"messaging": [{}]}]}),
            (
                "zalo",
                zalo()
                | {"message": {"attachments": [{"type": "image", "payload": {"data": "ä"}}]}},
            ),
        ],
    )
    def test_nonsense_is_refused(self, scene: Scene, platform: str, payload: Any) -> None:
        with pytest.raises(ShapeError):
            take_chat(platform, payload, now=clock.now())
