"""Records about a person that fill forms and tell of life events, but are no papers of a holder."""

from __future__ import annotations

from citizens.enums import EventRole, LifeEventKind
from citizens.registers import cells
from citizens.registers.formats import Column, EventOf, Format, Target

_PERSON = (
    Column("pin", "Số định danh cá nhân", "subject", cells.pin, required=True),
    Column("full_name", "Họ và tên", "stated_name", cells.person_name),
    Column("birth_date", "Ngày sinh", "stated_birth", cells.birth),
)


def _number(label_vi: str, to: str = "body.number") -> Column:
    return Column("number", label_vi, to, cells.paper_number, required=True)


def _day(name: str, label_vi: str, to: str) -> Column:
    return Column(name, label_vi, to, cells.day, required=True)


RECORDS = (
    Format(
        "HEALTH",
        "birth_notice",
        "Giấy chứng sinh",
        "Birth notices",
        Target.RECORD,
        (
            Column("code", "Số giấy chứng sinh", "body.code", cells.paper_number, required=True),
            Column("mother_pin", "Số định danh của mẹ", "subject", cells.pin, required=True),
            Column("mother_name", "Họ và tên mẹ", "stated_name", cells.person_name),
            _day("birth_date", "Ngày sinh của trẻ", "occurred_on+body.birth_date"),
            Column("gender", "Giới tính của trẻ", "body.gender", cells.gender_vi, required=True),
            Column("facility", "Cơ sở y tế", "body.facility", required=True),
            Column("weight_g", "Cân nặng (gam)", "body.weight_g", cells.whole(300, 8000)),
            Column("father_pin", "Số định danh của cha", "event.father", cells.pin),
        ),
        event=EventOf(LifeEventKind.BIRTH_NOTIFIED, EventRole.MOTHER),
        notes_vi="Chưa có dòng nào về trẻ: trẻ chưa có số định danh.",
        row_key=("code",),
    ),
    Format(
        "HEALTH",
        "death_notice",
        "Giấy báo tử",
        "Death notices",
        Target.RECORD,
        (
            Column("code", "Số giấy báo tử", "body.code", cells.paper_number, required=True),
            *_PERSON,
            _day("died_on", "Ngày mất", "occurred_on+body.date"),
            Column("time", "Giờ mất", "body.time"),
            Column("place", "Nơi mất", "body.place"),
            Column("cause", "Nguyên nhân", "body.cause"),
        ),
        event=EventOf(LifeEventKind.DEATH_NOTIFIED),
        row_key=("code",),
    ),
    Format(
        "CIVIL",
        "birth",
        "Đăng ký khai sinh",
        "Registered births",
        Target.RECORD,
        (
            _number("Số đăng ký khai sinh"),
            *_PERSON,
            _day("registered_on", "Ngày đăng ký", "occurred_on+body.registered_on"),
            Column("order", "Con thứ mấy", "body.order", cells.whole(1, 20)),
            Column("place", "Nơi sinh", "body.place"),
            Column("registration_place", "Nơi đăng ký", "body.registration_place", required=True),
            Column("mother_pin", "Số định danh của mẹ", "event.mother", cells.pin),
            Column("father_pin", "Số định danh của cha", "event.father", cells.pin),
        ),
        event=EventOf(LifeEventKind.BIRTH_REGISTERED, EventRole.CHILD),
    ),
    Format(
        "CIVIL",
        "death",
        "Đăng ký khai tử",
        "Registered deaths",
        Target.RECORD,
        (
            _number("Số đăng ký khai tử"),
            *_PERSON,
            _day("died_on", "Ngày mất", "occurred_on+body.date"),
            Column("registered_on", "Ngày đăng ký", "body.registered_on", cells.day),
        ),
        event=EventOf(LifeEventKind.DEATH_REGISTERED),
    ),
    Format(
        "CIVIL",
        "marriage",
        "Đăng ký kết hôn",
        "Registered marriages",
        Target.RECORD,
        (
            _number("Số đăng ký kết hôn"),
            Column("pin", "Số định danh của người khai", "subject", cells.pin, required=True),
            Column(
                "spouse_pin", "Số định danh của người kia", "event.spouse", cells.pin, required=True
            ),
            _day("date", "Ngày đăng ký", "occurred_on+body.date"),
            Column("place", "Nơi đăng ký", "body.place", required=True),
            Column("husband", "Họ tên chồng", "body.husband", cells.person_name, required=True),
            Column("wife", "Họ tên vợ", "body.wife", cells.person_name, required=True),
        ),
        event=EventOf(LifeEventKind.MARRIAGE, EventRole.SPOUSE),
        notes_vi="Mỗi cuộc hôn nhân hai dòng, mỗi người một dòng, cùng số đăng ký.",
        row_key=("number", "pin"),
    ),
    Format(
        "CIVIL",
        "marital_status",
        "Tình trạng hôn nhân",
        "Marital status",
        Target.RECORD,
        (
            *_PERSON,
            Column("status", "Tình trạng", "body.status", required=True),
            Column("certificate", "Số giấy xác nhận", "body.certificate"),
        ),
        row_key=("pin",),
    ),
    Format(
        "HEALTH",
        "driver_check",
        "Giấy khám sức khỏe lái xe",
        "Drivers' health checks",
        Target.RECORD,
        (
            _number("Số giấy khám"),
            *_PERSON,
            _day("date", "Ngày khám", "body.date"),
            Column("place", "Nơi khám", "body.place", required=True),
        ),
    ),
    Format(
        "HEALTH",
        "health_check",
        "Giấy khám sức khỏe",
        "Health checks",
        Target.RECORD,
        (
            _number("Số giấy khám"),
            *_PERSON,
            _day("date", "Ngày khám", "body.date"),
            Column("place", "Nơi khám", "body.place", required=True),
        ),
    ),
    Format(
        "HEALTH",
        "cme",
        "Cập nhật kiến thức y khoa liên tục",
        "Medical training hours",
        Target.RECORD,
        (*_PERSON, Column("hours", "Số giờ", "body.hours", cells.whole(0, 2000), required=True)),
        row_key=("pin",),
    ),
    Format(
        "TOUR",
        "training",
        "Khóa cập nhật kiến thức hướng dẫn viên",
        "Guides' refresher courses",
        Target.RECORD,
        (_number("Số giấy chứng nhận"), *_PERSON, _day("date", "Ngày cấp", "body.date")),
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
            _number("Số giấy chứng nhận"),
            *_PERSON,
            Column("parcel", "Thửa đất", "body.parcel", required=True),
            Column("area", "Diện tích (m²)", "body.area", cells.decimal, required=True),
            Column("address", "Địa chỉ thửa đất", "body.address", required=True),
        ),
    ),
    Format(
        "INS",
        "member",
        "Người tham gia, hưởng bảo hiểm xã hội",
        "Social insurance members",
        Target.RECORD,
        (
            *_PERSON,
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
            *_PERSON,
            Column("catchment", "Trường theo tuyến", "body.catchment", required=True),
            Column("kindergarten", "Trường mầm non", "body.kindergarten"),
            Column("class_name", "Lớp", "body.class"),
            Column("address", "Nơi ở", "stated_address"),
        ),
        row_key=("pin",),
    ),
)
