"""What each place of a set of wordings may say; the shipped texts all may be said."""

from __future__ import annotations

from dataclasses import replace

import pytest
import yaml

from notifications.enums import Channel
from notifications.rules.sms import as_sent, forcing_characters
from notifications.rules.wordings import (
    SENDERS,
    TRIAL_TOPIC,
    Place,
    TopicRules,
    Wording,
    Wordings,
    folded,
    serving,
    set_problems,
)
from notifications.services.load_texts import TEXTS_FILE

TOPIC = TopicRules(
    "some_topic",
    params=("paper", "due_on", "count", "code", "procedure", "event_on"),
    channels=("app", "sms", "inbox"),
)
QUIET = replace(TOPIC, is_quiet=True)
PLAIN: Wordings = {
    Place("inbox", "vi"): Wording("((paper))", "((procedure)), hồ sơ ((code))"),
    Place("sms", "vi"): Wording("", "Cong chu dong Da Nang: Co viec. Ma ((check_code))"),
}


def told(changes: Wordings, topic: TopicRules = TOPIC) -> list[tuple[str, str]]:
    """Return place and piece of all that is wrong."""
    found = set_problems({**PLAIN, **changes}, topic)
    return [(str(one.place), one.problem.piece or one.problem.vi) for one in found]


def test_a_plain_set_is_accepted() -> None:
    assert told({}) == []


@pytest.mark.parametrize("channel", ["inbox", "sms"])
def test_what_a_channel_of_the_topic_needs_is_missed(channel: str) -> None:
    kept = {place: text for place, text in PLAIN.items() if place.channel != channel}

    missed = {str(one.place) for one in set_problems(kept, TOPIC)}

    assert missed == ({"vi.inbox"} if channel == "inbox" else {"vi.app", "vi.sms"})


SENDER = "Cong chu dong Da Nang"
SMS_SAID = [
    (f"{SENDER}: ((paper)), han ((due_on)). Ma ((check_code))", []),
    ("Cổng chủ động Đà Nẵng: có việc. Mã ((check_code))", []),
    ("CONG CHU DONG DA NANG: co viec. ((check_code))", []),
    ("Xin chao. ((check_code))", ["tin SMS phải bắt đầu bằng tên người gửi"]),
    (f"{SENDER}xxx: a. ((check_code))", ["tin SMS phải bắt đầu bằng tên người gửi"]),
    (f"{SENDER}: ho so ((code)). Ma ((check_code))", ["((code))"]),
    (f"{SENDER}: ((procedure)). Ma ((check_code))", ["((procedure))"]),
    (f"{SENDER}: sinh ngay ((event_on)). Ma ((check_code))", ["((event_on))"]),
    (f"{SENDER}: so 048 199 000 123. Ma ((check_code))", ["048 199 000 123"]),
    (f"{SENDER}: goi 0905.123.456. Ma ((check_code))", ["0905.123.456"]),
    (f"{SENDER}: goi 1022, 24/7. Ma ((check_code))", []),
    (f"{SENDER}: khong co ma", ["tin SMS phải có mã kiểm tra"]),
]


@pytest.mark.parametrize(("body", "pieces"), SMS_SAID)
def test_an_sms_tells_sender_and_code_and_nothing_personal(body: str, pieces: list[str]) -> None:
    found = told({Place("sms", "vi"): Wording("", body)})

    assert [piece[: len(wanted)] for (_at, piece), wanted in zip(found, pieces, strict=True)] == (
        pieces
    )


@pytest.mark.parametrize("channel", ["app", "push", "zalo"])
def test_nothing_personal_stands_on_a_locked_screen(channel: str) -> None:
    place = Place(channel, "vi")

    assert told({place: Wording("((code))", "((check_code))")}) == [(str(place), "((code))")]


@pytest.mark.parametrize("channel", list(Channel))
def test_a_neutral_wording_does_not_say_what_the_matter_is(channel: str) -> None:
    place = Place(channel, "vi", is_neutral=True)
    body = f"{SENDER}: ((paper)) ((due_on)) ((check_code))"

    assert told({place: Wording("", body)}) == [(str(place), "((paper))")]


WORDS = ["hộ nghèo", "trợ cấp", "Bệnh", "khuyết tật", "ho ngheo", "HIV", "poverty", "Health"]


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("channel", ["sms", "app", "push", "zalo", "email"])
def test_a_sensitive_topic_is_named_in_the_inbox_only(channel: str, word: str) -> None:
    place = Place(channel, "vi")
    said = {place: Wording("", f"{SENDER}… {word} ((check_code))")}

    assert told(said, QUIET) == [(str(place), word)]
    assert told(said, TOPIC) == []
    assert told({Place("inbox", "vi"): Wording(word, word)}, QUIET) == []


def test_a_sensitive_topic_does_not_name_its_paper_outside() -> None:
    place = Place("app", "vi")
    said = {place: Wording("((paper))", "((due_on)) ((check_code))")}

    assert told(said, QUIET) == [(str(place), "((paper))")]
    assert told(said, TOPIC) == []


def test_a_whole_text_is_tried_out_under_a_topic_of_its_own() -> None:
    trial = TopicRules(TRIAL_TOPIC, params=("said",), channels=("sms",))

    assert not set_problems({Place("sms", "vi"): Wording("", "((said))")}, trial)


@pytest.mark.parametrize(
    ("wanted", "served"),
    [
        (Place("sms", "vi"), Place("sms", "vi")),
        (Place("app", "vi"), Place("sms", "vi")),
        (Place("email", "en"), Place("sms", "vi")),
        (Place("inbox", "en"), Place("inbox", "vi")),
        (Place("sms", "vi", is_neutral=True), None),
    ],
)
def test_which_wording_serves_a_place(wanted: Place, served: Place | None) -> None:
    assert serving(PLAIN, wanted) == served


def test_the_long_form_never_leaves_the_portal() -> None:
    only_inbox = {Place("inbox", "vi"): Wording("", "a")}

    for channel in set(Channel) - {Channel.INBOX}:
        assert serving(only_inbox, Place(channel, "vi")) is None


def test_stored_letters_are_composed_and_spaces_single() -> None:
    assert folded(" Ho\u0302\u0300  so\u031b\n") == "Hồ sơ"


@pytest.mark.parametrize(
    ("text", "wording", "sent"),
    [
        ("Giấy phép den han", "((paper)) den han", "Giay phep den han"),
        ("Giấy phép đến hạn", "((paper)) đến hạn", "Giấy phép đến hạn"),
        ("Cổng chủ động", "((said))", "Cổng chủ động"),
    ],
)
def test_values_lose_their_marks_where_the_wording_has_none(
    text: str, wording: str, sent: str
) -> None:
    assert as_sent(text, wording=wording) == sent


def test_characters_that_force_ucs2_are_told() -> None:
    assert forcing_characters("Đà Nẵng, đến hạn €") == "Đẵđếạ"


# ----------------------------------------------------------------------------- what is shipped
TOPICS = yaml.safe_load(TEXTS_FILE.read_text(encoding="utf-8"))["topics"]


@pytest.mark.parametrize("key", TOPICS)
def test_every_topic_is_told_in_both_languages(key: str) -> None:
    texts, channels = TOPICS[key]["texts"], set(TOPICS[key]["channels"])

    assert set(texts["vi"]) == set(texts["en"])
    for language in SENDERS:
        said = {Place(name, language): Wording("", "") for name in texts[language]}
        for channel in channels:
            assert serving(said, Place(channel, language)), (language, channel)
        assert not channels & {"inbox", "sms"} - set(texts[language])
