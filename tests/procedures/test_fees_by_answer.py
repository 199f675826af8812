"""A fee that depends on what the form says: whose conditions the answers meet, and what is open."""

from __future__ import annotations

from datetime import date

import pytest

from procedures.definition import ProcedureDefinition
from procedures.definition.parts import Fee
from procedures.definition.reading import DefinitionError, Node, Problem
from procedures.enums import FilingChannel
from procedures.rules import fee_for, possible_fees
from tests.factories.procedures import catalogue

DAY = date(2026, 11, 20)
LOST = "Cấp lại do mất"


def _of(code: str) -> ProcedureDefinition:
    return next(one for one in catalogue().procedures if one.code == code)


@pytest.mark.parametrize(
    ("answer", "amounts"),
    [
        ("", [200_000, 400_000]),
        ("Cấp lần đầu", [200_000]),
        ("Cấp lại do hết hạn", [200_000]),
        (LOST, [400_000]),
        ("Cấp lại do hỏng", [400_000]),
        ("Khác", [200_000]),
    ],
)
def test_a_passport_costs_what_its_reason_makes_it(answer: str, amounts: list[int]) -> None:
    passport = _of("1.001456")
    said = {"request_content": answer}

    possible = possible_fees(passport.fees, channel=FilingChannel.ONLINE, day=DAY, answers=said)
    fee = fee_for(
        definition=passport, channel=FilingChannel.ONLINE, case=None, day=DAY, answers=said
    )

    assert [one.amount_vnd for one in possible] == amounts
    assert fee == possible[0]


@pytest.mark.parametrize(
    ("kind", "channel", "amounts"),
    [
        ("Nhà ở riêng lẻ", FilingChannel.DIRECT, [50_000]),
        ("Khác", FilingChannel.DIRECT, [100_000]),
        ("", FilingChannel.DIRECT, [50_000, 100_000]),
        ("Khác", FilingChannel.ONLINE, [0]),
    ],
)
def test_a_building_permit_costs_by_the_kind_of_work(
    kind: str, channel: FilingChannel, amounts: list[int]
) -> None:
    permit = _of("1.013225")

    found = possible_fees(permit.fees, channel=channel, day=DAY, answers={"work_kind": kind})

    assert [one.amount_vnd for one in found] == amounts


def test_an_official_may_still_choose_another_case() -> None:
    fee = fee_for(
        definition=_of("1.001456"),
        channel=FilingChannel.DIRECT,
        case="Cấp mới, cấp lại thông thường",
        day=DAY,
        answers={"request_content": LOST},
    )

    assert fee is not None
    assert fee.amount_vnd == 200_000


def test_conditions_are_kept_in_the_document_and_left_out_where_there_are_none() -> None:
    document = _of("1.001456").to_json()

    plain, lost = document["fees"][:2]
    assert "conditions" not in plain
    assert lost["conditions"]["stated"]["in"] == [LOST, "Cấp lại do hỏng"]
    assert ProcedureDefinition.from_json(document) == _of("1.001456")


@pytest.mark.parametrize(
    "conditions",
    [{"age": {"min": 60}}, {"stated": {"field": "reason"}}, {"nonsense": {}}],
)
def test_a_fee_asks_answers_only(conditions: dict[str, object]) -> None:
    problems: list[Problem] = []
    raw = {"amount_vnd": 1, "channel": "any", "conditions": conditions}

    Fee.read(Node(raw, "fees[0]", problems))

    assert problems


def test_a_fee_names_a_field_of_its_form() -> None:
    document = _of("1.001456").to_json()
    document["fees"][1]["conditions"] = {"stated": {"field": "nowhere", "equals": "x"}}

    with pytest.raises(DefinitionError, match="fees"):
        ProcedureDefinition.from_json(document)
