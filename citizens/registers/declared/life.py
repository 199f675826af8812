"""Life events and family ties, as hospitals and the register of civil status deliver them."""

from __future__ import annotations

from citizens.enums import EventRole, LifeEventKind
from citizens.registers import cells
from citizens.registers.declared.common import PERSON, day_of, number_of
from citizens.registers.formats import Column, EventOf, Format, Target

_STATUS = Column(
    "status",
    "Trạng thái",
    "body.status",
    cells.one_of("notice_status", {"Còn hiệu lực": "Còn hiệu lực", "Đã hủy": "Đã hủy"}),
)
_HARDSHIPS = {
    name: name for name in ("Mất thu nhập", "Thiên tai", "Hỏa hoạn", "Tai nạn hoặc ốm đau")
}
_TIES = {name: name for name in ("Cha", "Mẹ", "Vợ hoặc chồng", "Giám hộ")}

LIFE = (
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
            day_of("birth_date", "Ngày sinh của trẻ", "occurred_on+body.birth_date"),
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
            *PERSON,
            day_of("died_on", "Ngày mất", "occurred_on+body.date"),
            Column("time", "Lúc mất (giờ và ngày)", "body.time", cells.moment),
            Column("place", "Nơi mất", "body.place"),
            Column("cause", "Nguyên nhân", "body.cause"),
            _STATUS,
        ),
        event=EventOf(LifeEventKind.DEATH_NOTIFIED),
        row_key=("code",),
        notes_vi="Báo tử nhầm: gửi lại dòng đó với trạng thái Đã hủy.",
    ),
    Format(
        "CIVIL",
        "birth",
        "Đăng ký khai sinh",
        "Registered births",
        Target.RECORD,
        (
            number_of("Số đăng ký khai sinh"),
            *PERSON,
            day_of("registered_on", "Ngày đăng ký", "occurred_on+body.registered_on"),
            Column("order", "Con thứ mấy", "body.order", cells.whole(1, 20)),
            Column("place", "Nơi sinh", "body.place"),
            Column("registration_place", "Nơi đăng ký", "body.registration_place", required=True),
            Column("mother_pin", "Số định danh của mẹ", "event.mother", cells.pin),
            Column("father_pin", "Số định danh của cha", "event.father", cells.pin),
        ),
        row_key=("pin",),
        event=EventOf(LifeEventKind.BIRTH_REGISTERED, EventRole.CHILD, key=("pin",)),
        notes_vi="Trẻ phải có trong dữ liệu dân cư; dòng chưa nhận được thì gửi lại sau.",
    ),
    Format(
        "CIVIL",
        "death",
        "Đăng ký khai tử",
        "Registered deaths",
        Target.RECORD,
        (
            number_of("Số đăng ký khai tử"),
            *PERSON,
            day_of("died_on", "Ngày mất", "occurred_on+body.date"),
            Column("registered_on", "Ngày đăng ký", "body.registered_on", cells.day),
            _STATUS,
        ),
        row_key=("pin",),
        event=EventOf(LifeEventKind.DEATH_REGISTERED, key=("pin",)),
        notes_vi="Ngày mất ở đây thay ngày cơ sở y tế báo. Hủy đăng ký: trạng thái Đã hủy.",
    ),
    Format(
        "CIVIL",
        "marriage",
        "Đăng ký kết hôn",
        "Registered marriages",
        Target.RECORD,
        (
            number_of("Số đăng ký kết hôn"),
            Column("pin", "Số định danh của người khai", "subject", cells.pin, required=True),
            Column(
                "spouse_pin", "Số định danh của người kia", "event.spouse", cells.pin, required=True
            ),
            day_of("date", "Ngày đăng ký", "occurred_on+body.date"),
            Column("place", "Nơi đăng ký", "body.place", required=True),
            Column("husband", "Họ tên chồng", "body.husband", cells.person_name, required=True),
            Column("wife", "Họ tên vợ", "body.wife", cells.person_name, required=True),
        ),
        event=EventOf(LifeEventKind.MARRIAGE, EventRole.SPOUSE, key=("number", "place")),
        notes_vi="Mỗi cuộc hôn nhân hai dòng, mỗi người một dòng, cùng số và nơi đăng ký.",
        row_key=("number", "place", "pin"),
    ),
    Format(
        "CIVIL",
        "marital_status",
        "Tình trạng hôn nhân",
        "Marital status",
        Target.RECORD,
        (
            *PERSON,
            Column("status", "Tình trạng", "body.status", required=True),
            Column("certificate", "Số giấy xác nhận", "body.certificate"),
        ),
        row_key=("pin",),
    ),
    Format(
        "CIVIL",
        "relation",
        "Quan hệ cha, mẹ, con, vợ chồng, giám hộ",
        "Registered family ties",
        Target.RECORD,
        (
            number_of("Số đăng ký"),
            *PERSON,
            Column(
                "relative_pin",
                "Số định danh người thân",
                "event.relative",
                cells.pin,
                required=True,
            ),
            Column(
                "relation",
                "Người thân là",
                "body.relation",
                cells.one_of("relation_code", _TIES),
                required=True,
            ),
            day_of("since", "Từ ngày", "occurred_on+body.date"),
            Column("until", "Đến ngày", "body.valid_to", cells.day),
        ),
        row_key=("relation", "pin", "relative_pin"),
        tells_kin=True,
        notes_vi="Nhận con, nuôi con nuôi, giám hộ; ly hôn, hết giám hộ: ghi Đến ngày.",
    ),
    Format(
        "POV",
        "hardship",
        "Gia đình gặp khó khăn đột xuất",
        "Sudden hardship of families",
        Target.RECORD,
        (
            number_of("Số biên bản"),
            *PERSON,
            Column(
                "hardship_kind",
                "Khó khăn gặp phải",
                "body.kind",
                cells.one_of("hardship_kind", _HARDSHIPS),
                required=True,
            ),
            day_of("date", "Ngày xảy ra", "occurred_on+body.date"),
            Column("place", "Nơi xảy ra", "body.place"),
        ),
        event=EventOf(LifeEventKind.INCOME_SHOCK_OR_DISASTER, key=("number", "pin")),
        row_key=("number", "pin"),
        notes_vi="Thôn, tổ dân phố báo; mỗi gia đình một dòng, ghi chủ hộ hoặc người gặp nạn.",
    ),
)
