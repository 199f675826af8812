"""Papers, cards and licences that registers deliver; each becomes a credential of its holder."""

from __future__ import annotations

from citizens.enums import LifeEventKind
from citizens.registers import cells
from citizens.registers.formats import Column, EventOf, Format, Target

_HOLDER = (
    Column("pin", "Số định danh cá nhân", "holder", cells.pin, required=True),
    Column("full_name", "Họ và tên", "stated_name", cells.person_name),
    Column("birth_date", "Ngày sinh", "stated_birth", cells.birth),
)
_FIRM = (Column("tax_code", "Mã số thuế", "holder_code", cells.tax_code, required=True),)
_TERM = (
    Column("number", "Số", "number", cells.paper_number, required=True),
    Column("issued_on", "Ngày cấp", "issued_on", cells.day, required=True),
    Column("expires_on", "Ngày hết hạn", "expires_on", cells.day),
    Column("issuer", "Nơi cấp", "issuer"),
    Column("status", "Trạng thái", "status", cells.paper_status),
    Column("reported_on", "Ngày báo mất, hỏng", "occurred_on", cells.day),
)


def _must_expire() -> tuple[Column, ...]:
    number, issued, expires, *rest = _TERM
    dated = Column(expires.name, expires.label_vi, expires.to, expires.read, required=True)
    return number, issued, dated, *rest


_CLASS_NAMES = "A1 A B1 B C1 C D1 D2 D BE C1E CE D1E D2E DE A2 A3 A4 B2 E F FB2 FC FD FE"
_CLASSES = cells.one_of("class_code", {name: name for name in _CLASS_NAMES.split(" ")})

PAPERS = (
    Format(
        "NPD",
        "card",
        "Thẻ căn cước",
        "Identity cards",
        Target.PAPER,
        (*_HOLDER, *_TERM),
        stored_kind="citizen_identity_card",
        one_at_a_time=True,
        notes_vi="Số thẻ là số định danh cá nhân. Thẻ cấp cho người trên 60 tuổi không hết hạn.",
    ),
    Format(
        "GPLX",
        "licence",
        "Giấy phép lái xe",
        "Driving licences",
        Target.PAPER,
        (*_HOLDER, Column("class", "Hạng", "category", _CLASSES, required=True), *_TERM),
        stored_kind="driving_licence",
        notes_vi="Hạng A1, A, B1 không có ngày hết hạn.",
    ),
    Format(
        "XNC",
        "passport",
        "Hộ chiếu",
        "Passports",
        Target.PAPER,
        (*_HOLDER, *_must_expire()),
        stored_kind="passport",
        one_at_a_time=True,
    ),
    Format(
        "HEALTH",
        "practice_licence",
        "Giấy phép hành nghề khám bệnh, chữa bệnh",
        "Medical practice licences",
        Target.PAPER,
        (
            *_HOLDER,
            *_must_expire(),
            Column("title", "Chức danh", "body.title", required=True),
            Column("scope", "Phạm vi hành nghề", "body.scope"),
        ),
        stored_kind="medical_practice_licence",
        one_at_a_time=True,
    ),
    Format(
        "TOUR",
        "card",
        "Thẻ hướng dẫn viên du lịch",
        "Tour guide cards",
        Target.PAPER,
        (
            *_HOLDER,
            *_must_expire(),
            Column(
                "guide_kind",
                "Loại thẻ",
                "body.kind",
                cells.one_of(
                    "card_kind",
                    {"Quốc tế": "Quốc tế", "Nội địa": "Nội địa", "Tại điểm": "Tại điểm"},
                ),
                required=True,
            ),
        ),
        stored_kind="tour_guide_card",
    ),
    Format(
        "VET",
        "certificate",
        "Chứng chỉ hành nghề thú y",
        "Veterinary certificates",
        Target.PAPER,
        (
            *_HOLDER,
            *_must_expire(),
            Column("practice_kind", "Loại hình hành nghề", "body.kind", required=True),
            Column("degree", "Trình độ", "body.degree"),
        ),
        stored_kind="veterinary_certificate",
    ),
    Format(
        "TRANS",
        "badge",
        "Phù hiệu xe",
        "Vehicle badges",
        Target.PAPER,
        (
            *_FIRM,
            *_must_expire(),
            Column("badge_kind", "Loại phù hiệu", "category", required=True),
            Column("plate", "Biển số xe", "body.plate", required=True),
            Column("licence", "Số giấy phép kinh doanh vận tải", "body.licence"),
        ),
        stored_kind="transport_badge",
    ),
    Format(
        "TRANS",
        "licence",
        "Giấy phép kinh doanh vận tải",
        "Transport business licences",
        Target.PAPER,
        (*_FIRM, *_TERM, Column("scope", "Loại hình kinh doanh", "body.scope", required=True)),
        stored_kind="transport_business_licence",
        notes_vi="Giấy phép không có thời hạn.",
    ),
    Format(
        "LOCAL",
        "construction_permit",
        "Giấy phép xây dựng",
        "Construction permits",
        Target.PAPER,
        (
            *_HOLDER,
            *_must_expire(),
            Column("unit_code", "Mã xã, phường", "unit_code", cells.unit_code, required=True),
            Column("address", "Địa điểm xây dựng", "body.address", required=True),
            Column("work_kind", "Loại công trình", "body.kind"),
        ),
        stored_kind="construction_permit",
        event=EventOf(LifeEventKind.CONSTRUCTION_PERMIT_ISSUED),
    ),
    Format(
        "POV",
        "household",
        "Hộ nghèo, hộ cận nghèo",
        "Poor and near-poor households",
        Target.PAPER,
        (
            Column("household_number", "Số hộ", "holder_code", cells.paper_number, required=True),
            Column(
                "number",
                "Số giấy chứng nhận",
                "number+body.certificate",
                cells.paper_number,
                required=True,
            ),
            *_must_expire()[1:],
            Column(
                "household_status",
                "Diện hộ",
                "category+body.status",
                cells.one_of(
                    "household_status",
                    {
                        "Hộ nghèo": "Hộ nghèo",
                        "Hộ cận nghèo": "Hộ cận nghèo",
                        "Không thuộc diện": "Không",
                        "Không": "Không",
                    },
                ),
                required=True,
            ),
            Column("year", "Năm", "body.year", cells.whole(2000, 2100)),
        ),
        stored_kind="poor_household_status",
        also_record=True,
        event=EventOf(
            LifeEventKind.HOUSEHOLD_STATUS_CHANGED,
            key=("household_number", "household_status", "issued_on"),
        ),
    ),
)
