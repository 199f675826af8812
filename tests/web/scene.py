"""Mrs Lan, 70, whose driving licence runs out in sixty days, and the office that exchanges it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.test import Client

from citizens.enums import ContactChannel, Gender
from citizens.models import Agency, Citizen, Credential, Unit, User
from portal.common.clock import CIVIL_ZONE
from procedures.models import ProcedureVersion, Suggestion
from tests.factories.citizens import (
    AgencyFactory,
    AuthorityFactory,
    CitizenFactory,
    ContactPointFactory,
    CredentialFactory,
    OrganisationFactory,
    RegisterFactory,
    RegisterRecordFactory,
    UnitFactory,
    UserFactory,
)
from tests.factories.procedures import (
    LICENCE,
    ProcedureVersionFactory,
    SuggestionFactory,
    version_of,
)
from tests.shelf import put_texts

FRIDAY = datetime(2026, 11, 20, 9, tzinfo=CIVIL_ZONE)
TODAY = FRIDAY.date()
DUE = TODAY + timedelta(days=60)
PHONE = "+84505000001"


@dataclass
class Scene:
    """What the tests of the pages begin with; `client` is signed in as Mrs Lan."""

    client: Client
    city: Unit
    ward: Unit
    office: Agency
    lan: Citizen
    user: User
    licence: Credential
    version: ProcedureVersion
    suggestion: Suggestion

    @property
    def page(self) -> str:
        """The address of the suggestion."""
        return f"/my/suggestions/{self.suggestion.public_id}/"


def lan_scene() -> Scene:
    """Set the scene in the database; the clock must stand on FRIDAY."""
    put_texts()
    RegisterFactory(code="GPLX", name_vi="Hệ thống thông tin giấy phép lái xe")
    city = UnitFactory(province=True)
    ward = UnitFactory(ward=True, parent=city)
    office = AgencyFactory(kind__key="cong_an_tinh_csgt", unit=city, name_vi="Phòng CSGT")
    lan = CitizenFactory(birth_date=date(1956, 6, 20), unit=ward)
    ContactPointFactory(party=lan.party, channel=ContactChannel.SMS, value=PHONE)
    licence = CredentialFactory(holder=lan, expires_on=DUE, unit=ward)
    RegisterRecordFactory(
        subject=lan.party, body={"number": "SK-0001", "date": (TODAY - timedelta(30)).isoformat()}
    )
    version = ProcedureVersionFactory(procedure__key=LICENCE)
    suggestion = SuggestionFactory(citizen=lan, credential=licence)
    user = UserFactory(citizen=lan, username="lan")
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return Scene(client, city, ward, office, lan, user, licence, version, suggestion)


def stranger() -> tuple[Citizen, Client]:
    """Return another signed-in citizen who has nothing to do with Mrs Lan."""
    citizen = CitizenFactory(gender=Gender.MALE, full_name="Đỗ Văn Khách")
    client = Client()
    backend = "django.contrib.auth.backends.ModelBackend"
    client.force_login(UserFactory(citizen=citizen), backend=backend)
    return citizen, client


def badges(representative: Citizen, count: int) -> list[Suggestion]:
    """Return suggestions about the vehicle badges of an organisation, all due in ten days."""
    firm = OrganisationFactory(name="Hợp tác xã vận tải Sông Hàn", unit=representative.unit)
    AuthorityFactory(actor=representative, for_party=firm.party, basis="representative")
    ProcedureVersionFactory(procedure__key="transport_badge")
    rule_version = version_of("transport_badge")
    return [
        SuggestionFactory(
            rule_version=rule_version,
            credential=CredentialFactory(
                holder=firm,
                kind="transport_badge",
                register__code="TRANS",
                category="",
                details={"plate": f"43B-{number:05d}"},
                expires_on=TODAY + timedelta(days=10),
            ),
            recipients=[representative],
        )
        for number in range(count)
    ]
