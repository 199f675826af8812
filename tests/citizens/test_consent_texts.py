"""The words of consent: readable, whole, and never changed once they were shown."""

from __future__ import annotations

import pytest

from citizens.definition.consent_texts import ConsentTextError, consent_texts, read_texts
from citizens.enums import ConsentPurpose

# What people have been shown: a changed digest here means that a proof no longer fits its words.
RELEASED = {
    ("service_offers", 1, "vi"): "13f0df207a514f9b20f610ca500fd3c26f87f856d159b333de1f52848470ce5c",
    ("service_offers", 1, "en"): "b4ea903d3e682663352a3f36f667c4f9d039ae4b53ec0d2348e487b2dc40a413",
    ("surveys", 1, "vi"): "99df2ac4f8b50b3b4cdfb0a5cc8fd526d6aeba866bf99d318e9dea0d32153c00",
    ("surveys", 1, "en"): "ec66dc736290b0d5f568c41574296b918f2f3badf9aed6152192fc1991c16196",
    ("research", 1, "vi"): "c99b2e826a548757ea1461aa433f1acc84dfb9bcf940673655ca93add9974311",
    ("research", 1, "en"): "9fbca976cf4d9cc1fc648c67257fac28303b6affb25512579d78e02dde64bb63",
    (
        "stop_by_request",
        1,
        "vi",
    ): "803b3d6796de719d2e8d2c131ec78542260427115b627c65ba9e8dc2bfd89c12",
    (
        "stop_by_request",
        1,
        "en",
    ): "b11ae60e2680c939b5b90751dce731d9dce65ca7621a361bcc9eece79fa66bd7",
    ("stop_by_reply", 1, "vi"): "9576b2e10de0716ab27cbf7ac246c5c94b6d4c406902dd34b1902be8a5db6e75",
    ("stop_by_reply", 1, "en"): "cb63230756966b5725f152b26477328d458523c542129f5c2f52e1915788db5f",
}
ENTRY = """
  - key: {key}
    version: {version}
    vi: {{title: Một, what: Hai, who: Ba, stop: Bốn}}
    en: {{title: One, what: Two, who: Three, stop: Four}}
"""


def document(*entries: tuple[str, int]) -> str:
    return "texts:" + "".join(ENTRY.format(key=key, version=version) for key, version in entries)


def test_a_released_wording_never_changes() -> None:
    shipped = consent_texts().by_version.values()

    digests = {
        (text.key, text.version, language): wording.sha256
        for text in shipped
        for language, wording in text.wordings.items()
    }

    assert digests == RELEASED


@pytest.mark.parametrize("purpose", ConsentPurpose)
def test_every_purpose_says_what_is_done_by_whom_and_how_to_stop(purpose: ConsentPurpose) -> None:
    text = consent_texts().current(purpose)

    for wording in text.wordings.values():
        assert all((wording.title, wording.what, wording.who, wording.stop))


def test_the_newest_version_is_shown_and_older_ones_stay_readable() -> None:
    texts = read_texts(document(("offers", 1), ("offers", 2), ("other", 1)))

    assert texts.current("offers").version == 2
    assert texts.shown("offers", 1) is not None
    assert texts.shown("offers", 3) is None


def test_a_language_without_words_of_its_own_falls_back_to_vietnamese() -> None:
    text = read_texts(document(("offers", 1))).current("offers")

    assert text.in_language("en-GB").title == "One"
    assert text.in_language("fr").title == "Một"


def test_a_line_break_is_no_other_wording_a_moved_word_is() -> None:
    folded = read_texts(document(("offers", 1)).replace("what: Hai", 'what: "  Hai\\n "'))
    moved = read_texts(
        document(("offers", 1)).replace("what: Hai, who: Ba", "what: Hai Ba, who: x")
    )
    plain = read_texts(document(("offers", 1)))

    def digest(texts: object) -> str:
        return texts.current("offers").in_language("vi").sha256  # type: ignore[attr-defined, no-any-return]

    assert digest(folded) == digest(plain)
    assert digest(moved) != digest(plain)


@pytest.mark.parametrize(
    "broken",
    [
        "texts: [",
        "nothing: []",
        document(("offers", 2)),
        document(("offers", 1), ("offers", 3)),
        document(("offers", 1)).replace(", stop: Bốn", ""),
        document(("offers", 1)).replace("stop: Four", "stop: Four, small_print: Five"),
        "texts:\n  - {key: offers, version: 1, vi: {}}",
    ],
)
def test_what_cannot_be_shown_is_refused(broken: str) -> None:
    with pytest.raises(ConsentTextError):
        read_texts(broken)


def test_a_text_that_nobody_wrote_is_refused() -> None:
    with pytest.raises(ConsentTextError):
        consent_texts().current("advertising")
