"""Texts are written by one official, released by another, and never change afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from citizens.models import User
from notifications.enums import TextState
from notifications.models import Text, TextVersion, Topic
from notifications.rules.wordings import Place, Wording, Wordings
from notifications.selectors.text_versions import (
    seen_of,
    version_before,
    version_in_force,
    wordings_of,
)
from notifications.selectors.texts import topics_naming
from notifications.services.discard_texts import discard_texts
from notifications.services.draft_texts import draft_texts
from notifications.services.edit_texts import edit_texts
from notifications.services.release_texts import release_texts
from notifications.services.text_versions import WordingsRefusedError, write_version
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError
from tests.factories.citizens import UserFactory
from tests.factories.notifications import put_version

SMS = Place("sms", "vi")
NEW = "Cong chu dong Da Nang: Da nhan ho so. Ma ((check_code))"


@dataclass(frozen=True)
class Scene:
    """A topic with a draft of the writer's, and an official who may release it."""

    topic: Topic
    draft: TextVersion
    writer: User
    second: User

    def with_sms(self, body: str) -> Wordings:
        """Return the draft's wordings with another SMS."""
        return {**wordings_of(self.draft), SMS: Wording("", body)}

    def edit(self, body: str = NEW, **changes: Any) -> TextVersion:
        """Store another SMS in the draft."""
        return edit_texts(
            version=self.draft,
            by=self.writer,
            seen=seen_of(self.draft),
            wordings=self.with_sms(body),
            **changes,
        )

    def release(self, **changes: Any) -> TextVersion:
        """Release the draft as it is."""
        self.draft.refresh_from_db()
        given: dict[str, Any] = {"by": self.second, "seen": seen_of(self.draft)}
        return release_texts(version=self.draft, now=clock.now(), **given | changes)


@pytest.fixture
def scene(texts: None) -> Scene:
    topic = Topic.objects.get(pk="dossier_received")
    writer, second = UserFactory(of_official=True), UserFactory(of_official=True)
    return Scene(topic, draft_texts(topic=topic, by=writer), writer, second)


def test_a_draft_begins_with_what_is_in_force(scene: Scene) -> None:
    before = version_in_force(scene.topic)

    assert before is not None
    assert (scene.draft.number, scene.draft.base) == (2, before)
    assert wordings_of(scene.draft) == wordings_of(before)
    assert version_before(scene.draft) == before


def test_one_draft_at_a_time(scene: Scene) -> None:
    with pytest.raises(RefusedError, match="2"):
        draft_texts(topic=scene.topic, by=scene.second)


def test_a_second_official_puts_it_into_force(scene: Scene) -> None:
    scene.edit(note="Ngắn hơn")

    released = scene.release()

    assert version_in_force(scene.topic) == released
    assert (released.written_by, released.released_by) == (scene.writer, scene.second)
    assert released.note == "Ngắn hơn"
    assert wordings_of(released)[SMS].body == NEW


def test_whoever_edited_last_cannot_release(scene: Scene) -> None:
    edit_texts(
        version=scene.draft,
        by=scene.second,
        seen=seen_of(scene.draft),
        wordings=scene.with_sms(NEW),
    )

    with pytest.raises(RefusedError):
        scene.release()
    assert scene.release(by=scene.writer).state == TextState.RELEASED


@pytest.mark.parametrize("act", ["edit", "release", "discard"])
def test_what_was_changed_meanwhile_is_neither_overwritten_nor_released(
    scene: Scene, act: str
) -> None:
    seen = seen_of(scene.draft)
    scene.edit()
    acts: dict[str, Callable[[], object]] = {
        "edit": lambda: edit_texts(
            version=scene.draft,
            by=scene.second,
            seen=seen,
            wordings=scene.with_sms(f"{NEW} x"),
        ),
        "release": lambda: scene.release(seen=seen),
        "discard": lambda: discard_texts(version=scene.draft, seen=seen),
    }

    with pytest.raises(StaleVersionError):
        acts[act]()
    assert wordings_of(scene.draft)[SMS].body == NEW


