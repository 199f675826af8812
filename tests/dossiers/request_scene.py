"""Mr Bình of a commune who asks something about his data, and the official who answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from citizens.enums import DataRequestKind, Role
from citizens.models import Agency, Citizen, DataRequest, Unit, User
from dossiers.services import (
    answer_data_request,
    extend_data_request,
    finish_data_request,
    refuse_data_request,
    submit_data_request,
)
from notifications.models import Message
from portal.common.clock import CIVIL_ZONE
from tests.factories.citizens import (
    AgencyFactory,
    CitizenFactory,
    ContactPointFactory,
    GrantFactory,
    OfficialFactory,
    UnitFactory,
    UserFactory,
)
from tests.shelf import put_texts

MONDAY = datetime(2026, 11, 23, 9, tzinfo=CIVIL_ZONE)
LATER = MONDAY + timedelta(days=1)
PIN = "999085000077"


@dataclass
class Asking:
    """Everything a test of a request needs; the clock stands on MONDAY."""

    city: Unit
    commune: Unit
    agency: Agency
    citizen: Citizen
    user: User
    official: User

    def submit(
        self,
        kind: DataRequestKind = DataRequestKind.RESTRICT,
        body: str = "Xin ngừng dùng số điện thoại cũ của tôi.",
        *,
        now: datetime = MONDAY,
    ) -> DataRequest:
        """Send a request as the citizen himself."""
        return submit_data_request(
            citizen=self.citizen, kind=kind, body=body, by=self.user, now=now
        )

    def at_desk(self, *roles: Role, unit: Unit | None = None, pin: str | None = None) -> User:
        """Return an official with standing grants over the agency's unit (or another)."""
        index = Citizen.index_of(pin) if pin else None
        official = OfficialFactory(agency=self.agency, self_pin_index=index)
        for role in roles:
            GrantFactory(official=official, role=role, unit=unit or self.commune)
        user: User = official.user
        return user


def asking() -> Asking:
    """Set the scene in the database."""
    put_texts()
    city = UnitFactory(province=True)
    commune = UnitFactory(parent=city)
    agency = AgencyFactory(kind__key="ubnd_xa", unit=commune, name_vi="UBND xã Xuân")
    citizen = CitizenFactory(unit=commune, pin=PIN)
    ContactPointFactory(party=citizen.party, value="+84505000077", verified_at=MONDAY)
    official = OfficialFactory(agency=agency)
    GrantFactory(official=official, role=Role.HEAD_OF_UNIT, unit=commune)
    return Asking(city, commune, agency, citizen, UserFactory(citizen=citizen), official.user)


def told(request: DataRequest) -> list[str]:
    """Return the topics of what was told about a request, the first one first."""
    said = Message.objects.filter(thread_key=f"data_request:{request.pk}")
    return list(said.order_by("pk").values_list("topic_id", flat=True))


def accept(scene: Asking, request: DataRequest, **changes: Any) -> DataRequest:
    """Say yes as the official would, the day after; `changes` are arguments of the service."""
    values: dict[str, Any] = {
        "request": request,
        "user": scene.official,
        "version": request.version,
        "answer": "Sẽ báo cho công an xã.",
        "now": LATER,
    }
    return answer_data_request(**values | changes)


def refuse(scene: Asking, request: DataRequest, **changes: Any) -> DataRequest:
    """Say no as the official would."""
    values: dict[str, Any] = {
        "request": request,
        "user": scene.official,
        "version": request.version,
        "reason": "Dữ liệu đang cần cho việc giải quyết hồ sơ.",
        "legal_basis": "Điều 19 Luật 91/2025/QH15",
        "now": LATER,
    }
    return refuse_data_request(**values | changes)


def extend(scene: Asking, request: DataRequest, **changes: Any) -> DataRequest:
    """Ask for ten days more."""
    values: dict[str, Any] = {
        "request": request,
        "user": scene.official,
        "version": request.version,
        "days": 10,
        "reason": "Phải chờ Cục Cảnh sát xác nhận.",
        "now": LATER,
    }
    return extend_data_request(**values | changes)


def finish(scene: Asking, request: DataRequest, **changes: Any) -> DataRequest:
    """Note that it was done."""
    values: dict[str, Any] = {
        "request": request,
        "user": scene.official,
        "version": request.version,
        "note": "Đã báo công an xã ngày 24/11/2026.",
        "now": LATER,
    }
    return finish_data_request(**values | changes)
