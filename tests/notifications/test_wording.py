"""Filling texts: by replacement from a closed list, and nothing else (F44, F45)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from notifications.rules.checking import names_in, wording_problems
from notifications.rules.wording import WordingError, fill, grouped, short_code

DUE = {
    "paper": {"vi": "Giấy phép", "en": "Licence"},
    "due_on": "2027-01-21",
    "days": 60,
    "count": 1,
}


@pytest.mark.parametrize(
    ("text", "changes", "shown"),
    [
        ("((paper)) đến ((due_on))", {}, "Giấy phép đến 21/01/2027"),
        ("còn ((days)) ngày", {}, "còn 60 ngày"),
        ("đến ((due_on))[, còn ((days)) ngày].", {"days": 0}, "đến 21/01/2027."),
        ("đến ((due_on))[, còn ((days)) ngày].", {"days": 1}, "đến 21/01/2027, còn 1 ngày."),
        ("((paper))[ (tất cả ((count)))]", {}, "Giấy phép"),
        ("((paper))[ (tất cả ((count)))]", {"count": 50}, "Giấy phép (tất cả 50)"),
        ("nộp[ trước ((last_filing_on))]", {"last_filing_on": None}, "nộp"),
        ("nộp[ trước ((last_filing_on))]", {}, "nộp"),
        (
            "nộp[ trước ((last_filing_on))]",
            {"last_filing_on": "2026-12-01"},
            "nộp trước 01/12/2026",
        ),
        ("lý do: ((reason))", {"reason": "((paper)) [x] %(y)s"}, "lý do: ((paper)) [x] %(y)s"),
        ("lý do: ((reason))", {"reason": "a\r\nBcc: b\u202ec"}, "lý do: a Bcc: b c"),
    ],
)
def test_a_text_is_filled(text: str, changes: dict[str, Any], shown: str) -> None:
    assert fill(text, DUE | changes, language="vi") == shown


@pytest.mark.parametrize(("language", "paper"), [("vi", "Giấy phép"), ("en", "Licence")])
def test_a_value_may_differ_by_language(language: str, paper: str) -> None:
    assert fill("((paper))", DUE, language=language) == paper


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("((paper))", {}),
        ("((paper))", {"paper": ""}),
        ("((paper))", {"paper": None}),
        ("((due_on))", {"due_on": "21/01/2027"}),
    ],
)
def test_a_text_without_its_values_is_not_said(text: str, values: dict[str, Any]) -> None:
    with pytest.raises(WordingError):
        fill(text, values, language="vi")


@pytest.mark.parametrize(
    ("text", "at", "piece"),
    [
        ("((personal_id))", 1, "((personal_id))"),
        ("Xin ((Paper))", 5, "((Paper))"),
        ("((paper.__class__))", 1, "((paper.__class__))"),
        ("((paper!r))", 1, "((paper!r))"),
        ("(( paper ))", 1, "(( paper ))"),
        ("(())", 1, "(())"),
        ("((paper", 1, "(("),
        ("paper))", 6, "))"),
        ("((paper)", 1, "(("),
        ("((7*(7)))", 1, "(("),
        ("{{settings.SECRET_KEY}}", 1, "{{settings.SECRET_KEY}}"),
        ("{% include 'x' %}", 1, "{% include 'x' %}"),
        ("{paper}", 1, "{"),
        ("{0.__class__}", 1, "{"),
        ("%(paper)s", 1, "%("),
        ("${7*7}", 1, "${"),
        ("<b>((paper))</b>", 1, "<"),
        ("`id`", 1, "`"),
        ("[((paper))", 1, "["),
        ("a]", 2, "]"),
        ("[a [b ((paper))] c]", 1, "["),
        ("xem http://example.test/((paper))", 5, "http://example.test/((paper))"),
        ("mở danang.gov.vn nhé", 4, "danang.gov.vn"),
        ("www.cong", 1, "www.cong"),
        ("bit.ly/3x", 1, "bit.ly/3x"),
        ("mở Cổng.Mã", 4, "Cổng.Mã"),
        ("viết về a@b", 9, "a@b"),
        ("hạn\x00", 4, "\\x00"),
        ("hạn\n", 4, "\\n"),
        ("a\u202eb", 2, "\\u202e"),
        ("a\u200bb", 2, "\\u200b"),
    ],
)
def test_a_dangerous_wording_is_refused_with_its_place(text: str, at: int, piece: str) -> None:
    problem = wording_problems(text, allowed=["paper"], is_sms=False)[0]

    assert (problem.at, problem.piece) == (at, piece)
    assert problem.told("vi").startswith(f"Ký tự thứ {at}, “{piece}”: ")
    assert problem.told("en").startswith(f"Character {at}, “{piece}”: ")


def test_all_that_is_wrong_is_told_at_once() -> None:
    text = "((pin)) <b> ((paper"

    found = wording_problems(text, allowed=["paper"], is_sms=True)

    assert [problem.at for problem in found] == [1, 9, 11, 13, 0]
    assert found[0].told("vi").endswith("(((paper)), ((check_code))).")
    assert found[-1].told("vi") == "Tin SMS phải có mã kiểm tra ((check_code))."


@pytest.mark.parametrize(
    "text",
    [
        "((paper)) đến ((due_on))[, còn ((days)) ngày]. Mã tin ((check_code))",
        "((paper)) (còn ((days)) ngày), ((days))/((days)).((check_code))",
        "((paper))[ (((days)))] ((check_code))",
        "Phí 50.000 đồng, quận Hải Châu. ((check_code)): 24/7 – 100 %",
    ],
)
def test_a_plain_wording_is_accepted(text: str) -> None:
    assert wording_problems(text, allowed=["paper", "due_on", "days"], is_sms=True) == []


def test_names_are_found_in_their_order() -> None:
    assert names_in("((b)) ((a))[ ((b))] (c)") == ["b", "a", "b"]


def test_an_sms_must_carry_its_code() -> None:
    assert wording_problems("((paper))", allowed=["paper"], is_sms=True)
    assert not wording_problems("((paper))", allowed=["paper"], is_sms=False)


def test_a_short_code_always_belongs_to_the_same_message() -> None:
    first, second = UUID(int=1), UUID(int=2)

    assert short_code(first) == short_code(first)
    assert short_code(first) != short_code(second)
    assert len(short_code(first)) == 8
    assert not set(short_code(first)) & set("01AEIOULS")
    assert grouped("ABCDEFGH") == "ABCD-EFGH"
