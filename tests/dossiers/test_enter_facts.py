"""What a decision enters about people: no day that is still to come, and no child twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from citizens.enums import EventRole, LifeEventKind, RelationKind
from citizens.models import Citizen, CitizenSensitive, EventParty, RegisterRecord, Relation
from dossiers.documents.facts import Paper, facts_of
from dossiers.enums import FormKind
from dossiers.models import Dossier, Result
from dossiers.services.enter_facts import enter_facts, enter_register, entered_register
from dossiers.services.grant_result import grant_result
from portal.common.errors import RefusedError
from tests.dossiers.bundle_scene import BIRTH, CARD, TODAY, birth, child
from tests.factories.citizens import CitizenFactory, LifeEventFactory, RegisterFactory
from tests.factories.dossiers import DossierFactory
from tests.factories.procedures import (
    BundleFactory,
    RuleFactory,
    RuleVersionFactory,
    SuggestionFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier() -> Dossier:
    return child(birth().file(), BIRTH)


def state(dossier: Dossier, name: str, value: str) -> None:
    dossier.form = {**dossier.form, name: {**dossier.form[name], "value": value}}
    dossier.save(update_fields=["form_enc"])


@pytest.mark.parametrize("value", ["", "hôm qua", (TODAY + timedelta(days=1)).isoformat()])
def test_a_child_is_not_born_on_a_day_that_is_none_or_to_come(value: str, dossier: Dossier) -> None:
    state(dossier, "child_birth_date", value)
    before = Citizen.objects.count()

    with pytest.raises(RefusedError):
        enter_facts(dossier=dossier, decided_on=TODAY)

    assert Citizen.objects.count() == before


@pytest.mark.parametrize("same", [True, False], ids=["the same name", "a twin"])
def test_a_child_that_a_parent_has_already_is_not_entered_again(
    same: bool, dossier: Dossier
) -> None:
    enter_facts(dossier=dossier, decided_on=TODAY)
    born = Relation.objects.get(person=dossier.applicant, kind=RelationKind.MOTHER).relative
    dossier.code = "the other parent's dossier"
    if not same:
        state(dossier, "child_given_name", "Bình")

    if same:
        with pytest.raises(RefusedError):
            enter_facts(dossier=dossier, decided_on=TODAY)
    else:
        enter_facts(dossier=dossier, decided_on=TODAY)

    children = Citizen.objects.filter(birth_date=born.birth_date, family_name=born.family_name)
    assert children.count() == (1 if same else 2)


@pytest.mark.parametrize(("number", "book"), [("", "01/2026"), ("12/2026", ""), ("  ", "  ")])
def test_a_birth_is_not_entered_without_its_number_and_book(
    number: str, book: str, dossier: Dossier
) -> None:
    assert entered_register(dossier=dossier) == "KQ.G15.000031"

    with pytest.raises(RefusedError):
        enter_register(dossier=dossier, number=number, book=book, pin="", day=TODAY)

    assert not RegisterRecord.objects.filter(kind="birth").exists()


def test_the_number_and_book_that_were_typed_stand_in_the_civil_register(dossier: Dossier) -> None:
    enter_register(dossier=dossier, number=" 12/2026 ", book="01/2026", pin="", day=TODAY)
    enter_facts(dossier=dossier, decided_on=TODAY)

    body = RegisterRecord.objects.get(kind="birth").body
    assert (body["number"], body["book"]) == ("12/2026", "01/2026")


def test_the_certificate_bears_the_entry_and_says_all_that_is_known_of_the_parents(
    dossier: Dossier,
) -> None:
    seal = CitizenSensitive.seal_body(dossier.applicant.seal_identity, {"ethnicity": "Cơ Tu"})
    CitizenSensitive.objects.create(citizen=dossier.applicant, body_enc=seal, as_of=TODAY)
    enter_register(dossier=dossier, number="12/2026", book="01/2026", pin="", day=TODAY)
    Result.objects.create(dossier=dossier, name_vi="Giấy khai sinh", decided_on=TODAY)
    event = dossier.events.get()

    said = facts_of(Paper(dossier, FormKind.RESULT, event, "C" * 20))

    assert (said["number"], said["book"]) == ("12/2026", "01/2026")
    rows = dict(said["rows"])
    assert rows["Họ, chữ đệm, tên"] == "LÊ AN"
    mother = dossier.applicant
    assert mother.pin
    for part in (mother.full_name, mother.pin, "dân tộc Cơ Tu", "quốc tịch Việt Nam"):
        assert part in rows["Người mẹ"]


def test_a_birth_waits_for_the_number_that_the_card_will_bear() -> None:
    dossier = child(birth().file(CARD), BIRTH)

    with pytest.raises(RefusedError):
        enter_register(dossier=dossier, number="12/2026", book="01/2026", pin="", day=TODAY)
    enter_register(dossier=dossier, number="12/2026", book="01/2026", pin="999326000777", day=TODAY)

    assert RegisterRecord.objects.filter(kind="birth").exists()


@pytest.mark.parametrize("known", [True, False])
def test_an_identity_card_bears_the_number_of_its_holder_and_no_other(known: bool) -> None:
    holder = CitizenFactory() if known else CitizenFactory(pin=None)
    dossier = DossierFactory(procedure_key="identity_card_under_14", owner_citizen=holder)

    if not known:
        with pytest.raises(RefusedError):
            grant_result(dossier=dossier, decided_on=TODAY)
        return
    result = grant_result(dossier=dossier, decided_on=TODAY)

    assert result.credential is not None
    assert result.credential.number == holder.pin


def test_no_allowance_is_granted_to_whom_the_form_says_has_no_ground_for_it() -> None:
    fields = {"deceased": "Lê Văn Đức", "benefit_kind": "Không"}
    dossier = DossierFactory(procedure_key="funeral_grant", fields=fields)

    with pytest.raises(RefusedError):
        grant_result(dossier=dossier, decided_on=TODAY)

    assert not Result.objects.exists()


def test_a_death_that_a_notice_told_of_is_entered_once_under_its_number_and_book() -> None:
    # Given a dossier about somebody of whose death a hospital gave notice
    RegisterFactory(code="CIVIL")
    died = CitizenFactory(died_on=TODAY - timedelta(days=2))
    event = LifeEventFactory(kind=LifeEventKind.DEATH_NOTIFIED, occurred_on=died.died_on)
    EventParty.objects.create(event=event, party=died.party, role=EventRole.SUBJECT)
    bundle = BundleFactory(key="death")
    rule = RuleFactory(key="death", procedure=None, bundle=bundle)
    version = RuleVersionFactory(rule=rule)
    about = SuggestionFactory(citizen=died, rule_version=version, anchor=event.pk)
    dossier = DossierFactory(procedure_key="death_registration", owner_citizen=died)
    assert not entered_register(dossier=dossier)
    dossier.suggestion = about
    assert entered_register(dossier=dossier)

    # When it is approved: by what was typed first, then by the decision itself
    with pytest.raises(RefusedError):
        enter_register(dossier=dossier, number="", book="", pin="", day=TODAY)
    enter_register(dossier=dossier, number="7/2026", book="01/2026", pin="", day=TODAY)
    enter_facts(dossier=dossier, decided_on=TODAY)

    # Then what was typed stays
    body = RegisterRecord.objects.get(kind="death").body
    assert (body["number"], body["book"]) == ("7/2026", "01/2026")
