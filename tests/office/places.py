"""Two communes side by side: the official works in the first, the second carries a canary."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from citizens.enums import DiscrepancyKind, FactTable, Role, ViewPurpose
from citizens.models import Agency, Citizen, Official, Unit, User
from citizens.services import open_discrepancy, record_access
from dossiers.models import Dossier
from notifications.models import Attempt
from portal.common import clock
from procedures.models import ScanRun, ScanRunRule
from tests.factories.citizens import (
    AgencyFactory,
    CitizenFactory,
    ContactPointFactory,
    CredentialFactory,
    GrantFactory,
    HouseholdFactory,
    OfficialFactory,
    OrganisationFactory,
    RegisterFactory,
    RelationFactory,
    UnitFactory,
)
from tests.factories.data_requests import DataRequestFactory
from tests.factories.dossiers import DossierFactory
from tests.factories.notifications import MessageFactory, call_back
from tests.factories.procedures import SuggestionFactory, version_of
from tests.office.rare_rows import rare_rows
from tests.shelf import put_texts

CANARY = "Kanarienvogel"
EVERY_ROLE = tuple(Role)


@dataclass
class Place:
    """A commune with one row of everything that belongs to a place; all names carry `mark`."""

    unit: Unit
    mark: str
    agency: Agency
    official: Official
    citizen: Citizen
    dossier: Dossier
    rows: list[Any] = field(default_factory=list)

    @property
    def user(self) -> User:
        """The official's account."""
        return self.official.user


def make_place(city: Unit, mark: str, *, roles: tuple[Role, ...] = EVERY_ROLE) -> Place:
    """Set up a commune with an office, an official of `roles`, people and their matters."""
    unit = UnitFactory(parent=city, name_vi=f"Xã {mark}", name_en=f"Commune {mark}")
    agency = AgencyFactory(kind__key="ubnd_xa", unit=unit, name_vi=f"UBND {mark}")
    official = OfficialFactory(agency=agency, user__display_name=f"Cán bộ {mark}")
    grants = [GrantFactory(official=official, role=role, unit=unit) for role in roles]
    citizen = CitizenFactory(unit=unit, given_name=mark, current_address=f"Thôn {mark}")
    child = CitizenFactory(unit=unit, minor=True, given_name=f"Bé{mark}")
    organisation = OrganisationFactory(unit=unit, name=f"Hợp tác xã {mark}")
    ContactPointFactory(party=citizen.party)
    household = HouseholdFactory(unit=unit, address=f"Thôn {mark}", head=citizen)
    relation = RelationFactory(person=citizen, relative=child)
    licence = CredentialFactory(holder=citizen, issuer=f"Sở {mark}")
    badge = CredentialFactory(holder=organisation, kind="transport_badge", issuer=f"Sở {mark}")
    suggestion = SuggestionFactory(citizen=citizen, credential=licence)
    message = MessageFactory(recipient=citizen.party, rendered=f"Kính gửi {mark}")
    Attempt.objects.create(
        message=message,
        number=1,
        channel="sms",
        outcome="accepted",
        detail=mark,
        started_at=clock.now(),
    )
    dossier = DossierFactory(
        owner_citizen=citizen, competent=agency, fields={"reason": f"Vì {mark}"}
    )
    record_access(
        actor=official.user,
        purpose=ViewPurpose.DOSSIER,
        page="office",
        fields=["full_name"],
        subject_ids=[citizen.pk],
        reference=mark,
    )
    asked = DataRequestFactory(
        citizen=citizen, owner=agency, requested_by=official.user, body=f"Lời của {mark}"
    )
    doubt = open_discrepancy(
        subject=citizen.party,
        kind=DiscrepancyKind.ADDRESS,
        table=FactTable.CITIZEN,
        object_id=citizen.pk,
        column="current_address",
        register=citizen.register,
        held_value=citizen.current_address,
        stated_value=f"Tổ {mark}",
        day=clock.today(),
    )
    call = call_back(citizen.party, f"Tôi là {mark}", number=f"+8450{citizen.pk:07d}")
    rows = [unit, agency, official, *grants, citizen, child, organisation, household, relation]
    rows += [licence, badge, suggestion, message, asked, doubt, call]
    return Place(unit, mark, agency, official, citizen, dossier, rows)


def make_rarer_rows(place: Place) -> None:
    """Add one row of every table that most tests of the desk leave empty."""
    rare_rows(place, by=place.official)


def make_house() -> Unit:
    """Return the city, with the catalogue rows and a scan that all its communes share."""
    put_texts()
    for code in ("NPD", "GPLX", "HEALTH", "BUS"):
        RegisterFactory(code=code)
    run = ScanRun.objects.create(kind="nightly", on_date=clock.today(), state="finished")
    ScanRunRule.objects.create(
        run=run, rule_version=version_of("driving_licence_renewal"), opened_count=7
    )
    city: Unit = UnitFactory(province=True)
    return city


def signed_in(user: User) -> Client:
    """Return a browser in which the official has signed in."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
