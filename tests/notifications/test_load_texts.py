"""Topics and texts from the file: whole or not at all, versions never overwritten."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.exceptions import ValidationError

from notifications.enums import Channel
from notifications.models import Text, TextVersion, Topic
from notifications.selectors.text_versions import version_in_force
from notifications.services import load_texts
from notifications.services.draft_texts import draft_texts
from notifications.services.load_texts import TEXTS_FILE
from portal.common.errors import RefusedError
from tests.factories.citizens import UserFactory


def changed_file(folder: Path, change: Any) -> Path:
    document = yaml.safe_load(TEXTS_FILE.read_text(encoding="utf-8"))
    change(document["topics"])
    path = folder / "texts.yaml"
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    return path


def test_the_second_load_changes_nothing(db: None) -> None:
    first = load_texts()
    rows = list(Text.objects.order_by("pk").values())

    second = load_texts()

    assert first.new_version_count == first.topic_count == Topic.objects.count() > 0
    assert second.new_version_count == 0
    assert list(Text.objects.order_by("pk").values()) == rows


def test_a_changed_wording_is_a_new_version_beside_the_old(db: None, tmp_path: Path) -> None:
    load_texts()

    def change(topics: dict[str, Any]) -> None:
        topics["dossier_received"]["texts"]["vi"]["sms"] = (
            "Cong chu dong Da Nang: Da nhan. Ma ((check_code))"
        )

    loaded = load_texts(path=changed_file(tmp_path, change))

    sms = Text.objects.filter(
        topic="dossier_received", channel="sms", language="vi", is_neutral=False
    )
    assert loaded.new_version_count == 1
    assert [text.version for text in sms.order_by("version")] == [1, 2]
    assert Text.objects.filter(topic="dossier_approved", version=2).count() == 0


def saying(sms: str) -> Any:
    def change(topics: dict[str, Any]) -> None:
        topics["dossier_received"]["texts"]["vi"]["sms"] = sms

    return change


def test_what_officials_write_is_never_overtaken_by_the_file(db: None, tmp_path: Path) -> None:
    # Given a file that spoke first, and a draft of an official
    load_texts()
    topic = Topic.objects.get(pk="dossier_received")
    released = TextVersion.objects.get(topic=topic)
    draft_texts(topic=topic, by=UserFactory(of_official=True))

    # When the file says something new, twice, and something newer
    changed = changed_file(tmp_path, saying("Cong chu dong Da Nang: Da nhan. Ma ((check_code))"))
    assert [load_texts(path=changed).new_version_count for _ in range(2)] == [1, 0]
    newer = changed_file(tmp_path, saying("Cong chu dong Da Nang: Da lay. Ma ((check_code))"))
    assert load_texts(path=newer).new_version_count == 1

    # Then it only proposes, its newest words, and the old ones stay in force
    states = TextVersion.objects.filter(topic=topic).order_by("number").values_list("state")
    assert [state for (state,) in states] == ["released", "draft", "discarded", "draft"]
    assert version_in_force(topic) == released


def test_the_file_speaks_on_while_nobody_else_does(db: None, tmp_path: Path) -> None:
    load_texts()

    changed = changed_file(tmp_path, saying("Cong chu dong Da Nang: Da nhan. Ma ((check_code))"))
    load_texts(path=changed)

    version = version_in_force(Topic.objects.get(pk="dossier_received"))
    assert version is not None
    assert (version.number, version.released_by) == (2, None)


def test_operators_keep_their_order_of_channels(db: None) -> None:
    load_texts()
    Topic.objects.filter(pk="dossier_received").update(channels=["sms", "inbox"], name_vi="Tên cũ")

    load_texts()

    topic = Topic.objects.get(pk="dossier_received")
    assert topic.channels == ["sms", "inbox"]
    assert topic.name_vi == "Hồ sơ đã được tiếp nhận"


BROKEN = {
    "unknown placeholder": lambda t: t["dossier_received"]["texts"]["vi"].update(
        sms="((pin)) ((check_code))"
    ),
    "template code": lambda t: t["dossier_received"]["texts"]["vi"]["inbox"].update(body="{{x}}"),
    "link": lambda t: t["dossier_received"]["texts"]["vi"].update(sms="http://a ((check_code))"),
    "no code in an SMS": lambda t: t["dossier_received"]["texts"]["vi"].update(sms="Xin chao"),
    "no sender in an SMS": lambda t: t["dossier_received"]["texts"]["vi"].update(
        sms="Ho so da nhan. Ma ((check_code))"
    ),
    "a dossier's code in an SMS": lambda t: t["dossier_received"]["texts"]["vi"].update(
        sms="Cong chu dong Da Nang: Ho so ((code)). Ma ((check_code))"
    ),
    "no Vietnamese SMS": lambda t: t["dossier_received"]["texts"]["vi"].pop("sms"),
    "unknown channel": lambda t: t["dossier_received"].update(channels=["pigeon"]),
    "unknown priority": lambda t: t["dossier_received"].update(priority="urgent"),
    "missing key": lambda t: t["dossier_received"].pop("params"),
    "unknown key": lambda t: t["dossier_received"].update(colour="red"),
    "texts of a wrong form": lambda t: t["dossier_received"].update(texts={"vi": ["a"]}),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_whole(db: None, tmp_path: Path, name: str) -> None:
    path = changed_file(tmp_path, BROKEN[name])

    with pytest.raises(RefusedError) as refused:
        load_texts(path=path)

    assert all(r.startswith("texts.yaml: dossier_received: ") for r in refused.value.reasons)
    assert Topic.objects.count() == Text.objects.count() == 0


@pytest.mark.parametrize("content", ["", "topics: [1]", "topics: {a: 1}", "{", "\ttopics:"])
def test_what_is_no_file_of_texts_is_refused(db: None, tmp_path: Path, content: str) -> None:
    path = tmp_path / "texts.yaml"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(RefusedError, match=r"texts\.yaml"):
        load_texts(path=path)


def test_an_official_cannot_save_an_unknown_placeholder(texts: None) -> None:
    text = Text(
        topic=Topic.objects.get(pk="dossier_received"),
        version=9,
        channel=Channel.SMS,
        language="vi",
        body="((settings)) ((check_code))",
    )

    with pytest.raises(ValidationError, match=r"\(\(settings\)\)"):
        text.full_clean()
