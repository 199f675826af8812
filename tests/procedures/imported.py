"""What registers hold of Lan and her family once every sample was imported, by path."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from citizens.models import Citizen, Organisation, Party
from tests.citizens.importing.samples import PLACE
from tests.factories.procedures import catalogue, procedure_definition

LAN, MINH, BE, GIA = (
    "Trần Thị Lan, sinh ngày 01/02/1985",
    "Lê Văn Minh, sinh ngày 06/05/1984",
    "Lê Thị Bé, sinh ngày 07/08/2020",
    "Trần Văn Già, sinh năm 1955",
)
FIRM = "firm"
# About whom a form is opened (Lan herself unless said otherwise), and the event it hangs on.
ABOUT: Mapping[str, tuple[str, str]] = {
    "primary_school_admission": (BE, ""),
    "birth_registration": (LAN, "birth_notified"),
    "birth_linked": (LAN, "birth_notified"),
    "death_registration": (GIA, "death_notified"),
    "death_linked": (GIA, "death_notified"),
    "residence_removal": (GIA, "death_registered"),
    "funeral_grant": (GIA, "death_notified"),
    "child_health_insurance": (BE, ""),
    "identity_card_under_14": (BE, ""),
    "transport_badge": (FIRM, ""),
    "transport_business_licence": (FIRM, ""),
}
HOME, BORN_AT = "12 Lê Lợi, Phường Hải Vân", "9 Trần Phú, Phường Hải Vân"
VALUES: Mapping[str, str] = {
    "APPLICANT": LAN,
    "APPLICANT.phone": "+84501234567",
    "BUS.address": "1 Đường Số 1, Phường Hải Vân",
    "BUS.name": "Hợp tác xã vận tải Thu Bồn",
    "BUS.representative": LAN,
    "BUS.tax_code": "9900000016",
    "CIVIL.birth.order": "1",
    "CIVIL.birth.place": "Bệnh viện Phụ sản",
    "CIVIL.birth.registration_place": PLACE,
    "CIVIL.marriage": f"45/2010, 14/02/2010, {PLACE}",
    "EDU.catchment": "Trường Tiểu học Duy Xuyên",
    "EDU.kindergarten": "Mầm non Duy Xuyên",
    "GPLX.class": "C1",
    "GPLX.expiry_date": "2027-01-20",
    "GPLX.issue_date": "2022-01-20",
    "GPLX.issuer": "Cục Cảnh sát giao thông",
    "GPLX.number": "999000000001",
    "HEALTH.birth_notice.birth_date": "2026-11-18",
    "HEALTH.birth_notice.code": "CS-0001",
    "HEALTH.birth_notice.facility": "Bệnh viện Phụ sản",
    "HEALTH.birth_notice.gender": "Nam",
    "HEALTH.cme.hours": "130",
    "HEALTH.death_notice": "BT-0001",
    "HEALTH.death_notice.cause": "Tuổi già",
    "HEALTH.death_notice.place": "Tại nhà",
    "HEALTH.death_notice.time": "2026-11-17T07:30",
    "HEALTH.driver_check.date": "2026-11-02",
    "HEALTH.driver_check.number": "KSK-1",
    "HEALTH.practice_licence.expiry_date": "2027-01-20",
    "HEALTH.practice_licence.issue_date": "2022-01-20",
    "HEALTH.practice_licence.issuer": "Sở Y tế",
    "HEALTH.practice_licence.number": "000123/ĐNA-GPHN",
    "HEALTH.practice_licence.scope": "Đa khoa",
    "HEALTH.practice_licence.title": "Y sỹ",
    "INS.member.kind": "Người có công",
    "LAND.address": "Thôn 2",
    "LAND.area": "120.5",
    "LAND.parcel": "Thửa 15, tờ 4",
    "LOCAL.construction_permit.issue_date": "2025-12-10",
    "LOCAL.construction_permit.number": "77/GPXD",
    "NPD.birth_date": "1985-02-01",
    "NPD.birth_registration_place": PLACE,
    "NPD.blood_type": "AB",
    "NPD.card.issue_date": "2021-05-04",
    "NPD.card.issuer": "Cục Cảnh sát QLHC về TTXH",
    "NPD.child": BE,
    "NPD.child.birth_date": "2020-08-07",
    "NPD.child.current_address": HOME,
    "NPD.child.full_name": "Lê Thị Bé",
    "NPD.child.gender": "Nữ",
    "NPD.child.hometown": "Đại Lộc",
    "NPD.child.parents": f"Cha: {MINH}\nMẹ: {LAN}",
    "NPD.child.permanent_address": BORN_AT,
    "NPD.child.pin": "999320000003",
    "NPD.current_address": HOME,
    "NPD.deceased": GIA,
    "NPD.deceased.permanent_address": BORN_AT,
    "NPD.ethnicity": "Cơ Tu",
    "NPD.father": GIA,
    "NPD.father.ethnicity": "Cơ Tu",
    "NPD.father.hometown": "Đại Lộc",
    "NPD.father_of_child": MINH,
    "NPD.full_name": "Trần Thị Lan",
    "NPD.gender": "Nữ",
    "NPD.hometown": "Đại Lộc",
    "NPD.household_head": MINH,
    "NPD.household_members": f"{MINH} (Chủ hộ)\n{LAN} (Vợ)\n{BE} (Con)",
    "NPD.household_size": "3",
    "NPD.mother": "Phan Thị Hoa, sinh năm 1957",
    "NPD.mother_of_child": LAN,
    "NPD.nationality": "Việt Nam",
    "NPD.party": LAN,
    "NPD.permanent_address": BORN_AT,
    "NPD.pin": "999185000001",
    "NPD.place_of_birth": "Đà Nẵng",
    "NPD.record": LAN,
    "NPD.relation": "Con",
    "NPD.relation_to_head": "Vợ",
    "NPD.religion": "Phật giáo",
    "NPD.requester": LAN,
    "NPD.spouse": MINH,
    "NPD.temporary_address": "3 Hùng Vương",
    "POV.certificate": "HCN-0001",
    "POV.status": "Hộ cận nghèo",
    "TOUR.card.issue_date": "2022-01-20",
    "TOUR.card.issuer": "Sở Du lịch",
    "TOUR.card.kind": "Nội địa",
    "TOUR.card.number": "148990001",
    "TRANS.badge": "PH-43-0001",
    "TRANS.badge.kind": "Xe hợp đồng",
    "TRANS.licence.number": "48/GPKDVT",
    "TRANS.vehicle": "43B-01234, 29, Thaco, 2019",
    "VET.certificate.degree": "Bác sĩ thú y",
    "VET.certificate.expiry_date": "2027-01-20",
    "VET.certificate.issue_date": "2022-01-20",
    "VET.certificate.kind": "Tiêm phòng",
    "VET.certificate.number": "12/CCHN-TY",
    "XNC.passport.issue_date": "2022-01-20",
    "XNC.passport.number": "K9990001",
}
# What no register can give, or not in this form; the citizen is asked.
NOBODY_KNOWS: Mapping[tuple[str, str], str] = {
    ("", "APPLICANT.email"): "no register delivers an e-mail address; the person gives their own",
    ("", "CIVIL.record"): "birth, marriage or death: only the person knows which entry to copy",
    ("", "NPD.residence_agency"): "an office and no fact of a register; it follows from the place",
    ("marriage_registration", "NPD.party"): "of the couple only the applicant is known",
    ("social_pension", "INS.member.kind"): "Lan draws nothing from the social insurance",
    ("residence_removal", "NPD.household_head"): "the head has died; the family names a new one",
}
EVERY = [procedure.key for procedure in catalogue().procedures]


def named(text: str) -> Citizen:
    """Return the person whose name the text begins with."""
    return Citizen.objects.get(full_name=text.partition(",")[0])


def party_of(who: str) -> Party:
    """Return a person by name, or the firm."""
    return Organisation.objects.get().party if who == FIRM else named(who).party


@lru_cache
def paths_of(key: str) -> Mapping[str, str]:
    """Return the paths from which a procedure's fields are filled, by field."""
    fields = procedure_definition(key).form_fields
    return {f.name: f.prefill for f in fields if f.prefill not in (None, "COMPUTED")}


def is_known(table: Mapping[tuple[str, str], str], key: str, path: str) -> bool:
    """Return whether the table names the path, for this procedure or for all."""
    return (key, path) in table or ("", path) in table
