"""One good row of each table of the fourteen registers, about one synthetic family and its firm."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from citizens.services.import_register import Imported
from tests.citizens.importing.scene import LAN, MINH, WARD, Row, bring

GIA, HOA, BE = "999055000004", "999157000005", "999320000003"
FIRM = "9900000016"
HOME = "HK000001"
AS_OF = date(2026, 11, 20)
PLACE = "Ủy ban nhân dân xã Duy Xuyên"
_FAMILY = {
    "unit_code": WARD,
    "current_address": "12 Lê Lợi",
    "permanent_address": "9 Trần Phú",
    "temporary_address": "3 Hùng Vương",
    "nationality": "Việt Nam",
    "hometown": "Đại Lộc",
    "place_of_birth": "Đà Nẵng",
    "birth_registration_place": PLACE,
    "ethnicity": "Cơ Tu",
    "religion": "Phật giáo",
    "blood_type": "AB",
    "household_number": HOME,
}
PEOPLE: tuple[Row, ...] = (
    _FAMILY
    | {
        "pin": LAN,
        "full_name": "Trần Thị Lan",
        "birth_date": "01/02/1985",
        "gender": "Nữ",
        "phone": "0501234567",
        "marital_status": "Đã kết hôn",
        "relation_to_head": "Vợ",
        "father_pin": GIA,
        "mother_pin": HOA,
        "spouse_pin": MINH,
    },
    _FAMILY
    | {
        "pin": MINH,
        "full_name": "Lê Văn Minh",
        "birth_date": "06/05/1984",
        "gender": "Nam",
        "relation_to_head": "Chủ hộ",
        "spouse_pin": LAN,
    },
    _FAMILY
    | {
        "pin": BE,
        "full_name": "Lê Thị Bé",
        "birth_date": "07/08/2020",
        "gender": "Nữ",
        "relation_to_head": "Con",
        "father_pin": MINH,
        "mother_pin": LAN,
    },
    _FAMILY
    | {
        "pin": GIA,
        "full_name": "Trần Văn Già",
        "birth_date": "1955",
        "gender": "Nam",
        "household_number": "HK000002",
        "relation_to_head": "Chủ hộ",
    },
    _FAMILY
    | {
        "pin": HOA,
        "full_name": "Phan Thị Hoa",
        "birth_date": "03/1957",
        "gender": "Nữ",
        "household_number": "HK000002",
        "relation_to_head": "Vợ",
    },
)
_TERM = {"issued_on": "20/01/2022", "expires_on": "20/01/2027"}
_LANS = {"pin": LAN, "full_name": "Trần Thị Lan", "birth_date": "01/02/1985"}
_BES = {"pin": BE, "full_name": "Lê Thị Bé", "birth_date": "07/08/2020"}
_GIAS = {"pin": GIA, "full_name": "Trần Văn Già", "birth_date": "1955"}

# In an order in which whoever is named is known.
SAMPLES: Mapping[str, Row] = {
    "BUS.business": {
        "tax_code": FIRM,
        "name": "Hợp tác xã vận tải Thu Bồn",
        "unit_code": WARD,
        "address": "1 Đường Số 1",
        "registered_on": "15/03/2024",
        "representative_pin": LAN,
    },
    "NPD.card": {
        **_LANS,
        "number": LAN,
        "issued_on": "04/05/2021",
        "expires_on": "01/02/2045",
        "issuer": "Cục Cảnh sát QLHC về TTXH",
    },
    "GPLX.licence": {
        **_LANS,
        "number": "999000000001",
        "class": "C1",
        **_TERM,
        "issuer": "Cục Cảnh sát giao thông",
    },
    "XNC.passport": {**_LANS, "number": "K9990001", **_TERM, "issuer": "Cục Quản lý XNC"},
    "HEALTH.practice_licence": {
        **_LANS,
        "number": "000123/ĐNA-GPHN",
        **_TERM,
        "issuer": "Sở Y tế",
        "title": "Y sỹ",
        "scope": "Đa khoa",
    },
    "TOUR.card": {
        **_LANS,
        "number": "148990001",
        **_TERM,
        "issuer": "Sở Du lịch",
        "guide_kind": "Nội địa",
    },
    "VET.certificate": {
        **_LANS,
        "number": "12/CCHN-TY",
        **_TERM,
        "issuer": "Chi cục Thú y",
        "practice_kind": "Tiêm phòng",
        "degree": "Bác sĩ thú y",
    },
    "TRANS.licence": {
        "tax_code": FIRM,
        "number": "48/GPKDVT",
        "issued_on": "20/04/2024",
        "issuer": "Sở Xây dựng",
        "scope": "Xe hợp đồng",
    },
    "TRANS.badge": {
        "tax_code": FIRM,
        "number": "PH-43-0001",
        "issued_on": "10/12/2019",
        "expires_on": "10/12/2026",
        "issuer": "Sở Xây dựng",
        "badge_kind": "Xe hợp đồng",
        "plate": "43B-01234",
        "licence": "48/GPKDVT",
    },
    "TRANS.vehicle": {
        "plate": "43B-01234",
        "tax_code": FIRM,
        "brand": "Thaco",
        "seats": "29",
        "made_in": "2019",
        "owned": "Có",
    },
    "LOCAL.construction_permit": {
        **_LANS,
        "number": "77/GPXD",
        "issued_on": "10/12/2025",
        "expires_on": "10/12/2026",
        "issuer": "Ủy ban nhân dân xã",
        "unit_code": WARD,
        "address": "Thửa 15, tờ 4",
        "work_kind": "Nhà ở riêng lẻ",
    },
    "POV.household": {
        "household_number": HOME,
        "number": "HCN-0001",
        "issued_on": "01/01/2026",
        "expires_on": "31/12/2026",
        "issuer": "Ủy ban nhân dân xã",
        "household_status": "Hộ cận nghèo",
        "year": "2026",
    },
    "POV.hardship": {
        **_BES,
        "number": "3/BB-2026",
        "hardship_kind": "Thiên tai",
        "date": "12/11/2026",
        "place": "Thôn 2",
    },
    "LAND.certificate": {
        **_LANS,
        "number": "CS00123",
        "parcel": "Thửa 15, tờ 4",
        "area": "120,5",
        "address": "Thôn 2",
    },
    "CIVIL.marriage": {
        "number": "45/2010",
        "pin": LAN,
        "spouse_pin": MINH,
        "date": "14/02/2010",
        "place": PLACE,
        "husband": "Lê Văn Minh",
        "wife": "Trần Thị Lan",
    },
    "CIVIL.marital_status": {**_LANS, "status": "Đã kết hôn", "certificate": "XN-7"},
    "CIVIL.birth": {
        **_BES,
        "number": "88/2020",
        "registered_on": "20/08/2020",
        "order": "1",
        "place": "Bệnh viện Phụ sản",
        "registration_place": PLACE,
        "mother_pin": LAN,
        "father_pin": MINH,
    },
    "CIVIL.relation": {
        **_LANS,
        "number": "9/2026",
        "relative_pin": MINH,
        "relation": "Vợ hoặc chồng",
        "since": "14/02/2010",
    },
    "HEALTH.birth_notice": {
        "code": "CS-0001",
        "mother_pin": LAN,
        "mother_name": "Trần Thị Lan",
        "birth_date": "18/11/2026",
        "gender": "Nam",
        "facility": "Bệnh viện Phụ sản",
        "weight_g": "3200",
        "father_pin": MINH,
    },
    "HEALTH.death_notice": {
        **_GIAS,
        "code": "BT-0001",
        "died_on": "17/11/2026",
        "time": "07:30 17/11/2026",
        "place": "Tại nhà",
        "cause": "Tuổi già",
    },
    "CIVIL.death": {
        **_GIAS,
        "number": "7/2026",
        "died_on": "17/11/2026",
        "registered_on": "19/11/2026",
    },
    "HEALTH.driver_check": {**_LANS, "number": "KSK-1", "date": "02/11/2026", "place": "BVĐK"},
    "HEALTH.health_check": {**_LANS, "number": "KSK-2", "date": "03/11/2026", "place": "BVĐK"},
    "HEALTH.cme": {**_LANS, "hours": "130"},
    "TOUR.training": {**_LANS, "number": "BD-1", "date": "05/10/2026"},
    "INS.member": {
        **_GIAS,
        "member_kind": "Người có công",
        "health_card": "CK2480001",
        "address": "12 Lê Lợi",
    },
    "EDU.pupil": {
        **_BES,
        "catchment": "Trường Tiểu học Duy Xuyên",
        "kindergarten": "Mầm non Duy Xuyên",
        "class_name": "Lá 1",
        "address": "12 Lê Lợi",
    },
}


def bring_people(folder: Path) -> Imported:
    """Import the family."""
    return bring(folder, "NPD.person", *PEOPLE, as_of=AS_OF)


def bring_everything(folder: Path) -> dict[str, Imported]:
    """Import the family and one row of every other table; return what became of each."""
    done = {"NPD.person": bring_people(folder)}
    return done | {key: bring(folder, key, row, as_of=AS_OF) for key, row in SAMPLES.items()}
