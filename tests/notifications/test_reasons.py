"""Every reason for which a message did not simply go out is told in Vietnamese."""

from __future__ import annotations

from collections import Counter

import pytest
from django.utils import translation

from notifications.enums import Reason
from notifications.models import REASONS, reason_label

KNOWN = [*Reason, "fact_ended"]


def test_every_reason_has_its_words() -> None:
    assert Counter(str(reason) for reason, _label in REASONS) == Counter(map(str, KNOWN))


@pytest.mark.parametrize("reason", KNOWN)
def test_the_words_are_vietnamese_and_its_own(reason: str) -> None:
    with translation.override("en"):
        english = reason_label(reason)
    with translation.override("vi"):
        vietnamese = reason_label(reason)

    assert vietnamese not in ("", reason, english)


@pytest.mark.parametrize("reason", ["", "made_up"])
def test_what_nobody_knows_is_shown_as_it_stands(reason: str) -> None:
    assert reason_label(reason) == reason