def test_a_second_press_of_save_changes_nothing(scene: Scene) -> None:
    seen, said = seen_of(scene.draft), scene.with_sms(NEW)

    for _press in range(2):
        edit_texts(version=scene.draft, by=scene.writer, seen=seen, wordings=said)

    assert wordings_of(scene.draft) == said


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("Cong chu dong Da Nang: ((pin)). Ma ((check_code))", "vi.sms: Ký tự thứ 24, “((pin))”"),
        ("Cong chu dong Da Nang: ((code)). Ma ((check_code))", "vi.sms: Ký tự thứ 24, “((code))”"),
        ("Da nhan ho so. Ma ((check_code))", "vi.sms: Tin SMS phải bắt đầu bằng tên người gửi"),
        ("Cong chu dong Da Nang: Da nhan.", "vi.sms: Tin SMS phải có mã kiểm tra"),
    ],
)
def test_what_may_not_be_said_is_refused_with_its_place(
    scene: Scene, body: str, place: str
) -> None:
    with pytest.raises(WordingsRefusedError) as refused:
        scene.edit(body)

    assert [reason[: len(place)] for reason in refused.value.reasons] == [place]
    assert wordings_of(scene.draft)[SMS].body != body


def test_a_topic_that_became_sensitive_is_looked_at_again_at_release(scene: Scene) -> None:
    scene.edit("Cong chu dong Da Nang: Viec tro cap cua ong/ba. Ma ((check_code))")

    with pytest.raises(WordingsRefusedError, match="tro cap"):
        scene.release(is_quiet=True)
    assert version_in_force(scene.topic) != scene.draft


def test_a_discarded_draft_is_kept_and_the_next_has_another_number(scene: Scene) -> None:
    discard_texts(version=scene.draft, seen=seen_of(scene.draft))

    assert TextVersion.objects.get(pk=scene.draft.pk).state == TextState.DISCARDED
    assert wordings_of(scene.draft)
    assert draft_texts(topic=scene.topic, by=scene.writer).number == 3


@pytest.mark.parametrize("end", ["released", "discarded"])
def test_what_is_no_draft_any_more_is_never_edited(scene: Scene, end: str) -> None:
    if end == "released":
        scene.release()
    else:
        discard_texts(version=scene.draft, seen=seen_of(scene.draft))

    for act in (scene.edit, scene.release):
        with pytest.raises(RefusedError):
            act()


def test_the_database_keeps_what_was_released(scene: Scene) -> None:
    scene.release()
    rows = Text.objects.filter(topic=scene.topic, version=2)
    version = TextVersion.objects.filter(pk=scene.draft.pk)

    for change in (
        lambda: rows.update(body="x"),
        rows.delete,
        lambda: version.update(state=TextState.DRAFT),
        version.delete,
    ):
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            change()


def test_the_database_wants_a_second_official(scene: Scene) -> None:
    with pytest.raises(IntegrityError, match="text_version_second_official"):
        TextVersion.objects.filter(pk=scene.draft.pk).update(released_by=scene.writer)


def test_the_files_draft_is_released_or_taken_over_by_officials(texts: None) -> None:
    topic = Topic.objects.get(pk="dossier_received")
    own = {**wordings_of(TextVersion.objects.get(topic=topic)), SMS: Wording("", NEW)}
    proposed = put_version(topic, state=TextState.DRAFT)
    writer = UserFactory(of_official=True)
    scene = Scene(topic, proposed, writer, UserFactory(of_official=True))

    edit_texts(version=proposed, by=writer, seen=seen_of(proposed), wordings=own)

    assert scene.release().written_by == writer


def test_an_older_proposal_does_not_take_the_place_of_a_newer_version(texts: None) -> None:
    topic = Topic.objects.get(pk="dossier_received")
    proposed = put_version(topic, state=TextState.DRAFT)
    by, second = UserFactory(of_official=True), UserFactory(of_official=True)
    newer = write_version(topic=topic, wordings=wordings_of(topic.versions.get(number=1)), by=by)
    release_texts(version=newer, by=second, seen=seen_of(newer), now=clock.now())

    with pytest.raises(RefusedError, match="3"):
        release_texts(version=proposed, by=second, seen=seen_of(proposed), now=clock.now())


def test_only_words_in_force_count_as_naming(texts: None) -> None:
    topic = Topic.objects.get(pk="campaign_open")
    assert "campaign_open" not in topics_naming("paper")

    sms = "Cong chu dong Da Nang: ((paper)). Ma ((check_code))"
    put_version(topic, sms=sms, state=TextState.DRAFT)
    assert "campaign_open" not in topics_naming("paper")

    put_version(topic, sms=sms)
    assert "campaign_open" in topics_naming("paper")
