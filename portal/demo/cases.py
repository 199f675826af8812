"""Values in doubt: where registers of the demo disagree, and what people have reported as wrong.

They go through the same services as everybody's, so owners, due dates and news are real.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from citizens.enums import DiscrepancyKind, FactTable, PartyKind
from citizens.models import Authority, Citizen, Credential, Discrepancy, Party, User
from citizens.selectors import Origin
from citizens.services import Found, open_discrepancies, settle_discrepancy
from dossiers.services import contest_field
from portal.common.clock import CIVIL_ZONE

CASES_BETWEEN_REGISTERS, PER_CITIZENS, LEAST = 16, 20_000, 6
_DECIDES = "quantri"
# One in four is older than the 20 working days within which it was to be settled.
_DAYS_OPEN = (45, 3, 11, 20)


def open_cases(on: date) -> int:
    """Open them as of the civil date `on`, settle one, and return how many there are."""
    people = Citizen.objects.alive().filter(user__isnull=True, birth_date__lt=on - _years(18))
    count = max(LEAST, Citizen.objects.count() * CASES_BETWEEN_REGISTERS // PER_CITIZENS)
    chosen = list(people.order_by("pk")[40 : 40 + 7 * count : 7])
    for turn, person in enumerate(chosen):
        kind = _BETWEEN_REGISTERS[turn % len(_BETWEEN_REGISTERS)]
        day = on - timedelta(days=_DAYS_OPEN[turn % len(_DAYS_OPEN)])
        open_discrepancies(rows=[kind(person)], day=day, batch=None)
    for report in (_lan, _minh, _hoa, _tai):
        report(on)
    return Discrepancy.objects.count()


# ------------------------------------------------------------------------------ between registers
def _name(person: Citizen) -> Found:
    """Civil status leaves a middle name out, as old books do."""
    stated = " ".join((person.family_name, person.given_name))
    if not person.middle_name:
        stated = " ".join((person.family_name, "Thị", person.given_name))
    return _found(person, DiscrepancyKind.NAME, "full_name", "CIVIL", stated)


def _birth(person: Citizen) -> Found:
    """The insurance register took one digit for another."""
    born = person.birth_date
    other = born.replace(day=born.day - 1 if born.day > 1 else born.day + 1)
    return _found(person, DiscrepancyKind.BIRTH_DATE, "birth_date", "INS", other.isoformat())


def _found(person: Citizen, kind: DiscrepancyKind, column: str, other: str, stated: str) -> Found:
    held = person.birth_date.isoformat() if column == "birth_date" else person.full_name
    return Found(
        subject_id=person.pk,
        kind=kind,
        table=FactTable.CITIZEN,
        object_id=person.pk,
        column=column,
        register="NPD",
        other_register=other,
        held_value=held,
        stated_value=stated,
    )


_BETWEEN_REGISTERS: tuple[Callable[[Citizen], Found], ...] = (_name, _birth)


# -------------------------------------------------------------------------- reported by the people
def _lan(on: date) -> None:
    """Mrs Lan's address lacked the entry of her house; it was put right."""
    lan = _citizen("lan")
    origin = Origin(FactTable.CITIZEN, lan.pk, "current_address")
    right = f"Kiệt 2, {lan.current_address}"
    case = contest_field(
        citizen=lan,
        origin=origin,
        stated=right,
        note="Nhà tôi ở trong kiệt, ghi thiếu nên thư thường lạc.",
        day=on - timedelta(days=12),
    )
    settle_discrepancy(
        case=case,
        user=User.objects.get(username=_DECIDES),
        version=case.version,
        right_value=right,
        reason="Đã đối chiếu với cảnh sát khu vực.",
        now=datetime.combine(on - timedelta(days=2), time(10), CIVIL_ZONE),
    )


def _minh(on: date) -> None:
    """A father reports that his son's name was misspelt."""
    minh = _citizen("minh")
    mine = Authority.objects.standing(on).filter(actor=minh, for_party__kind=PartyKind.CITIZEN)
    child = Citizen.objects.filter(pk__in=mine.values("for_party")).order_by("birth_date").first()
    if child is None:
        return
    stated = child.full_name.replace("Gia", "Giai")
    _report(minh, Origin(FactTable.CITIZEN, child.pk, "full_name"), stated, on, days=6)


def _hoa(on: date) -> None:
    """A doctor has waited for an answer for longer than the law allows."""
    hoa = _citizen("hoa")
    paper = Credential.objects.live().filter(holder=hoa.party, expires_on__isnull=False)
    licence = paper.order_by("pk").first()
    if licence is None:
        return
    stated = (licence.issued_on + timedelta(days=7)).isoformat()
    _report(hoa, Origin(FactTable.CREDENTIAL, licence.pk, "issued_on"), stated, on, days=24)


def _tai(on: date) -> None:
    """The head of a cooperative reports that its seat has moved."""
    tai = _citizen("tai")
    mine = Authority.objects.standing(on).filter(actor=tai).values("for_party")
    firm = Party.objects.filter(pk__in=mine, kind=PartyKind.ORGANISATION).order_by("pk").first()
    if firm is None:
        return
    stated = f"Tầng 2, {firm.organisation.address}"
    _report(tai, Origin(FactTable.ORGANISATION, firm.pk, "address"), stated, on, days=13)


def _report(citizen: Citizen, origin: Origin, stated: str, on: date, *, days: int) -> None:
    """Contest a value so many days before the date of the demo."""
    contest_field(
        citizen=citizen, origin=origin, stated=stated, note="", day=on - timedelta(days=days)
    )


def _citizen(username: str) -> Citizen:
    return Citizen.objects.select_related("party").get(user__username=username)


def _years(count: int) -> timedelta:
    return timedelta(days=366 * count)
