"""A rule in sentences: whom it tells, when, whom not, where."""

from __future__ import annotations

from typing import Any

import pytest

from procedures.definition import RuleDefinition
from procedures.definition.rule_sentences import rule_in_sentences
from procedures.definition.sentences import Words
from tests.factories.procedures import rule_definition

NAMES = {
    "20194": Words("Phường Hải Châu", "Hai Chau ward"),
    "driving_licence": Words("Giấy phép lái xe", "Driving licence"),
    "INS.member": Words("Người tham gia", "Members"),
    "INS.member.kind": Words("chế độ", "kind"),
}


def changed(key: str, **changes: Any) -> RuleDefinition:
    return RuleDefinition.from_json(rule_definition(key).to_json() | changes)


def said(rule: RuleDefinition) -> str:
    return " ".join(one.vi for one in rule_in_sentences(rule, NAMES))


@pytest.mark.parametrize(
    ("key", "begins"),
    [
        ("driving_licence_renewal", "Báo cho người có giấy phép lái xe (người chưa thành niên: "),
        ("identity_card_replace_at_age", "Báo cho người sắp đủ 25, 40 hoặc 60 tuổi khi sinh nhật"),
        ("birth", "Báo cho cha mẹ của người mà sự kiện nói đến khi có sự kiện: báo sinh. Nhắc"),
        ("death", "Báo cho gia đình của người mà sự kiện nói đến khi có sự kiện: báo tử."),
        ("transport_badge", "Báo cho người đại diện của tổ chức có phù hiệu xe"),
        ("poor_household_annual_review", "Báo cho chủ hộ thuộc diện "),
        ("primary_school_admission", "Báo cho cha, mẹ hoặc người giám hộ của người đủ 6 tuổi"),
        ("start_household_business", "Không tự báo cho ai"),
    ],
)  # fmt: skip
def test_it_begins_with_whom_and_when(key: str, begins: str) -> None:
    assert said(rule_definition(key)).startswith(begins)


@pytest.mark.parametrize(
    ("key", "changes", "sentence"),
    [
        ("identity_card_replace_at_age", {"lead_days": [30, 0]}, "trước 30 ngày, và đúng ngày đó."),
        ("identity_card_replace_at_age", {"lead_days": [0]}, "Nhắc đúng ngày đó."),
        ("driving_licence_renewal", {"grace_days": 0, "lead_days": [60]}, "Nhắc trước 60 ngày."),
        ("driving_licence_renewal", {"units": ["20194"]}, "thí điểm, chỉ tại: Phường Hải Châu."),
        ("house_connect", {}, "Báo ngay khi biết; việc cần làm trong 120 ngày."),
        ("primary_school_admission", {}, "Nhắc vào ngày 15/04, 08/05 và 15/05."),
    ],
)
def test_it_counts_as_an_official_counts(key: str, changes: dict[str, Any], sentence: str) -> None:
    assert sentence.lower() in said(changed(key, **changes)).lower()


def test_conditions_call_codes_by_their_names() -> None:
    tree = {
        "all": [
            {"unit": {"codes": ["20194"]}},
            {"not": {"other_credential": {"kind": "driving_licence"}}},
            {"record": {"register": "INS", "kind": "member", "field": "kind", "equals": "x"}},
        ]
    }

    told = said(changed("social_pension", conditions=tree))

    assert "mã xã, phường Phường Hải Châu và không phải" in told
    assert "loại giấy tờ Giấy phép lái xe" in told
    assert "bảng Người tham gia, trường chế độ, bằng x" in told
    assert "còn thiếu một thông tin cũng được báo" in told


def test_english_says_the_same() -> None:
    told = [one.en for one in rule_in_sentences(rule_definition("death"), NAMES)]

    assert told[0].startswith("Tell the family of whoever is concerned by the event")
    assert len(told) == len(rule_in_sentences(rule_definition("death"), NAMES))
