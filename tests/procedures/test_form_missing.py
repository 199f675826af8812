"""What a form lacks: only what belongs to it, as far as that is known."""

from __future__ import annotations

import pytest

from procedures.definition.conditions import Leaf
from procedures.enums import FieldSource, FieldType
from procedures.prefill.asking import asked_of
from procedures.prefill.form import Filled, Form

TOGETHER = Leaf("stated", {"field": "founder_kind", "equals": "together"})


def _field(
    name: str, value: str = "", *, required: bool = True, when: Leaf | None = None
) -> Filled:
    return Filled(
        name=name,
        label_vi=name,
        label_en=name,
        type=FieldType.TEXT,
        required=required,
        choices=(),
        value=value,
        source=FieldSource.REGISTER if value else FieldSource.MISSING,
        register=None,
        register_name_vi="",
        register_name_en="",
        as_of=None,
        group="",
        conditions=when,
    )


@pytest.mark.parametrize(
    ("known", "lacking"),
    [("alone", []), ("together", ["members"]), ("", ["founder_kind", "members"])],
)
def test_a_field_lacks_unless_its_condition_is_known_not_to_hold(
    known: str, lacking: list[str]
) -> None:
    form = Form(fields=[_field("founder_kind", known), _field("members", when=TOGETHER)], papers=[])

    assert [field.name for field in form.missing] == lacking
    assert [field.name for field in asked_of(form)] == lacking


def test_what_may_be_answered_is_not_asked_where_its_condition_does_not_hold() -> None:
    words = _field("words", required=False, when=TOGETHER)

    assert asked_of(Form(fields=[_field("founder_kind", "alone"), words], papers=[])) == []
    assert asked_of(Form(fields=[_field("founder_kind", "together"), words], papers=[])) == [words]


def test_an_answer_that_was_kept_decides_too() -> None:
    form = Form(fields=[_field("founder_kind"), _field("members", when=TOGETHER)], papers=[])

    lacking = form.fitting({"founder_kind": "alone"}).missing

    assert [field.name for field in lacking] == ["founder_kind"]
