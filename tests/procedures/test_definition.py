"""Documents are read strictly, and written back as they were."""

from __future__ import annotations

import json
from typing import Any

import pytest

from procedures.definition import DefinitionError, ProcedureDefinition, RuleDefinition, digest
from procedures.definition.derivation import rule_of_procedure
from procedures.definition.wording import Wording, wordings_from_yaml
from procedures.enums import TriggerKind
from procedures.rules import stage_due
from tests.factories.procedures import catalogue, procedure_definition, rule_definition

ALL = [procedure.key for procedure in catalogue().procedures]
LICENCE = "driving_licence_renewal"


@pytest.mark.parametrize("key", ALL)
def test_procedure_survives_being_stored(key: str) -> None:
    definition = procedure_definition(key)

    stored = json.loads(json.dumps(definition.to_json()))

    assert ProcedureDefinition.from_json(stored) == definition
    assert digest(stored) == digest(definition.to_json())


def test_rule_survives_being_stored() -> None:
    definition = rule_definition(LICENCE)

    stored = json.loads(json.dumps(definition.to_json()))

    assert RuleDefinition.from_json(stored) == definition


def test_applicant_comes_first_and_own_fields_replace_namesakes() -> None:
    licence = [field.name for field in procedure_definition(LICENCE).form_fields]
    business = procedure_definition("household_business_registration")

    assert licence[:4] == ["full_name", "birth_date", "gender", "pin"]
    assert licence[-1] == "delivery"
    assert [field.name for field in business.form_fields].count("phone") == 1
    assert business.field("phone").label_vi == "Điện thoại"


RULE_FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"kind": "whenever"}, "kind"),
    ({"lead_days": [1, 7]}, "lead_days"),
    ({"lead_days": [7, 7]}, "lead_days"),
    ({"lead_days": [200, 7]}, "lead_days"),
    ({"lead_days": ["7"]}, "lead_days[0]"),
    ({"lead_days": [True]}, "lead_days[0]"),
    ({"lead_days": []}, "lead_days"),
    ({"credential_kind": None}, "credential_kind"),
    ({"topic": None}, "topic"),
    ({"grace_days": -1}, "grace_days"),
    ({"grace_days": 1.5}, "grace_days"),
    ({"window": {"shape": "only_within", "days": None}}, "window.days"),
    ({"window": {"shape": "recommended", "days": 3}}, "window.days"),
    ({"window": None}, "window"),
    ({"subject": "village"}, "subject"),
    ({"reason_vi": "  "}, "reason_vi"),
    ({"units": "20194"}, "units"),
    ({"kind": "age_milestone", "ages": []}, "ages"),
    ({"kind": "age_milestone", "ages": [140]}, "ages"),
    ({"kind": "life_event"}, "events"),
    ({"events": ["rain"]}, "events[0]"),
    ({"colour": "red"}, "colour"),
]


@pytest.mark.parametrize(("change", "path"), RULE_FAULTS)
def test_fault_in_a_rule_names_its_key(change: dict[str, Any], path: str) -> None:
    document = rule_definition(LICENCE).to_json() | change

    with pytest.raises(DefinitionError) as refused:
        RuleDefinition.from_json(document)

    assert path in [problem.path for problem in refused.value.problems]
    assert all(problem.vi and problem.en for problem in refused.value.problems)
    assert refused.value.reasons == tuple(map(str, refused.value.problems))


def test_document_that_is_no_mapping() -> None:
    with pytest.raises(DefinitionError, match="a mapping of keys to values"):
        RuleDefinition.from_json([])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("document", "same"),
    [
        ({"b": 1, "a": 2}, True),
        ({"a": 2, "b": 1, "c": None, "d": [], "e": ""}, True),
        ({"a": 2, "b": 1, "c": 0}, False),
        ({"a": 2, "b": 1, "c": False}, False),
        ({"a": 2, "b": "1"}, False),
    ],
)
def test_fingerprint_hears_what_a_document_says(document: dict[str, Any], same: bool) -> None:
    assert (digest(document) == digest({"a": 2, "b": 1})) is same


GRACE = {
    LICENCE: 30,
    "passport_issue": 30,
    "identity_card_replace_at_age": 30,
    "identity_card_first_issue_14": 30,
    "construction_permit_extension": 0,
    "medical_licence_extension": 0,
    "tour_guide_card_renewal": 0,
    "veterinary_certificate_extension": 0,
    "transport_badge": 0,
}


@pytest.mark.parametrize(("key", "grace"), GRACE.items())
def test_every_scanned_rule_speaks_for_itself(key: str, grace: int) -> None:
    rule = rule_definition(key)

    general = rule_of_procedure(procedure_definition(key))
    assert rule.is_scanned
    assert rule.grace_days == grace
    assert rule.reason_vi != general.reason_vi
    assert rule.reason_en != general.reason_en
    is_told = key != "identity_card_first_issue_14"  # nobody has a first card to change
    assert (bool(rule.consequence_vi), bool(rule.consequence_en)) == (is_told, is_told)
    assert "bạn" not in rule.reason_vi.lower()
    assert rule.legal_basis == procedure_definition(key).legal_basis
    assert stage_due(rule.lead_days, rule.open_days_before) == rule.lead_days[0]


def test_age_rule_knows_the_card_that_outlives_a_milestone() -> None:
    rule = rule_definition("identity_card_replace_at_age")

    assert (rule.kind, rule.ages) == (TriggerKind.AGE_MILESTONE, (25, 40, 60))
    assert (rule.identity_kind, rule.skip_if_issued_within_years) == ("citizen_identity_card", 2)
    assert rule.credential_kind is None


def test_bundle_takes_the_limits_of_its_linked_procedure() -> None:
    rule = rule_definition("death")

    assert [str(event) for event in rule.events] == ["death_notified"]
    assert (rule.after_days, rule.deadline_days) == ((2, 7, 12), 15)


def test_rule_without_words_of_its_own_speaks_in_general() -> None:
    rule = rule_of_procedure(procedure_definition(LICENCE))

    assert rule.paper_vi == "Giấy phép lái xe"
    assert rule.consequence_vi
    assert rule.reason_vi == "Giấy tờ của ông/bà sắp hết hạn."
    assert RuleDefinition.from_json(rule.to_json()) == rule


def test_wordings_are_read_strictly() -> None:
    text = "x:\n  paper_vi: A\n  paper_en: B\n  reason_vi: C\n  reasn_en: D\n"

    with pytest.raises(DefinitionError) as refused:
        wordings_from_yaml(text)

    assert [(p.path, p.line) for p in refused.value.problems] == [
        ("x.reason_en", 1),
        ("x.reasn_en", 5),
    ]
    assert wordings_from_yaml(text.replace("reasn", "reason")) == {"x": Wording("A", "B", "C", "D")}
