"""Forms about families, companies, households and events."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from citizens.enums import (
    AuthorityBasis,
    BirthPrecision,
    ContactChannel,
    EventRole,
    Gender,
    LifeEventKind,
    RelationKind,
)
from citizens.models import EventParty
from procedures.definition.parts import PSEUDO_REGISTERS
from procedures.prefill import prefill_form
from tests.factories.citizens import (
    AuthorityFactory,
    CitizenFactory,
    ContactPointFactory,
    CredentialFactory,
    HouseholdFactory,
    HouseholdMemberFactory,
    LifeEventFactory,
    OrganisationFactory,
    RegisterFactory,
    RegisterRecordFactory,
    RelationFactory,
)
from tests.factories.procedures import (
    ProcedureVersionFactory,
    RuleVersionFactory,
    SuggestionFactory,
    catalogue,
    moment,
    version_of,
)
from tests.procedures.prefilling import (
    AS_OF,
    LICENCE,
    TODAY,
    form_of,
    known_citizen,
    licence_of,
    sensitive,
    values,
)

pytestmark = pytest.mark.django_db
MOST_QUERIES = 13


@pytest.fixture(autouse=True)
def _on_that_day() -> Iterator[None]:
    with time_machine.travel(moment(TODAY), tick=False):
        yield


def test_passport_takes_sensitive_data_family_and_the_last_passport() -> None:
    citizen = known_citizen()
    sensitive(citizen, ethnicity="Cơ Tu", religion="Không")
    record = {"place_of_birth": "Quảng Nam", "nationality": "Việt Nam"}
    RegisterRecordFactory(subject=citizen.party, register__code="NPD", kind="person", body=record)
    father = CitizenFactory(
        full_name="Trần Văn Hai", birth_date=date(1930, 1, 1), birth_precision=BirthPrecision.YEAR
    )
    husband = CitizenFactory(full_name="Lê Văn Ba", birth_date=date(1955, 2, 1))
    RelationFactory(person=father, relative=citizen, kind=RelationKind.FATHER)
    RelationFactory(person=husband, relative=citizen, kind=RelationKind.SPOUSE)
    xnc = RegisterFactory(code="XNC")
    passport = CredentialFactory(
        holder=citizen, kind="passport", register=xnc, number="P0000001", category=""
    )
    suggestion = SuggestionFactory(
        citizen=citizen, credential=passport, rule_version=version_of("passport_issue")
    )

    form = form_of("passport_issue", citizen.party, citizen, suggestion)

    known = values(form)
    assert known["ethnicity"] == "Cơ Tu"
    assert known["place_of_birth"] == "Quảng Nam"
    assert known["father"] == "Trần Văn Hai, sinh năm 1930"
    assert known["spouse"] == "Lê Văn Ba, sinh ngày 01/02/1955"
    assert known["mother"] == ""
    assert known["last_passport_number"] == "P0000001"
    assert known["request_content"] == "Cấp lại do hết hạn"
    assert [field.name for field in form.missing] == ["chip"]
    ethnicity = next(field for field in form.fields if field.name == "ethnicity")
    assert (ethnicity.register, ethnicity.as_of) == ("NPD", AS_OF)


def test_relation_that_ended_is_not_shown() -> None:
    citizen = known_citizen()
    ended = RelationFactory(relative=citizen, kind=RelationKind.SPOUSE)
    ended.valid = type(ended.valid)(date(1980, 1, 1), date(2020, 1, 1))
    ended.save()

    form = form_of("passport_issue", citizen.party, citizen)

    assert values(form)["spouse"] == ""


def test_parent_files_for_a_child() -> None:
    mother = known_citizen(full_name="Trần Thị Mẹ")
    child = CitizenFactory(
        age=13, full_name="Lê Thị Con", birth_date=date(2012, 12, 20), gender=Gender.FEMALE
    )
    RelationFactory(person=mother, relative=child)
    sensitive(child, ethnicity="Kinh", blood_type="AB")
    rule = RuleVersionFactory(rule__key="identity_card_first_issue_14")
    suggestion = SuggestionFactory(
        rule_version=rule,
        anchor=child.pk,
        cycle=14,
        subject=child.party,
        due_on=date(2026, 12, 20),
        recipients=[mother],
    )

    form = form_of("identity_card_first_issue_14", child.party, mother, suggestion)

    known = values(form)
    assert known["full_name"] == "Trần Thị Mẹ"
    assert known["is_owner"] == "false"
    assert (known["child_full_name"], known["child_birth_date"]) == ("Lê Thị Con", "2012-12-20")
    assert (known["ethnicity"], known["blood_type"]) == ("Kinh", "AB")
    assert known["nationality"] == "Việt Nam"
    assert known["reason"] == "Cấp lần đầu"
    guardian = next(paper for paper in form.papers if paper.component_code == "CC-04")
    assert guardian.satisfied_by == "NPD"


def test_child_block_speaks_of_the_child() -> None:
    father = known_citizen(gender=Gender.MALE)
    child = CitizenFactory(
        minor=True, full_name="Lê Văn Út", gender=Gender.MALE, pin="999219000111"
    )
    RelationFactory(person=father, relative=child, kind=RelationKind.FATHER)

    about_child = form_of("identity_card_under_14", child.party, father)
    about_self = form_of("identity_card_under_14", father.party, father)

    for form in (about_child, about_self):
        known = values(form)
        assert (known["child_full_name"], known["child_pin"]) == ("Lê Văn Út", "999219000111")


def test_child_is_not_guessed_among_two() -> None:
    mother = known_citizen()
    for _number in range(2):
        RelationFactory(person=mother, relative=CitizenFactory(minor=True))

    form = form_of("identity_card_under_14", mother.party, mother)

    assert values(form)["child_full_name"] == ""


def test_card_change_at_an_age_is_the_reason_for_who_holds_a_card() -> None:
    citizen = known_citizen(birth_date=date(1986, 12, 30))
    rule = RuleVersionFactory(rule__key="identity_card_replace_at_age")
    suggestion = SuggestionFactory(
        citizen=citizen, rule_version=rule, anchor=citizen.pk, cycle=40, due_on=date(2026, 12, 30)
    )

    form = form_of("identity_card_replace_at_age", citizen.party, citizen, suggestion)

    assert values(form)["reason"] == "Đến tuổi đổi thẻ"


def badge_of(company: Any, plate: str) -> Any:
    """Return a vehicle badge of a company, and the register's record of that vehicle."""
    vehicle = {"plate": plate, "brand": "Thaco", "seats": 29, "owned": True}
    RegisterRecordFactory(
        subject=company.party, register__code="TRANS", kind="vehicle", body=vehicle
    )
    return CredentialFactory(
        holder=company,
        kind="transport_badge",
        register=RegisterFactory(code="TRANS"),
        category="Xe hợp đồng",
        expires_on=TODAY + timedelta(days=10),
        details={"plate": plate},
    )


