"""Factories of the facts' room, with named traits, such as `CitizenFactory(minor=True)`.

Every identifier is synthetic: PINs begin with 999 (no province has that code), phones with +84 50
(no network has that range). Dates are counted from the civil date of `portal.common.clock`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import factory
from django.db.backends.postgresql.psycopg_any import DateRange
from factory.django import DjangoModelFactory

from citizens import enums, models
from portal.common import clock

CITY_FROM = date(2025, 7, 1)
PASSWORD = "thu-nghiem-2026"
_TRAFFIC_POLICE = "cong_an_tinh_csgt"


def always(first: date | None = None, end: date | None = None) -> DateRange:
    """Return the civil dates ``[first, end)``; None leaves an end open."""
    return DateRange(first, end)


def years_before(day: date, years: int) -> date:
    """Return the same day and month `years` earlier (29 February becomes 28 February)."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


class RegisterFactory(DjangoModelFactory[models.Register]):
    """A base register; made once a code."""

    class Meta:
        model = models.Register
        django_get_or_create = ("code",)

    code = "NPD"
    name_vi = factory.LazyAttribute(lambda made: f"Cơ sở dữ liệu {made.code}")
    name_en = factory.LazyAttribute(lambda made: f"Register {made.code}")
    owner_vi = "Bộ Công an"


class BatchFactory(DjangoModelFactory[models.Batch]):
    class Meta:
        model = models.Batch

    register = factory.SubFactory(RegisterFactory)
    as_of = factory.LazyFunction(clock.today)
    source = "thử nghiệm"


class UnitFactory(DjangoModelFactory[models.Unit]):
    """A commune of the city; traits `ward`, `special_zone`, `district`, `province`."""

    class Meta:
        model = models.Unit

    code = factory.Sequence(lambda n: f"{90000 + n}")
    name_vi = factory.LazyAttribute(lambda made: f"Xã {made.code}")
    name_en = factory.LazyAttribute(lambda made: f"Commune {made.code}")
    kind = enums.UnitKind.COMMUNE
    zone = enums.ZoneKind.RURAL
    valid = factory.LazyFunction(lambda: always(CITY_FROM))

    class Params:
        ward = factory.Trait(
            kind=enums.UnitKind.WARD,
            zone=enums.ZoneKind.URBAN,
            name_vi=factory.LazyAttribute(lambda made: f"Phường {made.code}"),
        )
        special_zone = factory.Trait(
            kind=enums.UnitKind.SPECIAL_ZONE,
            name_vi=factory.LazyAttribute(lambda made: f"Đặc khu {made.code}"),
        )
        district = factory.Trait(
            kind=enums.UnitKind.DISTRICT,
            name_vi=factory.LazyAttribute(lambda made: f"Huyện {made.code}"),
            valid=factory.LazyFunction(lambda: always(None, CITY_FROM)),
        )
        province = factory.Trait(
            kind=enums.UnitKind.PROVINCE,
            zone=enums.ZoneKind.URBAN,
            name_vi=factory.LazyAttribute(lambda made: f"Thành phố {made.code}"),
            valid=factory.LazyFunction(lambda: always(None, None)),
        )


class AgencyKindFactory(DjangoModelFactory[models.AgencyKind]):
    class Meta:
        model = models.AgencyKind
        django_get_or_create = ("key",)

    key = _TRAFFIC_POLICE
    name_vi = factory.LazyAttribute(lambda made: f"Cơ quan {made.key}")
    name_en = factory.LazyAttribute(lambda made: f"Office {made.key}")
    level = enums.AgencyLevel.PROVINCE


class AgencyFactory(DjangoModelFactory[models.Agency]):
    """An office; `AgencyFactory(kind__key="ubnd_xa", unit=commune)`."""

    class Meta:
        model = models.Agency

    kind = factory.SubFactory(AgencyKindFactory)
    unit = factory.SubFactory(UnitFactory, province=True)
    code = factory.Sequence(lambda n: f"H17.{100 + n}")
    name_vi = factory.LazyAttribute(lambda made: f"Cơ quan {made.code}")
    address = "24 Trần Phú"
    valid = factory.LazyFunction(lambda: always(CITY_FROM))


class PartyFactory(DjangoModelFactory[models.Party]):
    class Meta:
        model = models.Party

    kind = enums.PartyKind.CITIZEN


