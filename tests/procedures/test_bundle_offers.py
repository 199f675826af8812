"""What a bundle offers: which steps one confirmation files, which wait, which the law spares."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from procedures.definition.bundle import (
    BundleDefinition,
    Step,
    asked_once,
    check_bundle,
    may_be_shared,
)
from procedures.definition.bundle_sentences import bundle_in_sentences
from procedures.definition.sentences import Words
from procedures.models import BundleVersion
from procedures.selectors import offer_of_bundle, offered_unasked
from procedures.selectors.bundle_questions import questions_of, spared_by
from tests.factories.procedures import (
    BundleFactory,
    BundleVersionFactory,
    ProcedureVersionFactory,
    RuleFactory,
    RuleVersionFactory,
    bundle_definition,
    catalogue,
)

DAY = date(2026, 11, 20)
PERMIT, POWER, WATER, BUSINESS = "1.013225", "DV-DIEN-01", "DV-NUOC-01", "1.001612"
EXEMPT = {"work_kind": "Nhà ở riêng lẻ", "floors": "3", "protected_area": "Không"}
PROCEDURES = {one.code: one for one in catalogue().procedures}


def version(steps: list[dict[str, Any]], **more: Any) -> BundleVersion:
    """Put a bundle with these steps, and every procedure that it names, into force."""
    for code in {step["procedure"] for step in steps} - set(more.pop("abolished", ())):
        ProcedureVersionFactory(procedure__key=PROCEDURES[code].key)
    document = bundle_definition("house_build").to_json() | {"steps": steps} | more
    made: BundleVersion = BundleVersionFactory(bundle__key="house_build", definition=document)
    return made


def step(code: str, after: str | None = None, **more: bool) -> dict[str, Any]:
    return {"procedure": code, "after": after, **more}


HOUSE = [
    step(PERMIT, skipped_when_exempt=True),
    step(POWER, after=PERMIT),
    step(WATER, after=PERMIT),
]


@pytest.mark.django_db
class TestOffer:
    @pytest.mark.parametrize(
        ("steps", "stated", "filed"),
        [
            (HOUSE, {}, [PERMIT]),
            (HOUSE, EXEMPT, [POWER, WATER]),
            (HOUSE, EXEMPT | {"floors": "9"}, [PERMIT]),
            (HOUSE, EXEMPT | {"floors": ""}, [PERMIT]),
            ([step(POWER), step(WATER)], {}, [POWER, WATER]),
            ([step(POWER), step(WATER, after=POWER)], {}, [POWER]),
            ([step(POWER), step(WATER, optional=True)], {}, [POWER]),
            ([step(POWER, optional=True)], {}, [POWER]),
            ([step(POWER), step(WATER), step(BUSINESS, after=WATER)], {}, [POWER, WATER]),
        ],
    )
    def test_what_one_confirmation_files(
        self, steps: list[dict[str, Any]], stated: dict[str, str], filed: list[str]
    ) -> None:
        offer = offer_of_bundle(version(steps), stated, DAY)

        assert [one.procedure.code for one in offer.versions] == filed
        assert [one.code for one in offer.steps if one.is_filed] == filed
        assert [one.code for one in offer.steps] == [one["procedure"] for one in steps]

    def test_a_linked_procedure_stands_for_its_steps(self) -> None:
        bundle = version(HOUSE, linked_procedure=PERMIT)

        offer = offer_of_bundle(bundle, {}, DAY)

        assert [one.procedure.code for one in offer.versions] == [PERMIT]
        assert [one.procedure.code for one in offer.later] == [POWER, WATER]
        assert [one.awaits for one in offer.steps] == ["", PERMIT, PERMIT]
        assert offer.linked == offer.version

    def test_without_its_steps_the_linked_procedure_is_filed_itself(self) -> None:
        bundle = version(HOUSE, linked_procedure=BUSINESS, abolished=[PERMIT, POWER, WATER])
        ProcedureVersionFactory(procedure__key=PROCEDURES[BUSINESS].key)

        offer = offer_of_bundle(bundle, {}, DAY)

        assert [one.procedure.code for one in offer.versions] == [BUSINESS]
        assert (offer.steps, offer.later) == ((), ())

    @pytest.mark.parametrize(
        ("after", "wanted", "filed", "later"),
        [
            (None, [], [POWER], []),
            (None, [WATER], [POWER, WATER], []),
            (POWER, [], [POWER], []),
            (POWER, [WATER], [POWER], [WATER]),
        ],
    )
    def test_a_step_for_whoever_wishes(
        self, after: str | None, wanted: list[str], filed: list[str], later: list[str]
    ) -> None:
        bundle = version([step(POWER), step(WATER, after=after, optional=True)])

        offer = offer_of_bundle(bundle, {}, DAY, wanted)

        assert [one.procedure.code for one in offer.versions] == filed
        assert [one.procedure.code for one in offer.later] == later

    def test_without_its_linked_procedure_nothing_is_offered(self) -> None:
        offer = offer_of_bundle(version(HOUSE, linked_procedure=BUSINESS), {}, DAY)

        assert offer.version is None
        assert not any(one.is_filed for one in offer.steps)

    def test_what_is_no_longer_in_force_is_not_waited_for(self) -> None:
        offer = offer_of_bundle(version(HOUSE, abolished=[PERMIT]), {}, DAY)

        assert [one.procedure.code for one in offer.versions] == [POWER, WATER]
        assert [one.after for one in offer.steps] == [None, None]

    def test_a_step_says_what_it_waits_for_and_why_it_is_spared(self) -> None:
        bundle = version(HOUSE)

        waiting, exempt = (offer_of_bundle(bundle, said, DAY) for said in ({}, EXEMPT))

        assert waiting.steps[1].after is not None
        assert exempt.steps[1].after is None
        assert exempt.steps[0].exemption is not None
        assert exempt.steps[0].exemption.key == "house_under_seven_storeys"

    def test_before_the_exemption_nobody_is_spared(self) -> None:
        bundle, before = version(HOUSE), date(2026, 6, 30)

        assert offer_of_bundle(bundle, EXEMPT, before).steps[0].is_filed
        assert questions_of(bundle, day=before) == []
        assert spared_by(bundle, EXEMPT, day=before) == []

    def test_what_a_rule_offers_by_itself(self) -> None:
        version(HOUSE)
        owner = BundleFactory(key="house_connect")
        BundleVersionFactory(bundle=owner)
        rule = RuleFactory(key="house_connect", procedure=None, bundle=owner)
        RuleVersionFactory(rule=rule)

        assert offered_unasked(codes=[POWER, WATER, PERMIT], day=DAY) == {POWER, WATER}
        rule.is_active = False
        rule.save()
        assert offered_unasked(codes=[POWER], day=DAY) == set()


class TestQuestions:
    def test_common_and_shared_fields_are_asked_once(self) -> None:
        asked = asked_once([POWER, WATER], {"supply_address"}, PROCEDURES)

        codes = {(one.field.name, one.codes) for one in asked}
        assert ("full_name", (POWER, WATER)) in codes
        assert ("supply_address", (POWER, WATER)) in codes
        assert {("purpose", (POWER,)), ("purpose", (WATER,))} <= codes

    def test_nothing_is_lost(self) -> None:
        asked = asked_once([POWER, WATER], (), PROCEDURES)

        for code in (POWER, WATER):
            names = [one.field.name for one in asked if code in one.codes]
            assert sorted(names) == sorted(one.name for one in PROCEDURES[code].form_fields)

    @pytest.mark.parametrize(
        ("codes", "names"),
        [
            ([POWER, WATER], ["supply_address", "purpose"]),
            ([POWER, POWER], []),
            ([POWER], []),
            ([POWER, "9.999999"], []),
        ],
    )
    def test_what_may_be_shared(self, codes: list[str], names: list[str]) -> None:
        assert list(may_be_shared(codes, PROCEDURES)) == names


def bundle(*steps: Step, shared: tuple[str, ...] = (), linked: str | None = None) -> Any:
    return BundleDefinition(
        key="house_build",
        name_vi="Xây nhà",
        name_en="Building a house",
        event="citizen_intent",
        linked_procedure=linked,
        steps=steps,
        note=None,
        shared_fields=shared,
    )


@pytest.mark.parametrize(
    ("found", "paths"),
    [
        (bundle(Step(POWER, None, False), Step(WATER, None, False)), []),
        (bundle(Step("9.999999", None, False)), ["steps[0].procedure"]),
        (bundle(Step(POWER, None, False), linked="9.999999"), ["linked_procedure"]),
        (bundle(Step(POWER, None, False, True)), ["steps[0].skipped_when_exempt"]),
        (bundle(Step(POWER, None, False), shared=("purpose",)), ["shared_fields[0]"]),
        (
            bundle(Step(POWER, None, False), Step(WATER, None, False), shared=("purpose",)),
            ["shared_fields[0]"],
        ),
    ],
)
def test_a_bundle_that_does_not_fit_its_procedures(
    found: BundleDefinition, paths: list[str]
) -> None:
    assert [problem.path for problem in check_bundle(found, PROCEDURES)] == paths


def test_a_bundle_is_told_step_by_step() -> None:
    names = {POWER: Words("Cấp điện", "Electricity"), WATER: Words("Cấp nước", "Water")}
    made = bundle(
        Step(POWER, None, False),
        Step(WATER, POWER, True, True),
        shared=("supply_address",),
    )

    told = bundle_in_sentences(made, names, {})

    assert [one.vi for one in told[1:]] == [
        "1. Cấp điện.",
        "2. Cấp nước; sau khi có kết quả “Cấp điện”; chỉ khi người dân muốn; bỏ qua khi được miễn.",
        "Chỉ hỏi một lần: supply_address.",
    ]
    assert "all steps that wait for no other" in told[0].en
    assert (
        "One confirmation files “Electricity”"
        in bundle_in_sentences(bundle(Step(POWER, None, False), linked=POWER), names, {})[0].en
    )