def test_company_renews_one_badge_of_many() -> None:
    speaker = known_citizen()
    company = OrganisationFactory(name="HTX Vận tải Tam Kỳ", tax_code="4000000001", as_of=AS_OF)
    AuthorityFactory(actor=speaker, for_party=company.party, basis=AuthorityBasis.REPRESENTATIVE)
    CredentialFactory(
        holder=company,
        kind="transport_business_licence",
        register=RegisterFactory(code="TRANS"),
        number="GPKD-9",
        expires_on=None,
    )
    badges = [badge_of(company, plate) for plate in ("92H-000.01", "92H-000.02", "92H-000.03")]
    suggestion = SuggestionFactory(
        credential=badges[1],
        rule_version=RuleVersionFactory(rule__key="transport_badge"),
        recipients=[speaker],
    )

    form = form_of("transport_badge", company.party, speaker, suggestion)

    known = values(form)
    assert known["full_name"] == speaker.full_name
    assert (known["subject_kind"], known["is_owner"]) == ("Doanh nghiệp", "false")
    assert known["unit_name"] == "HTX Vận tải Tam Kỳ"
    assert known["transport_licence"] == "GPKD-9"
    assert known["badge_kind"] == "Xe hợp đồng"
    assert known["vehicles"] == "92H-000.02, 29, Thaco"
    assert form.missing == []


@pytest.mark.parametrize(
    ("tax_code", "kind"), [("4000000001", "Doanh nghiệp"), ("999080000123", "Hộ kinh doanh")]
)
def test_kind_of_applicant_follows_from_the_tax_code(tax_code: str, kind: str) -> None:
    company = OrganisationFactory(tax_code=tax_code)
    applicant = known_citizen()
    AuthorityFactory(actor=applicant, for_party=company.party, basis=AuthorityBasis.REPRESENTATIVE)

    form = form_of("transport_business_licence", company.party, applicant)

    known = values(form)
    assert known["subject_kind"] == kind
    assert known["tax_code"] == tax_code
    assert known["representative"].startswith(applicant.full_name)


