"""Each table of each register: what one good row becomes, and that the facts name their origin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest
from django.db import models, transaction
from pytest_django import DjangoDbBlocker

from citizens.models import (
    Authority,
    Citizen,
    CitizenSensitive,
    ContactPoint,
    Credential,
    Household,
    HouseholdMember,
    LifeEvent,
    Organisation,
    RegisterRecord,
    Relation,
)
from citizens.registers.declared import FORMATS
from citizens.registers.formats import Target
from citizens.services.import_register import Imported
from tests.citizens.importing.samples import AS_OF, FIRM, PLACE, bring_everything
from tests.citizens.importing.scene import set_the_scene

pytestmark = pytest.mark.django_db
LAN, BE, GIA = "Trần Thị Lan", "Lê Thị Bé", "Trần Văn Già"
# Holder, kind, class, days, whatever else the paper says.
PAPERS: Mapping[str, tuple[Any, ...]] = {
    "NPD.card": (LAN, "citizen_identity_card", "", "2021-05-04", "2045-02-01", {}),
    "GPLX.licence": (LAN, "driving_licence", "C1", "2022-01-20", "2027-01-20", {}),
    "XNC.passport": (LAN, "passport", "", "2022-01-20", "2027-01-20", {}),
    "HEALTH.practice_licence": (
        LAN,
        "medical_practice_licence",
        "",
        "2022-01-20",
        "2027-01-20",
        {"title": "Y sỹ", "scope": "Đa khoa"},
    ),
    "TOUR.card": (LAN, "tour_guide_card", "", "2022-01-20", "2027-01-20", {"kind": "Nội địa"}),
    "VET.certificate": (
        LAN,
        "veterinary_certificate",
        "",
        "2022-01-20",
        "2027-01-20",
        {"kind": "Tiêm phòng", "degree": "Bác sĩ thú y"},
    ),
    "TRANS.licence": (
        FIRM,
        "transport_business_licence",
        "",
        "2024-04-20",
        "None",
        {"scope": "Xe hợp đồng"},
    ),
    "TRANS.badge": (
        FIRM,
        "transport_badge",
        "Xe hợp đồng",
        "2019-12-10",
        "2026-12-10",
        {"plate": "43B-01234", "licence": "48/GPKDVT"},
    ),
    "LOCAL.construction_permit": (
        LAN,
        "construction_permit",
        "",
        "2025-12-10",
        "2026-12-10",
        {"address": "Thửa 15, tờ 4", "kind": "Nhà ở riêng lẻ"},
    ),
    "POV.household": (
        "HK000001",
        "poor_household_status",
        "Hộ cận nghèo",
        "2026-01-01",
        "2026-12-31",
        {"certificate": "HCN-0001", "status": "Hộ cận nghèo", "year": 2026},
    ),
}
RECORDS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "TRANS.vehicle": (
        FIRM,
        {"plate": "43B-01234", "brand": "Thaco", "seats": 29, "made_in": 2019, "owned": True},
    ),
    "POV.household": (
        "HK000001",
        {"certificate": "HCN-0001", "status": "Hộ cận nghèo", "year": 2026},
    ),
    "POV.hardship": (
        BE,
        {"number": "3/BB-2026", "kind": "Thiên tai", "date": "2026-11-12", "place": "Thôn 2"},
    ),
    "LAND.certificate": (
        LAN,
        {"number": "CS00123", "parcel": "Thửa 15, tờ 4", "area": 120.5, "address": "Thôn 2"},
    ),
    "CIVIL.marriage": (
        LAN,
        {
            "number": "45/2010",
            "date": "2010-02-14",
            "place": PLACE,
            "husband": "Lê Văn Minh",
            "wife": LAN,
        },
    ),
    "CIVIL.marital_status": (LAN, {"status": "Đã kết hôn", "certificate": "XN-7"}),
    "CIVIL.birth": (
        BE,
        {
            "number": "88/2020",
            "registered_on": "2020-08-20",
            "order": 1,
            "place": "Bệnh viện Phụ sản",
            "registration_place": PLACE,
        },
    ),
    "CIVIL.relation": (
        LAN,
        {"number": "9/2026", "relation": "Vợ hoặc chồng", "date": "2010-02-14"},
    ),
    "HEALTH.birth_notice": (
        LAN,
        {
            "code": "CS-0001",
            "birth_date": "2026-11-18",
            "gender": "Nam",
            "facility": "Bệnh viện Phụ sản",
            "weight_g": 3200,
        },
    ),
    "HEALTH.death_notice": (
        GIA,
        {
            "code": "BT-0001",
            "date": "2026-11-17",
            "time": "2026-11-17T07:30",
            "place": "Tại nhà",
            "cause": "Tuổi già",
        },
    ),
    "CIVIL.death": (
        GIA,
        {"number": "7/2026", "date": "2026-11-17", "registered_on": "2026-11-19"},
    ),
    "HEALTH.driver_check": (LAN, {"number": "KSK-1", "date": "2026-11-02", "place": "BVĐK"}),
    "HEALTH.health_check": (LAN, {"number": "KSK-2", "date": "2026-11-03", "place": "BVĐK"}),
    "HEALTH.cme": (LAN, {"hours": 130}),
    "TOUR.training": (LAN, {"number": "BD-1", "date": "2026-10-05"}),
    "INS.member": (GIA, {"kind": "Người có công", "health_card": "CK2480001"}),
    "EDU.pupil": (
        BE,
        {
            "catchment": "Trường Tiểu học Duy Xuyên",
            "kindergarten": "Mầm non Duy Xuyên",
            "class": "Lá 1",
        },
    ),
}
EVENTS: Mapping[str, tuple[str, str, set[tuple[str, str]]]] = {
    "BUS.business": ("business_registered", "2024-03-15", {(FIRM, "subject")}),
    "LOCAL.construction_permit": (
        "construction_permit_issued",
        "2025-12-10",
        {(LAN, "subject")},
    ),
    "POV.household": ("household_status_changed", "2026-01-01", {("HK000001", "subject")}),
    "POV.hardship": ("income_shock_or_disaster", "2026-11-12", {(BE, "subject")}),
    "CIVIL.marriage": ("marriage", "2010-02-14", {(LAN, "spouse"), ("Lê Văn Minh", "spouse")}),
    "CIVIL.birth": (
        "birth_registered",
        "2020-08-20",
        {(BE, "child"), (LAN, "mother"), ("Lê Văn Minh", "father")},
    ),
    "HEALTH.birth_notice": (
        "birth_notified",
        "2026-11-18",
        {(LAN, "mother"), ("Lê Văn Minh", "father")},
    ),
    "HEALTH.death_notice": ("death_notified", "2026-11-17", {(GIA, "subject")}),
    "CIVIL.death": ("death_registered", "2026-11-17", {(GIA, "subject")}),
}
WITH_ORIGIN: tuple[type[models.Model], ...] = (
    Citizen,
    Credential,
    RegisterRecord,
    LifeEvent,
    Organisation,
)
# These say of which delivery they are; its register and date are the batch's.
WITH_BATCH: tuple[type[models.Model], ...] = (
    CitizenSensitive,
    ContactPoint,
    Household,
    HouseholdMember,
    Relation,
)
Deliveries = Mapping[str, Imported]


@pytest.fixture(scope="module")
def brought(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Deliveries]:
    """Bring every sample once; each test works in a savepoint upon them."""
    with django_db_blocker.unblock(), transaction.atomic():
        set_the_scene()
        yield bring_everything(tmp_path_factory.mktemp("extracts"))
        transaction.set_rollback(True)


def _name(party: Any) -> str:
    """Return what tells a party apart here: name, tax code, number of the household."""
    for kind, column in (("citizen", "full_name"), ("organisation", "tax_code")):
        if hasattr(party, kind):
            return str(getattr(getattr(party, kind), column))
    return str(party.household.book_number)


@pytest.mark.parametrize("key", FORMATS)
def test_a_good_row_of_every_table_is_taken_whole(key: str, brought: Deliveries) -> None:
    done = brought[key]

    assert (done.kinds, done.ignored) == ({}, ())
    assert done.batch.created_count == done.batch.row_count > 0
    assert (done.batch.as_of, done.batch.discrepancy_count) == (AS_OF, 0)


@pytest.mark.parametrize("key", [key for key, f in FORMATS.items() if f.target == Target.PAPER])
def test_a_paper_stands_with_what_the_register_says(key: str, brought: Deliveries) -> None:
    paper = Credential.objects.get(batch=brought[key].batch)

    days = (str(paper.issued_on), str(paper.expires_on))
    assert (_name(paper.holder), paper.kind, paper.category, *days, paper.details) == PAPERS[key]
    assert (paper.term, paper.status) == (1, "valid")


@pytest.mark.parametrize("key", RECORDS)
def test_a_record_holds_the_words_of_the_register(key: str, brought: Deliveries) -> None:
    record = RegisterRecord.objects.get(batch=brought[key].batch)

    assert (_name(record.subject), record.body) == RECORDS[key]
    assert record.kind == FORMATS[key].kind


def test_every_table_of_records_is_among_them() -> None:
    declared = {key for key, one in FORMATS.items() if one.target == Target.RECORD}

    assert declared <= set(RECORDS)


@pytest.mark.parametrize("key", [key for key, one in FORMATS.items() if one.event])
def test_what_happened_is_told_once_with_who_took_part(key: str, brought: Deliveries) -> None:
    event = LifeEvent.objects.get(batch=brought[key].batch)

    parties = {(_name(part.party), str(part.role)) for part in event.parties.all()}
    assert (event.kind, str(event.occurred_on), parties) == EVENTS[key]


@pytest.mark.parametrize("model", WITH_ORIGIN)
def test_every_value_names_register_batch_and_date(
    model: type[models.Model], brought: Deliveries
) -> None:
    keys = {done.batch.pk: key for key, done in brought.items()}

    rows = list(model._default_manager.all())

    assert rows
    for row in rows:
        register, _, _ = keys[row.batch_id].partition(".")  # type: ignore[attr-defined]
        assert (row.register_id, row.as_of) == (register, AS_OF)  # type: ignore[attr-defined]


@pytest.mark.parametrize("model", WITH_BATCH)
def test_what_has_no_register_of_its_own_names_its_batch(
    model: type[models.Model], brought: Deliveries
) -> None:
    batches = {done.batch.pk for done in brought.values()}

    assert set(model._default_manager.values_list("batch", flat=True)) <= batches


def test_the_firm_and_who_speaks_for_it(brought: Deliveries) -> None:
    firm = Organisation.objects.get()

    assert (firm.tax_code, firm.name) == (FIRM, "Hợp tác xã vận tải Thu Bồn")
    speaker = Authority.objects.get(for_party=firm.pk)
    assert (speaker.actor.full_name, speaker.basis) == (LAN, "representative")
    assert speaker.valid.lower == date(2024, 3, 15)


def test_sensitive_words_are_sealed_apart(brought: Deliveries) -> None:
    sealed = CitizenSensitive.objects.get(citizen__full_name=BE)

    assert sealed.body == {"ethnicity": "Cơ Tu", "religion": "Phật giáo", "blood_type": "AB"}
    assert "AB" not in str(RegisterRecord.objects.filter(kind="person").values_list("body"))
