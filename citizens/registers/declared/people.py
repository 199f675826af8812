"""People, as the population register (NPD) delivers them."""

from __future__ import annotations

from citizens.registers import cells
from citizens.registers.formats import Column, Format, Target

PEOPLE = (
    Format(
        "NPD",
        "person",
        "Người dân",
        "People",
        Target.PERSON,
        (
            Column("pin", "Số định danh cá nhân", "pin", cells.pin, required=True),
            Column("full_name", "Họ và tên", "full_name", cells.person_name, required=True),
            Column("birth_date", "Ngày sinh", "birth", cells.birth, required=True),
            Column("gender", "Giới tính", "gender", cells.gender, required=True),
            Column("unit_code", "Mã xã, phường", "unit_code", cells.unit_code, required=True),
            Column("current_address", "Nơi ở hiện tại", "current_address", required=True),
            Column("permanent_address", "Nơi thường trú", "permanent_address"),
            Column("temporary_address", "Nơi tạm trú", "body.temporary_address"),
            Column("died_on", "Ngày mất", "died_on", cells.day),
            Column("emigrated_on", "Ngày xuất cảnh định cư", "emigrated_on", cells.day),
            Column("phone", "Số điện thoại", "phone", cells.phone),
            Column("nationality", "Quốc tịch", "body.nationality"),
            Column("hometown", "Quê quán", "body.hometown"),
            Column("place_of_birth", "Nơi sinh", "body.place_of_birth"),
            Column(
                "birth_registration_place",
                "Nơi đăng ký khai sinh",
                "body.birth_registration_place",
            ),
            Column("marital_status", "Tình trạng hôn nhân", "body.marital_status"),
            Column("ethnicity", "Dân tộc", "sensitive.ethnicity"),
            Column("religion", "Tôn giáo", "sensitive.religion"),
            Column("blood_type", "Nhóm máu", "sensitive.blood_type"),
            Column("household_number", "Số hộ", "household_number", cells.paper_number),
            Column("relation_to_head", "Quan hệ với chủ hộ", "relation_to_head"),
            Column("father_pin", "Số định danh của cha", "father", cells.pin),
            Column("mother_pin", "Số định danh của mẹ", "mother", cells.pin),
            Column("spouse_pin", "Số định danh của vợ hoặc chồng", "spouse", cells.pin),
        ),
        row_key=("pin",),
        notes_vi="Mỗi dòng một người. Người cao tuổi có thể chỉ ghi năm sinh (1938) hoặc 05/1938.",
    ),
)
