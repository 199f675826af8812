"""The loop for every kind of paper: told, filed, granted, and told again in the next cycle."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command

from citizens.enums import AuthorityBasis, Role
from citizens.models import Authority, Citizen, Credential, Party, Unit, User
from dossiers.enums import Action
from dossiers.models import Dossier
from dossiers.services import advance, submit_dossier
from dossiers.services.return_online import returned_online
from portal.common import clock
from portal.common.clock import CIVIL_ZONE
from procedures.enums import FieldType, SuggestionState
from procedures.models import ProcedureVersion, Suggestion
from procedures.prefill import prefill_form
from procedures.services.scan import scan_day
from tests.dossiers.scene import bring_papers, pay_fee
from tests.factories.citizens import (
    CitizenFactory,
    CredentialFactory,
    GrantFactory,
    OfficialFactory,
    OrganisationFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
FRIDAY = datetime(2026, 11, 20, 9, tzinfo=CIVIL_ZONE)
SAMPLES = {
    FieldType.DATE: "2026-01-01",
    FieldType.INTEGER: "1",
    FieldType.MONEY: "1000",
    FieldType.DECIMAL: "1",
    FieldType.BOOLEAN: "true",
    FieldType.PIN12: "048999000001",
    FieldType.PHONE: "0505000001",
    FieldType.EMAIL: "a@b.example",
}


@pytest.fixture
def ward() -> Any:
    """A ward under the shipped catalogue, on a Friday morning."""
    with time_machine.travel(FRIDAY, tick=False):
        call_command("load_catalogue", verbosity=0)
        yield Unit.objects.get(code="20242", valid__contains=FRIDAY.date())


def _holder(kind: str, person: Citizen, ward: Unit) -> Party:
    """Return who holds a paper of this kind: badges belong to carriers, the rest to people."""
    if kind != "transport_badge":
        return person.party
    carrier = OrganisationFactory(unit=ward)
    Authority.objects.create(
        actor=person,
        for_party=carrier.party,
        basis=AuthorityBasis.REPRESENTATIVE,
        valid=(date(2020, 1, 1), None),
    )
    party: Party = carrier.party
    return party


def _file(suggestion: Suggestion, person: Citizen) -> Dossier:
    """File what was suggested, with any acceptable answer to what nobody knows."""
    version = ProcedureVersion.objects.get(
        procedure=suggestion.rule.procedure, valid__contains=clock.today()
    )
    form = prefill_form(
        version=version,
        subject=suggestion.subject,
        applicant=person,
        suggestion=suggestion,
        day=clock.today(),
    )
    answers = {
        field.name: field.choices[0] if field.choices else SAMPLES.get(FieldType(field.type), "có")
        for field in form.missing
    }
    return submit_dossier(
        applicant=person,
        suggestion=suggestion,
        version=version,
        answers=answers,
        now=clock.now(),
    )


def _grant(dossier: Dossier) -> None:
    official = OfficialFactory(agency=dossier.competent)
    GrantFactory(official=official, role=Role.CASE_OFFICER, unit=dossier.competent.unit)
    officer: User = official.user
    bring_papers(dossier)
    for action in (Action.RECEIVE, Action.START_PROCESSING, Action.APPROVE):
        dossier = advance(
            dossier=dossier, action=action, user=officer, version=dossier.version, now=clock.now()
        )
    assert returned_online(dossier=pay_fee(dossier, now=clock.now()), now=clock.now())


@pytest.mark.parametrize(
    ("kind", "register", "category", "days"),
    [
        ("driving_licence", "GPLX", "B", 60),
        ("passport", "XNC", "", 100),
        ("medical_practice_licence", "HEALTH", "", 100),
        ("transport_badge", "TRANS", "", 10),
    ],
)
def test_the_next_expiry_leads_to_the_next_suggestion(
    ward: Unit, kind: str, register: str, category: str, days: int
) -> None:
    # Given a paper that runs out, and the night's scan
    person = CitizenFactory(unit=ward, birth_date=date(1980, 5, 5))
    paper = CredentialFactory(
        holder=_holder(kind, person, ward),
        kind=kind,
        register_id=register,
        category=category,
        issued_on=date(2021, 11, 20),
        expires_on=FRIDAY.date() + timedelta(days=days),
        unit=ward,
    )
    scan_day(on_date=FRIDAY.date())
    first = Suggestion.objects.get(anchor=paper.pk)

    # When what it suggests is filed, granted and opened
    _grant(_file(first, person))

    # Then the paper has a new term and the suggestion is fulfilled; nothing is told again yet
    first.refresh_from_db()
    renewed = Credential.objects.get(pk=paper.pk)
    assert first.state == SuggestionState.FULFILLED
    assert (renewed.term, renewed.issued_on) == (paper.term + 1, FRIDAY.date())
    assert renewed.expires_on is not None
    scan_day(on_date=FRIDAY.date() + timedelta(days=1))
    assert Suggestion.objects.filter(anchor=paper.pk).count() == 1

    # And when that term runs out, the next suggestion is there
    then = renewed.expires_on - timedelta(days=days)
    with time_machine.travel(datetime.combine(then, time(9), CIVIL_ZONE), tick=False):
        scan_day(on_date=then)
    second = Suggestion.objects.exclude(pk=first.pk).get(anchor=paper.pk)
    assert (second.cycle, second.due_on) == (renewed.term, renewed.expires_on)
    assert second.state == SuggestionState.OPEN
