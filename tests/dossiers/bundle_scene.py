"""A birth and a house as bundle cases: the shipped procedures, their offices, two parents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from citizens.enums import EventRole, Gender, LifeEventKind, RelationKind
from citizens.models import Citizen, EventParty, Unit, User
from dossiers.enums import Action
from dossiers.models import BundleCase, BundleStep, Dossier
from dossiers.services import advance
from dossiers.services.file_next_steps import file_next_steps
from dossiers.services.submit_together import submit_together
from procedures.definition.bundle import BundleDefinition
from procedures.models import Suggestion
from procedures.prefill import Together, prefill_together
from procedures.selectors import Offer, offer_of
from tests.dossiers.scene import bring_papers
from tests.factories.citizens import (
    AgencyFactory,
    CitizenFactory,
    ContactPointFactory,
    GrantFactory,
    HouseholdFactory,
    LifeEventFactory,
    OfficialFactory,
    RegisterFactory,
    RegisterRecordFactory,
    RelationFactory,
    UnitFactory,
)
from tests.factories.procedures import (
    BundleFactory,
    BundleVersionFactory,
    ProcedureVersionFactory,
    RecipientFactory,
    RuleFactory,
    RuleVersionFactory,
    bundle_definition,
    catalogue,
)
from tests.shelf import put_texts

FRIDAY = datetime(2026, 11, 20, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
TODAY = FRIDAY.date()
BIRTH, RESIDENCE, INSURANCE, CARD = "1.001193", "1.004222", "BHYT-DUOI-6", "1.014062"
PERMIT, POWER, WATER = "1.013225", "DV-DIEN-01", "DV-NUOC-01"
DEATH, REMOVAL, FUNERAL = "1.000656", "1.003197", "MAI-TANG"
LINKED = "3.000722"
EXEMPT = {"work_kind": "Nhà ở riêng lẻ", "floors": "3", "protected_area": "Không"}
NAMED = {"child_surname": "Lê", "child_given_name": "An", "case": "Xác định được cả cha và mẹ"}


@dataclass
class Case:
    """A suggestion of a bundle, whoever acts on it, and what they see of it."""

    ward: Unit
    citizen: Citizen
    other: Citizen
    suggestion: Suggestion

    def offer(self, *wanted: str) -> Offer:
        """What one confirmation would file, with the wished steps."""
        return offer_of(suggestion=self.suggestion, day=TODAY, wanted=wanted)

    def form(self, offer: Offer) -> Together:
        """The one form of all steps."""
        assert offer.bundle is not None
        bundle = BundleDefinition.from_json(offer.bundle.definition)
        return prefill_together(
            versions=offer.versions,
            shared_fields=bundle.shared_fields,
            subject=self.suggestion.subject,
            applicant=self.citizen,
            suggestion=self.suggestion,
            day=TODAY,
            later=offer.later,
        )

    def file(self, *wanted: str, **answers: str) -> BundleCase:
        """Press once; what is asked and not given is answered with its first choice or a word."""
        offer = self.offer(*wanted)
        together = self.form(offer)
        submit_together(
            applicant=self.citizen,
            suggestion=self.suggestion,
            offer=offer,
            together=together,
            answers=answered(together) | answers,
            now=FRIDAY,
        )
        return BundleCase.objects.get(suggestion=self.suggestion)

    def officer(self, dossier: Dossier) -> User:
        """Return an official who decides the dossier."""
        official = OfficialFactory(agency=dossier.competent)
        GrantFactory(official=official, unit=dossier.competent.unit)
        user: User = official.user
        return user


def answered(together: Together) -> dict[str, str]:
    """Return an answer for each question of a form."""
    words = {"decimal": "5", "integer": "2", "datetime": "2099-12-01T09:00", "money": "1000"}
    words |= {"count": "2", "industries": "5610 Quán ăn"}
    found = {
        field.name: field.choices[0] if field.choices else words.get(field.type, "Trạm y tế")
        for field in together.form.missing
    }
    return found | {name: value for name, value in NAMED.items() if name in found}


def states(case: BundleCase) -> dict[str, str]:
    """Return the steps of a case by code, as they are stored."""
    rows = BundleStep.objects.filter(case=case).order_by("position")
    return dict(rows.values_list("procedure__code", "state"))


def child(case: BundleCase, code: str) -> Dossier:
    """Return the dossier of one step."""
    found = BundleStep.objects.get(case=case, procedure__code=code).dossier
    assert found is not None
    return found


def decide(scene: Case, dossier: Dossier, *actions: Action, note: str = "") -> Dossier:
    """Take steps as an official with the right to; then let the bell ring."""
    user = scene.officer(dossier)
    bring_papers(dossier)
    for action in actions:
        dossier = advance(
            dossier=dossier,
            action=action,
            user=user,
            version=Dossier.objects.get(pk=dossier.pk).version,
            note=note,
            now=FRIDAY,
        )
    file_next_steps(now=FRIDAY)
    return dossier


GRANT = (Action.RECEIVE, Action.START_PROCESSING, Action.APPROVE)


def _bundle(key: str, ward: Unit, **changes: Any) -> Any:
    definition = bundle_definition(key)
    for procedure in catalogue().procedures:
        if procedure.code in {*definition.codes, definition.linked_procedure}:
            kind = procedure.competent_agency.key
            if not ward.agencies.filter(kind=kind).exists():
                AgencyFactory(kind__key=kind, unit=ward)
            ProcedureVersionFactory(procedure__key=procedure.key)
    owner = BundleFactory(key=key)
    BundleVersionFactory(bundle=owner, definition=definition.to_json() | changes)
    return RuleVersionFactory(rule=RuleFactory(key=key, procedure=None, bundle=owner))


def _suggest(rule: Any, subject: Citizen, anchor: int, stated: Mapping[str, str]) -> Suggestion:
    return Suggestion.objects.create(
        rule=rule.rule,
        rule_version=rule,
        anchor=anchor,
        cycle=0,
        subject=subject.party,
        due_on=TODAY + timedelta(days=50),
        opened_on=TODAY,
        stated=dict(stated),
    )


def birth(**changes: Any) -> Case:
    """Tell two parents, who live together, of a birth three days ago."""
    ward = _ward()
    mother = CitizenFactory(unit=ward, age=30)
    father = CitizenFactory(unit=ward, age=31, gender=Gender.MALE, given_name="Minh")
    home = HouseholdFactory(head=father, unit=ward)
    home.members.create(
        citizen=mother, relation_to_head="Vợ", valid=(TODAY.replace(year=2020), None)
    )
    ContactPointFactory(party=mother.party, value="+84505000002", verified_at=FRIDAY)
    born = TODAY - timedelta(days=3)
    event = LifeEventFactory(kind=LifeEventKind.BIRTH_NOTIFIED, occurred_on=born, unit=ward)
    for person, role in ((mother, EventRole.MOTHER), (father, EventRole.FATHER)):
        EventParty.objects.create(event=event, party=person.party, role=role)
    notice = {"code": "CS-1", "birth_date": born.isoformat(), "gender": "Nữ", "facility": "BV"}
    RegisterRecordFactory(subject=mother.party, kind="birth_notice", body=notice)
    RegisterRecordFactory(
        subject=father.party,
        register__code="NPD",
        kind="person",
        body={"hometown": "Quảng Nam", "ethnicity": "Kinh"},
    )
    rule = _bundle("birth", ward, **changes)
    suggestion = _suggest(rule, mother, event.pk, {})
    for person in (mother, father):
        RecipientFactory(suggestion=suggestion, citizen=person)
    return Case(ward, mother, father, suggestion)


def house(stated: Mapping[str, str], **changes: Any) -> Case:
    """Let somebody begin to build a house."""
    ward = _ward()
    citizen = CitizenFactory(unit=ward)
    ContactPointFactory(party=citizen.party, value="+84505000003", verified_at=FRIDAY)
    rule = _bundle("house_build", ward, **changes)
    suggestion = _suggest(rule, citizen, citizen.pk, stated)
    RecipientFactory(suggestion=suggestion, citizen=citizen)
    return Case(ward, citizen, CitizenFactory(unit=ward), suggestion)


def death() -> Case:
    """Tell a widow of the death of her husband, of which the hospital gave notice."""
    ward = _ward()
    widow = CitizenFactory(unit=ward, age=70)
    died_on = TODAY - timedelta(days=3)
    husband = CitizenFactory(unit=ward, age=71, gender=Gender.MALE, died_on=died_on)
    RelationFactory(person=widow, relative=husband, kind=RelationKind.SPOUSE)
    event = LifeEventFactory(kind=LifeEventKind.DEATH_NOTIFIED, occurred_on=died_on, unit=ward)
    EventParty.objects.create(event=event, party=husband.party, role=EventRole.SUBJECT)
    notice = {"code": "BT-1", "time": f"{died_on}T03:10", "place": "BV"}
    RegisterRecordFactory(subject=husband.party, kind="death_notice", body=notice)
    suggestion = _suggest(_bundle("death", ward), husband, event.pk, {})
    RecipientFactory(suggestion=suggestion, citizen=widow)
    return Case(ward, widow, CitizenFactory(unit=ward), suggestion)


def _ward() -> Unit:
    put_texts()
    for code in ("NPD", "CIVIL", "HEALTH", "LOCAL", "LAND"):
        RegisterFactory(code=code)
    ward: Unit = UnitFactory(ward=True, parent=UnitFactory(province=True))
    return ward
