"""What "complete" means for each table of a register: a share, with its numerator and denominator.

Most definitions follow from the declared format: an optional column that is kept in clear should be
filled. Where the law lets a paper be without a last day, such papers are not counted against it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from citizens.enums import AuthorityBasis, BirthPrecision, ContactChannel, CredentialStatus
from citizens.models import (
    Authority,
    Citizen,
    ContactPoint,
    Credential,
    HouseholdMember,
    Organisation,
    RegisterRecord,
)
from citizens.registers.formats import Column, Format, Target

Among = Callable[[date], Q]
_EVERY: Among = lambda _day: Q()  # noqa: E731 - a condition like its neighbours


@dataclass(frozen=True)
class Measure:
    """The share of rows `among` those held that have `has`; `of_vi`, `of_en` name the whole."""

    name: str
    label_vi: str
    label_en: str
    has: Any
    among: Among = _EVERY
    of_vi: str = "tất cả các dòng đang lưu"
    of_en: str = "all rows held"


def rows_of(declared: Format) -> QuerySet[Any]:
    """Return the facts that a table holds and that count: living people, valid papers."""
    register, kind = declared.register, declared.fact_kind
    match declared.target:
        case Target.PERSON:
            people = Citizen.objects.filter(register=register, survivor=None)
            return people.filter(died_on=None, emigrated_on=None)
        case Target.PAPER:
            valid = CredentialStatus.VALID
            return Credential.objects.filter(register=register, kind=kind, status=valid)
        case Target.RECORD:
            return RegisterRecord.objects.filter(register=register, kind=kind)
    return Organisation.objects.filter(register=register)


def measures_of(declared: Format) -> tuple[Measure, ...]:
    """Return how complete a table is judged; empty where every column must be there anyway."""
    match declared.target:
        case Target.PERSON:
            return _PEOPLE
        case Target.ORGANISATION:
            return _ORGANISATIONS
        case Target.PAPER:
            return tuple(_of_papers(declared))
    return tuple(_of_documents(declared.columns, "body"))


def _of_papers(declared: Format) -> Iterator[Measure]:
    for column in declared.columns:
        if column.name == "issuer":
            yield Measure("issuer", column.label_vi, "issuer", ~Q(issuer=""))
        if column.name == "expires_on" and (column.required or declared.key in _MUST_END):
            among, of_vi, of_en = _MUST_END.get(declared.key, _ALL)
            has = Q(expires_on__isnull=False)
            yield Measure("expires_on", column.label_vi, "last day", has, among, of_vi, of_en)
    yield from _of_documents(declared.columns, "details")


# What most rows rightly lack.
_RARE = frozenset({"status", "cause", "kindergarten"})


def _of_documents(columns: tuple[Column, ...], document: str) -> Iterator[Measure]:
    for column in columns:
        room, _dot, key = column.to.partition(".")
        if room == "body" and not column.required and column.name not in _RARE:
            label_en = column.name.replace("_", " ")
            yield Measure(
                column.name, column.label_vi, label_en, Q(**{f"{document}__has_key": key})
            )


def _younger_than_sixty(day: date) -> Q:
    turned = day.replace(year=day.year - 60, day=min(day.day, 28))
    return Q(holder__citizen__birth_date__gt=turned)


_ALL: tuple[Among, str, str] = (_EVERY, "tất cả giấy tờ còn hiệu lực", "all valid papers")
# Whose papers must have a last day, where some of the kind need none.
_MUST_END: Mapping[str, tuple[Among, str, str]] = MappingProxyType(
    {
        # Luật Trật tự, an toàn giao thông đường bộ 36/2024/QH15: A1, A and B1 have no last day.
        "GPLX.licence": (
            lambda _day: ~Q(category__in=("A1", "A", "B1")),
            "giấy phép còn hiệu lực, trừ hạng A1, A, B1",
            "valid licences but those of class A1, A and B1",
        ),
        # Luật Căn cước 26/2023/QH15: a card of somebody over sixty does not run out.
        "NPD.card": (
            _younger_than_sixty,
            "thẻ còn hiệu lực của người dưới 60 tuổi",
            "valid cards of people under sixty",
        ),
    }
)


def _own_document(key: str) -> Exists:
    own = RegisterRecord.objects.filter(register="NPD", kind="person", subject=OuterRef("pk"))
    return Exists(own.filter(body__has_key=key))


def _of_people(name: str, label_vi: str, label_en: str, has: Any) -> Measure:
    of_vi, of_en = "người đang sống, chưa định cư nước ngoài", "the living who stay here"
    return Measure(name, label_vi, label_en, has, of_vi=of_vi, of_en=of_en)


_REACHABLE = ContactPoint.objects.filter(
    party=OuterRef("pk"), channel=ContactChannel.SMS, verified_at__isnull=False
)
_AT_HOME = HouseholdMember.objects.filter(citizen=OuterRef("pk"), valid__upper_inf=True)
_TO_THE_DAY = Q(birth_precision=BirthPrecision.DAY)
_PEOPLE = (
    _of_people("phone", "Số điện thoại", "phone", Exists(_REACHABLE)),
    _of_people("hometown", "Quê quán", "hometown", _own_document("hometown")),
    _of_people(
        "marital_status", "Tình trạng hôn nhân", "marital status", _own_document("marital_status")
    ),
    _of_people(
        "permanent_address", "Nơi thường trú", "permanent address", ~Q(permanent_address="")
    ),
    _of_people("birth_date", "Ngày sinh đủ ngày, tháng, năm", "birth date to the day", _TO_THE_DAY),
    _of_people("household_number", "Có trong một hộ", "in a household", Exists(_AT_HOME)),
)
_ORGANISATIONS = (
    Measure(
        "representative_pin",
        "Người đại diện",
        "representative",
        Exists(
            Authority.objects.filter(
                for_party=OuterRef("pk"),
                basis=AuthorityBasis.REPRESENTATIVE,
                revoked_at__isnull=True,
            )
        ),
        of_vi="doanh nghiệp, hộ kinh doanh đang lưu",
        of_en="all businesses held",
    ),
)
