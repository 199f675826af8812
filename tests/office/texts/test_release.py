"""Releasing texts by a second official, the history, and trials to one's own address only."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from citizens.enums import Role
from citizens.models import User
from notifications.enums import Channel, TextState
from notifications.models import Message, TextVersion
from notifications.rendering import render
from notifications.rules.wordings import TRIAL_TOPIC
from notifications.selectors.text_versions import seen_of
from notifications.selectors.texts import Shelf
from notifications.services.send_trial import send_trial
from portal.common import clock
from portal.common.errors import RefusedError
from tests.factories.citizens import CitizenFactory, ContactPointFactory, UserFactory
from tests.office.places import signed_in
from tests.office.texts.conftest import Edit, OfficialMaker, TextEditor

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

NEW = "Cong chu dong Da Nang: Ho so cua ong/ba vua duoc nhan. Ma ((check_code))"


@pytest.fixture
def written(edit: Edit) -> TextEditor:
    """A draft with another SMS."""
    return edit().set("sms-vi-0-body", NEW).set("note", "Ngắn hơn").press("save")


@pytest.fixture
def approver(make_official: OfficialMaker) -> User:
    """The official who releases."""
    return make_official(Role.APPROVER)


def sent_to(client: Client, name: str, editor: TextEditor, **given: Any) -> Any:
    """Return the answer to a POST about the editor's version."""
    return client.post(reverse(f"admin:office_text_{name}", args=[editor.version.pk]), given)


def state(editor: TextEditor) -> str:
    """Return the state of the editor's version."""
    return TextVersion.objects.get(pk=editor.version.pk).state


def seen(editor: TextEditor) -> str:
    """Return what the version says now."""
    return seen_of(TextVersion.objects.get(pk=editor.version.pk))


def test_the_approver_sees_what_changes_and_releases_it(
    written: TextEditor, approver: User
) -> None:
    client = signed_in(approver)
    page = client.get(reverse("admin:office_text_version", args=[written.version.pk]))
    html = page.content.decode()

    assert "<ins>" in html
    assert "<del>" in html
    assert "Ngắn hơn" in html
    assert f'name="seen" value="{seen(written)}"' in html
    assert sent_to(client, "release", written, seen=seen(written)).status_code == 302
    assert state(written) == TextState.RELEASED
    topic = client.get(reverse("admin:office_text_topic", args=["dossier_received"]))
    assert approver.display_name in topic.content.decode()


def test_what_was_changed_after_it_was_read_is_not_released(
    written: TextEditor, approver: User
) -> None:
    read = seen(written)
    written.set("sms-vi-0-body", f"{NEW}!").press("save")

    answer = sent_to(signed_in(approver), "release", written, seen=read)

    assert (answer.status_code, state(written)) == (409, TextState.DRAFT)


def test_the_writer_does_not_release(
    written: TextEditor, author: User, make_official: OfficialMaker
) -> None:
    assert sent_to(signed_in(author), "release", written, seen=seen(written)).status_code == 403
    both = make_official(Role.APPROVER)
    TextVersion.objects.filter(pk=written.version.pk).update(written_by=both)

    answer = sent_to(signed_in(both), "release", written, seen=seen(written))

    assert (answer.status_code, state(written)) == (422, TextState.DRAFT)


def test_a_discarded_draft_stays_in_the_history(written: TextEditor) -> None:
    sent_to(written.client, "discard", written, seen=seen(written))

    page = written.client.get(reverse("admin:office_text_topic", args=["dossier_received"]))
    assert state(written) == TextState.DISCARDED
    assert "Đã hủy" in page.content.decode()


def test_the_list_tells_who_waits(written: TextEditor, author: User, approver: User) -> None:
    html = signed_in(approver).get(reverse("admin:office_texts")).content.decode()

    assert author.display_name in html
    assert TRIAL_TOPIC not in html


# -------------------------------------------------------------------------------------- trials
def own_phone(user: User, **changes: Any) -> Any:
    """Return a verified phone of an account."""
    given = {"party": None, "user": user, "channel": "sms", "verified_at": clock.now()}
    return ContactPointFactory(**given | changes)


def test_a_trial_goes_to_ones_own_phone_and_is_marked(written: TextEditor, author: User) -> None:
    phone = own_phone(author)

    answer = sent_to(written.client, "trial", written, to=phone.public_id, language="vi")

    assert answer.status_code == 302
    message = Message.objects.get(topic=TRIAL_TOPIC)
    assert (message.user, message.recipient, message.contact_point) == (author, None, phone)
    words = render(
        message,
        shelf=Shelf.of_all(),
        channel=Channel.SMS,
        language="vi",
        is_neutral=False,
        day=clock.today(),
    )
    assert words.content.body == f"[THU] {NEW.replace('((check_code))', '7K3M-P9QX')}"


def test_a_trial_keeps_its_marks_where_the_draft_has_them(edit: Edit, author: User) -> None:
    body = "Cổng chủ động Đà Nẵng: Đã nhận. Mã ((check_code))"
    editor = edit().set("sms-vi-0-body", body).press("save")

    sent = send_trial(version=editor.version, to=own_phone(author), by=author, now=clock.now())

    assert sent is not None
    assert sent.params["said"].startswith("[THU] Cổng chủ động")


@pytest.mark.parametrize("whose", ["citizen", "colleague", "unverified", "old"])
def test_a_trial_goes_nowhere_else(written: TextEditor, author: User, whose: str) -> None:
    old = clock.now().replace(year=2020)
    to: Any
    match whose:
        case "citizen":
            to = ContactPointFactory(party=CitizenFactory().party)
        case "colleague":
            to = own_phone(UserFactory(of_official=True))
        case _:
            to = own_phone(author, verified_at=None if whose == "unverified" else old)

    answer = sent_to(written.client, "trial", written, to=to.public_id, language="vi")

    assert answer.status_code == 422
    with pytest.raises(RefusedError):
        send_trial(version=written.version, to=to, by=author, now=clock.now())
    assert not Message.objects.filter(topic=TRIAL_TOPIC).exists()


def test_who_neither_writes_nor_releases_sends_no_trial(
    written: TextEditor, make_official: OfficialMaker
) -> None:
    head = make_official(Role.HEAD_OF_UNIT)

    answer = sent_to(signed_in(head), "trial", written, to=own_phone(head).public_id)

    assert answer.status_code == 403
