"""One matter from end to end: a licence that runs out, its holder, suggestion and office."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from citizens.enums import Role
from citizens.models import Agency, Citizen, Credential, Official, Unit, User
from dossiers.enums import Action
from dossiers.models import Dossier
from dossiers.payments.fees import due_payment
from dossiers.payments.gateways import Call
from dossiers.selectors import definition_of
from dossiers.selectors.papers import missing_papers, open_supplement
from dossiers.services import advance, submit_dossier
from dossiers.services.hand_in_papers import lay_ready
from dossiers.services.record_payment import record_payment
from procedures.models import ProcedureVersion, Recipient, Suggestion
from tests.factories.citizens import (
    AgencyFactory,
    CitizenFactory,
    ContactPointFactory,
    CredentialFactory,
    GrantFactory,
    OfficialFactory,
    RegisterFactory,
    UnitFactory,
    UserFactory,
)
from tests.factories.dossiers import LICENCE, catalogued_rule, catalogued_version
from tests.factories.papers import a_document
from tests.shelf import put_texts

FRIDAY = datetime(2026, 11, 20, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
ANSWERS = {"reason": "Sắp hết hạn", "delivery": "Trực tiếp", "phone": "0505 000 001"}


@dataclass
class Scene:
    """Everything a test of a renewal needs; the licence runs out sixty days after FRIDAY."""

    city: Unit
    commune: Unit
    agency: Agency
    citizen: Citizen
    user: User
    licence: Credential
    version: ProcedureVersion
    suggestion: Suggestion

    def submit(
        self,
        answers: Mapping[str, str] = ANSWERS,
        *,
        now: datetime = FRIDAY,
        official: User | None = None,
    ) -> Dossier:
        """File the suggestion as its subject would, or as an official for them at a counter."""
        return submit_dossier(
            applicant=self.citizen,
            suggestion=self.suggestion,
            version=self.version,
            answers=ANSWERS | dict(answers),
            now=now,
            official=official,
        )

    def officer(self, *roles: Role, unit: Unit | None = None, pin: str | None = None) -> User:
        """Return an official with standing grants over the agency's unit (or another)."""
        index = Citizen.index_of(pin) if pin else None
        official: Official = OfficialFactory(agency=self.agency, self_pin_index=index)
        for role in roles or (Role.CASE_OFFICER,):
            GrantFactory(official=official, role=role, unit=unit or self.city)
        return official.user


def renewal(*, citizen: Citizen | None = None, key: str = LICENCE) -> Scene:
    """Set the scene in the database."""
    put_texts()
    for code in ("NPD", "GPLX", "HEALTH"):
        RegisterFactory(code=code)
    city = UnitFactory(province=True)
    commune = UnitFactory(parent=city)
    agency = AgencyFactory(kind__key="cong_an_tinh_csgt", unit=city)
    holder = citizen or CitizenFactory(unit=commune)
    ContactPointFactory(party=holder.party, value="+84505000001")
    last_day = FRIDAY.date() + timedelta(days=60)
    licence = CredentialFactory(
        holder=holder.party,
        category="B",
        issued_on=date(2017, 1, 19),
        expires_on=last_day,
        as_of=date(2026, 1, 1),
        unit=commune,
    )
    version, rule = catalogued_version(key), catalogued_rule(key)
    suggestion = Suggestion.objects.create(
        rule=rule.rule,
        rule_version=rule,
        anchor=licence.pk,
        cycle=licence.term,
        subject=holder.party,
        due_on=last_day,
        opened_on=FRIDAY.date() - timedelta(days=30),
        next_remind_on=FRIDAY.date(),
        stage_sent=90,
    )
    Recipient.objects.create(suggestion=suggestion, citizen=holder)
    return Scene(
        city=city,
        commune=commune,
        agency=agency,
        citizen=holder,
        user=UserFactory(citizen=holder),
        licence=licence,
        version=version,
        suggestion=suggestion,
    )


def step(
    dossier: Dossier, action: Action, user: User | None, *, now: datetime = FRIDAY, note: str = ""
) -> Dossier:
    """Take a step on the dossier as it is now in the hand of the test.

    What a person does before the step is done too: papers are brought and digitised before the
    work begins, a demand names the first paper that the procedure lists, and a fee that is still
    to be paid is paid before the result is handed over.
    """
    if action is Action.RETURN_RESULT:
        dossier = pay_fee(dossier, now=now)
    if action in (Action.START_PROCESSING, Action.SUPPLEMENT):
        bring_papers(dossier, now=now)
    components = definition_of(dossier=dossier).components
    asked = [components[0].code] if action is Action.REQUEST_SUPPLEMENT else []
    return advance(
        dossier=dossier,
        action=action,
        user=user,
        version=dossier.version,
        note=note,
        components=asked,
        now=now,
    )


def pay_fee(dossier: Dossier, *, now: datetime = FRIDAY) -> Dossier:
    """Let the bank tell of the fee that waits to be paid, if one does."""
    due = due_payment(dossier)
    if due is not None:
        call = Call(f"FT{due.pk}", due.reference, due.amount_vnd, now)
        record_payment(gateway="demo", call=call, now=now)
    return Dossier.objects.get(pk=dossier.pk)


def bring_papers(dossier: Dossier, *, now: datetime = FRIDAY) -> None:
    """Lay a file to each paper that nobody has, and lay ready what is asked for."""
    for paper in missing_papers(dossier=dossier):
        paper.document = a_document(dossier.owner, f"{paper.pk}".encode())
        paper.digitised_at = now
        paper.save()
    demand = open_supplement(dossier=dossier)
    for code in demand.components if demand else ():
        lay_ready(
            applicant=dossier.applicant,
            owner=dossier.owner,
            component_code=code,
            document=a_document(dossier.owner, code.encode()),
            now=now,
        )