class CitizenFactory(DjangoModelFactory[models.Citizen]):
    """A living adult of 40; traits `adult`, `minor`, `elder`, `deceased`, `newborn`.

    `age=…` sets the age in whole years, `pin="999…"` the number, `pin=None` leaves it out.
    """

    class Meta:
        model = models.Citizen
        exclude = ("age", "pin")

    class Params:
        adult = factory.Trait(age=40)
        minor = factory.Trait(age=8, given_name="Tí")
        elder = factory.Trait(age=88, birth_precision=enums.BirthPrecision.YEAR)
        deceased = factory.Trait(
            age=80, died_on=factory.LazyFunction(lambda: clock.today() - timedelta(days=30))
        )
        newborn = factory.Trait(
            age=0,
            pin=None,
            birth_date=factory.LazyFunction(lambda: clock.today() - timedelta(days=3)),
        )

    age = 40
    gender = enums.Gender.FEMALE
    birth_date = factory.LazyAttribute(lambda made: years_before(clock.today(), made.age))
    pin = factory.LazyAttributeSequence(
        lambda made, n: f"999{pin_century(made.birth_date, made.gender)}{made.birth_date:%y}{n:06d}"
    )
    party = factory.SubFactory(PartyFactory, kind=enums.PartyKind.CITIZEN)
    family_name = "Trần"
    middle_name = "Thị"
    given_name = "Lan"
    full_name = factory.LazyAttribute(
        lambda made: " ".join(
            part for part in (made.family_name, made.middle_name, made.given_name) if part
        )
    )
    pin_index = factory.LazyAttribute(lambda made: made.pin and models.Citizen.index_of(made.pin))
    pin_enc = factory.LazyAttribute(lambda made: made.pin and models.Citizen.seal_pin(made.pin))
    unit = factory.SubFactory(UnitFactory)
    current_address = "Thôn 1"
    permanent_address = factory.SelfAttribute("current_address")
    register = factory.SubFactory(RegisterFactory, code="NPD")
    as_of = factory.LazyFunction(clock.today)