def test_household_fields() -> None:
    head = known_citizen(full_name="Trần Thị Chủ")
    house = HouseholdFactory(head=head, as_of=AS_OF)
    son = CitizenFactory(full_name="Lê Văn Con", birth_date=date(2000, 1, 2))
    HouseholdMemberFactory(household=house, citizen=son, relation_to_head="Con")

    form = form_of("permanent_residence", son.party, son)

    known = values(form)
    assert known["household_head"] == "Trần Thị Chủ, sinh ngày 09/03/1957"
    assert known["relation_to_head"] == "Con"
    assert known["members"].splitlines() == [
        "Trần Thị Chủ, sinh ngày 09/03/1957 (Chủ hộ)",
        "Lê Văn Con, sinh ngày 02/01/2000 (Con)",
    ]
    size = form_of("water_new_supply", son.party, son)
    assert values(size)["household_size"] == "2"


def test_newborn_is_known_through_the_event() -> None:
    mother, father = known_citizen(), CitizenFactory(gender=Gender.MALE, full_name="Lê Văn Cha")
    sensitive(father, ethnicity="Ca Dong")
    event = LifeEventFactory(kind=LifeEventKind.BIRTH_NOTIFIED)
    for citizen, role in ((mother, EventRole.MOTHER), (father, EventRole.FATHER)):
        EventParty.objects.create(event=event, party=citizen.party, role=role)
    notice = {"code": "CS-1", "birth_date": "2026-11-19", "gender": "Nữ", "facility": "BVĐK"}
    RegisterRecordFactory(subject=mother.party, kind="birth_notice", body=notice)
    rule = RuleVersionFactory(rule__key="identity_card_under_14")
    suggestion = SuggestionFactory(
        citizen=mother, rule_version=rule, anchor=event.pk, cycle=0, due_on=TODAY
    )

    form = form_of("birth_registration", mother.party, mother, suggestion)

    known = values(form)
    assert (known["birth_certificate_code"], known["child_birth_date"]) == ("CS-1", "2026-11-19")
    assert known["child_ethnicity"] == "Ca Dong"
    assert known["father"].startswith("Lê Văn Cha")
    assert known["child_nationality"] == "Việt Nam"
    missing = [field.name for field in form.missing]
    assert missing[:2] == ["child_surname", "child_given_name"]


@pytest.mark.parametrize(("gender", "filled"), [(Gender.FEMALE, "wife"), (Gender.MALE, "husband")])
def test_couple(gender: Gender, filled: str) -> None:
    citizen = known_citizen(gender=gender)

    known = values(form_of("marriage_registration", citizen.party, citizen))

    assert {name for name in ("wife", "husband") if known[name]} == {filled}


def test_own_number_comes_before_a_shared_one_and_unverified_ones_are_not_used() -> None:
    citizen = CitizenFactory()
    ContactPointFactory(party=citizen.party, value="+84500000001", shared=True)
    ContactPointFactory(party=citizen.party, value="+84500000002", verified_at=None)
    own = {"party": citizen.party, "value": "+84500000003"}
    ContactPointFactory(**own)
    ContactPointFactory(party=citizen.party, channel=ContactChannel.EMAIL, value="lan@example.org")

    known = values(form_of(LICENCE, citizen.party, citizen))

    assert (known["phone"], known["email"]) == ("+84500000003", "lan@example.org")


@pytest.mark.parametrize("key", [procedure.key for procedure in catalogue().procedures])
def test_every_form_opens_in_a_constant_number_of_queries(key: str) -> None:
    citizen = known_citizen()
    HouseholdFactory(head=citizen)
    for _number in range(6):
        RelationFactory(person=citizen, relative=CitizenFactory(minor=True))
        RegisterRecordFactory(subject=citizen.party, kind="vehicle", body={"plate": "92A"})
        CredentialFactory(holder=citizen)
    suggestion = licence_of(citizen)
    version = ProcedureVersionFactory(procedure__key=key)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        form = prefill_form(
            version=version,
            subject=citizen.party,
            applicant=citizen,
            suggestion=suggestion,
            day=TODAY,
        )

    assert len(queries) <= MOST_QUERIES
    assert len(form.fields) == len(version.definition["form_fields"])
    known = set(catalogue().registers) - set(PSEUDO_REGISTERS)
    assert {field.register for field in form.fields} - {None} <= known


def test_company_and_event_forms_stay_within_the_limit() -> None:
    speaker, company = known_citizen(), OrganisationFactory()
    suggestion = SuggestionFactory(
        credential=badge_of(company, "92H-000.01"),
        rule_version=RuleVersionFactory(rule__key="transport_badge"),
        recipients=[speaker],
    )
    version = ProcedureVersionFactory(procedure__key="transport_badge")

    with CaptureQueriesContext(connection) as queries:
        prefill_form(
            version=version,
            subject=company.party,
            applicant=speaker,
            suggestion=suggestion,
            day=TODAY,
        )

    assert len(queries) <= MOST_QUERIES
