"""The number of an act says of which kind it is."""

from __future__ import annotations

import pytest

from procedures.definition.laws import law_name, laws_text


@pytest.mark.parametrize(
    ("number", "named"),
    [
        ("60/2014/QH13", "Luật số 60/2014/QH13"),
        ("123/2015/NĐ-CP", "Nghị định 123/2015/NĐ-CP"),
        ("66.7/2025/NQ-CP", "Nghị quyết 66.7/2025/NQ-CP"),
        ("12/2025/TT-BCA", "Thông tư 12/2025/TT-BCA"),
        ("24/2021/QĐ-TTg", "Quyết định 24/2021/QĐ-TTg"),
        ("163/QĐ-BTP", "Quyết định 163/QĐ-BTP"),
        ("14/2025/NQ-HĐND Đà Nẵng", "Nghị quyết 14/2025/NQ-HĐND Đà Nẵng"),
        ("Điều 19 Luật 91/2025/QH15", "Điều 19 Luật 91/2025/QH15"),
        ("", ""),
    ],
)
def test_an_act_is_named_with_its_kind(number: str, named: str) -> None:
    assert law_name(number) == named


def test_several_acts_stand_one_after_the_other() -> None:
    assert laws_text(["26/2023/QH15", "Luật A"]) == "Luật số 26/2023/QH15, Luật A"