def pin_century(birth_date: date, gender: str) -> int:
    """Return the fourth digit of a PIN: century and sex (0/1 = 1900s male/female, 2/3 = 2000s)."""
    return (birth_date.year // 100 - 19) * 2 + (gender == enums.Gender.FEMALE)


class OrganisationFactory(DjangoModelFactory[models.Organisation]):
    class Meta:
        model = models.Organisation

    party = factory.SubFactory(PartyFactory, kind=enums.PartyKind.ORGANISATION)
    tax_code = factory.Sequence(lambda n: f"99{n:08d}")
    name = factory.LazyAttribute(lambda made: f"Hợp tác xã vận tải {made.tax_code}")
    address = "1 Đường Số 1"
    unit = factory.SubFactory(UnitFactory)
    register = factory.SubFactory(RegisterFactory, code="BUS")
    as_of = factory.LazyFunction(clock.today)


class HouseholdFactory(DjangoModelFactory[models.Household]):
    """A household; `head=citizen` makes that person its head today."""

    class Meta:
        model = models.Household
        skip_postgeneration_save = True

    party = factory.SubFactory(PartyFactory, kind=enums.PartyKind.HOUSEHOLD)
    book_number = factory.Sequence(lambda n: f"HK{n:08d}")
    unit = factory.SubFactory(UnitFactory)
    address = "Thôn 1"
    as_of = factory.LazyFunction(clock.today)

    @factory.post_generation
    def head(self: Any, create: bool, extracted: models.Citizen | None, **_extra: Any) -> None:
        if create and extracted is not None:
            HouseholdMemberFactory(household=self, citizen=extracted, is_head=True)


class HouseholdMemberFactory(DjangoModelFactory[models.HouseholdMember]):
    class Meta:
        model = models.HouseholdMember

    household = factory.SubFactory(HouseholdFactory)
    citizen = factory.SubFactory(CitizenFactory)
    relation_to_head = factory.LazyAttribute(lambda made: "Chủ hộ" if made.is_head else "Con")
    is_head = False
    valid = factory.LazyFunction(lambda: always(date(2020, 1, 1)))


class RelationFactory(DjangoModelFactory[models.Relation]):
    """`person` is the mother (or `kind`) of `relative`."""

    class Meta:
        model = models.Relation

    person = factory.SubFactory(CitizenFactory)
    relative = factory.SubFactory(CitizenFactory, minor=True)
    kind = enums.RelationKind.MOTHER
    valid = factory.LazyAttribute(lambda made: always(made.relative.birth_date))


class AuthorityFactory(DjangoModelFactory[models.Authority]):
    """`actor` may act for `for_party` (a minor's mother by default)."""

    class Meta:
        model = models.Authority

    actor = factory.SubFactory(CitizenFactory)
    for_party = factory.LazyAttribute(lambda _made: CitizenFactory(minor=True).party)
    basis = enums.AuthorityBasis.PARENT
    valid = factory.LazyFunction(lambda: always(date(2020, 1, 1)))


class ContactPointFactory(DjangoModelFactory[models.ContactPoint]):
    """A verified SMS number of a new citizen; `party=…`, or `user=…` with `party=None`."""

    class Meta:
        model = models.ContactPoint
        exclude = ("value",)

    party = factory.LazyAttribute(lambda _made: CitizenFactory().party)
    user = None
    channel = enums.ContactChannel.SMS
    value = factory.Sequence(lambda n: f"+8450{n:07d}")
    value_index = factory.LazyAttribute(
        lambda made: models.ContactPoint.index_of(made.channel, made.value)
    )
    value_enc = factory.LazyAttribute(
        lambda made: models.ContactPoint.seal_value(made.channel, made.value)
    )
    verified_at = datetime(2026, 1, 1, tzinfo=UTC)
    shared = False


class CredentialFactory(DjangoModelFactory[models.Credential]):
    """A valid class B driving licence of ten years; `holder` is a Party, or a Citizen of it."""

    class Meta:
        model = models.Credential
        exclude = ("number",)

    holder = factory.LazyAttribute(lambda _made: CitizenFactory().party)
    kind = "driving_licence"
    register = factory.SubFactory(RegisterFactory, code="GPLX")
    number = factory.Sequence(lambda n: f"9995{n:08d}")
    number_index = factory.LazyAttribute(
        lambda made: models.Credential.index_of(made.register.code, made.kind, made.number)
    )
    number_enc = factory.LazyAttribute(
        lambda made: models.Credential.seal_number(made.register.code, made.kind, made.number)
    )
    category = "B"
    expires_on = factory.LazyFunction(lambda: clock.today() + timedelta(days=60))
    issued_on = factory.LazyAttribute(
        lambda made: years_before(made.expires_on, 10) if made.expires_on else date(2020, 1, 1)
    )
    issuer = "Cục Cảnh sát giao thông"
    as_of = factory.LazyFunction(clock.today)

    @classmethod
    def _adjust_kwargs(cls, **kwargs: Any) -> dict[str, Any]:
        holder = kwargs.get("holder")
        if isinstance(holder, models.Citizen | models.Organisation | models.Household):
            kwargs["holder"] = holder.party
        return kwargs


class RegisterRecordFactory(DjangoModelFactory[models.RegisterRecord]):
    """One document of a register about a party: `RegisterRecordFactory(subject=…, body={…})`."""

    class Meta:
        model = models.RegisterRecord

    register = factory.SubFactory(RegisterFactory, code="HEALTH")
    kind = "driver_check"
    key_index = factory.Sequence(lambda n: n.to_bytes(32, "big"))
    subject = factory.LazyAttribute(lambda _made: CitizenFactory().party)
    body = factory.LazyFunction(dict)
    as_of = factory.LazyFunction(clock.today)


class LifeEventFactory(DjangoModelFactory[models.LifeEvent]):
    """An event; `subject=party` adds that party in the role of subject."""

    class Meta:
        model = models.LifeEvent
        skip_postgeneration_save = True

    kind = enums.LifeEventKind.BIRTH_NOTIFIED
    natural_key = factory.Sequence(lambda n: f"event-{n}")
    occurred_on = factory.LazyFunction(lambda: clock.today() - timedelta(days=3))
    unit = factory.SubFactory(UnitFactory)
    register = factory.SubFactory(RegisterFactory, code="HEALTH")
    as_of = factory.LazyFunction(clock.today)

    @factory.post_generation
    def subject(self: Any, create: bool, extracted: models.Party | None, **_extra: Any) -> None:
        if create and extracted is not None:
            models.EventParty.objects.create(
                event=self, party=extracted, role=enums.EventRole.SUBJECT
            )


class UserFactory(DjangoModelFactory[models.User]):
    """A citizen's account (password `PASSWORD`); trait `official` makes an official's."""

    class Meta:
        model = models.User

    class Params:
        of_official = factory.Trait(
            kind=enums.UserKind.OFFICIAL, citizen=None, display_name="Nguyễn Văn Cán"
        )

    username = factory.Sequence(lambda n: f"nguoi-dung-{n}")
    kind = enums.UserKind.CITIZEN
    citizen = factory.SubFactory(CitizenFactory)
    display_name = factory.LazyAttribute(
        lambda made: made.citizen.full_name if made.citizen else made.username
    )
    password = factory.django.Password(PASSWORD)


class OfficialFactory(DjangoModelFactory[models.Official]):
    """An official of an agency, employed since 2020, without any grant."""

    class Meta:
        model = models.Official

    user = factory.SubFactory(UserFactory, of_official=True)
    agency = factory.SubFactory(AgencyFactory)
    position = "Chuyên viên"
    employed = factory.LazyFunction(lambda: always(date(2020, 1, 1)))


class GrantFactory(DjangoModelFactory[models.Grant]):
    """A confirmed role over the unit of the official's agency."""

    class Meta:
        model = models.Grant

    official = factory.SubFactory(OfficialFactory)
    role = enums.Role.CASE_OFFICER
    unit = factory.LazyAttribute(lambda made: made.official.agency.unit)
    valid = factory.LazyFunction(lambda: always(date(2020, 1, 1)))
    granted_by = factory.SubFactory(UserFactory, of_official=True)
    confirmed_by = factory.SubFactory(UserFactory, of_official=True)
