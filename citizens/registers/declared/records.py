"""Records about a person or company that fill forms, but are no papers of a holder."""

from __future__ import annotations

from citizens.registers import cells
from citizens.registers.declared.common import PERSON, day_of, number_of
from citizens.registers.formats import Column, Format, Target

RECORDS = (
    Format(
        "HEALTH",
        "driver_check",
        "Giấy khám sức khỏe lái xe",
        "Drivers' health checks",
        Target.RECORD,
        (
            number_of("Số giấy khám"),
            *PERSON,
            day_of("date", "Ngày khám", "body.date"),
            Column("place", "Nơi khám", "body.place", required=True),
        ),
        row_key=("number", "pin"),
    ),
    Format(
        "HEALTH",
        "health_check",
        "Giấy khám sức khỏe",
        "Health checks",
        Target.RECORD,
        (
            number_of("Số giấy khám"),
            *PERSON,
            day_of("date", "Ngày khám", "body.date"),
            Column("place", "Nơi khám", "body.place", required=True),
        ),
        row_key=("number", "pin"),
    ),
    Format(
        "HEALTH",
        "cme",
        "Cập nhật kiến thức y khoa liên tục",
        "Medical training hours",
        Target.RECORD,
        (*PERSON, Column("hours", "Số giờ", "body.hours", cells.whole(0, 2000), required=True)),
        row_key=("pin",),
    ),
    Format(
        "TOUR",
        "training",
        "Khóa cập nhật kiến thức hướng dẫn viên",
        "Guides' refresher courses",
        Target.RECORD,
        (number_of("Số giấy chứng nhận"), *PERSON, day_of("date", "Ngày cấp", "body.date")),
        row_key=("number", "pin"),
    ),
    Format(
        "TRANS",
        "vehicle",
        "Xe kinh doanh vận tải",
        "Transport vehicles",
        Target.RECORD,
        (
            Column("plate", "Biển số xe", "body.plate", cells.paper_number, required=True),
            Column("tax_code", "Mã số thuế", "subject_code", cells.tax_code, required=True),
            Column("brand", "Nhãn hiệu", "body.brand"),
            Column("seats", "Số chỗ", "body.seats", cells.whole(1, 100)),
            Column("made_in", "Năm sản xuất", "body.made_in", cells.whole(1950, 2100)),
            Column("owned", "Thuộc sở hữu", "body.owned", cells.yes_no),
        ),
        row_key=("plate",),
    ),
    Format(
        "LAND",
        "certificate",
        "Giấy chứng nhận quyền sử dụng đất",
        "Land certificates",
        Target.RECORD,
        (
            number_of("Số giấy chứng nhận"),
            *PERSON,
            Column("parcel", "Thửa đất", "body.parcel", required=True),
            Column("area", "Diện tích (m²)", "body.area", cells.decimal, required=True),
            Column("address", "Địa chỉ thửa đất", "body.address", required=True),
        ),
        row_key=("number", "pin"),
        notes_vi="Đất của vợ chồng: hai dòng cùng số giấy, mỗi người một dòng.",
    ),
    Format(
        "INS",
        "member",
        "Người tham gia, hưởng bảo hiểm xã hội",
        "Social insurance members",
        Target.RECORD,
        (
            *PERSON,
            Column("member_kind", "Chế độ", "body.kind", required=True),
            Column("health_card", "Số thẻ bảo hiểm y tế", "body.health_card", cells.paper_number),
            Column("address", "Nơi ở", "stated_address"),
        ),
        row_key=("pin",),
    ),
    Format(
        "EDU",
        "pupil",
        "Học sinh",
        "Pupils",
        Target.RECORD,
        (
            *PERSON,
            Column("catchment", "Trường theo tuyến", "body.catchment", required=True),
            Column("kindergarten", "Trường mầm non", "body.kindergarten"),
            Column("class_name", "Lớp", "body.class"),
            Column("address", "Nơi ở", "stated_address"),
        ),
        row_key=("pin",),
    ),
)
