"""A person of a commune, the register that holds their data, and the office that answers for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from citizens.enums import DiscrepancyKind, FactTable, Role
from citizens.models import Agency, Citizen, Discrepancy, Register, Unit, User
from citizens.services import Found, open_discrepancy
from tests.factories import citizens as make

FRIDAY = date(2026, 11, 20)


@dataclass
class Place:
    """A person of a commune whose police answer for the population register."""

    citizen: Citizen
    user: User
    register: Register
    commune: Unit
    police: Agency

    def officer(self, *, role: Role = Role.DATA_STEWARD, **official: Any) -> User:
        """Return an official of the police with a standing role over the commune."""
        made = make.OfficialFactory(agency=self.police, **official)
        make.GrantFactory(official=made, role=role, unit=self.commune)
        user: User = made.user
        return user

    def contest(self, stated: str, **other: Any) -> Discrepancy:
        """Contest the person's name, as the person."""
        values = {"kind": DiscrepancyKind.CONTESTED, "raised_by": self.user, **other}
        return self.open(stated, **values)

    def open(self, stated: str, **other: Any) -> Discrepancy:
        """Open a case about the person's name."""
        values: dict[str, Any] = {
            "subject": self.citizen.party,
            "kind": DiscrepancyKind.NAME,
            "table": FactTable.CITIZEN,
            "object_id": self.citizen.pk,
            "column": "full_name",
            "register": self.register,
            "held_value": self.citizen.full_name,
            "stated_value": stated,
            "day": FRIDAY,
        }
        return open_discrepancy(**(values | other))

    def found(self, stated: str = "Trần Thị Lam") -> Found:
        """Return the same disagreement as an import finds it."""
        return Found(
            subject_id=self.citizen.pk,
            kind=DiscrepancyKind.NAME,
            table=FactTable.CITIZEN,
            object_id=self.citizen.pk,
            column="full_name",
            register="NPD",
            other_register=make.RegisterFactory(code="CIVIL").code,
            held_value=self.citizen.full_name,
            stated_value=stated,
        )


def make_place() -> Place:
    """Set the scene in the database."""
    city = make.UnitFactory(province=True)
    commune = make.UnitFactory(parent=city)
    police = make.AgencyFactory(kind__key="cong_an_xa", unit=commune)
    for code in ("NPD", "CIVIL", "GPLX", "LAND", "BUS"):
        make.RegisterFactory(code=code, steward_kind=police.kind)
    register = Register.objects.get(code="NPD")
    citizen = make.CitizenFactory(unit=commune, register=register)
    return Place(citizen, make.UserFactory(citizen=citizen), register, commune, police)
