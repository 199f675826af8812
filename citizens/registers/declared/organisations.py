"""Companies, cooperatives and household businesses, as the business register delivers them."""

from __future__ import annotations

from citizens.enums import LifeEventKind
from citizens.registers import cells
from citizens.registers.formats import Column, EventOf, Format, Target

ORGANISATIONS = (
    Format(
        "BUS",
        "business",
        "Doanh nghiệp, hợp tác xã, hộ kinh doanh",
        "Businesses",
        Target.ORGANISATION,
        (
            Column("tax_code", "Mã số thuế", "tax_code", cells.tax_code, required=True),
            Column("name", "Tên", "name", required=True),
            Column("unit_code", "Mã xã, phường", "unit_code", cells.unit_code, required=True),
            Column("address", "Địa chỉ trụ sở", "address", required=True),
            Column("registered_on", "Ngày đăng ký", "occurred_on", cells.day, required=True),
            Column(
                "representative_pin",
                "Số định danh người đại diện",
                "representative",
                cells.pin,
                required=True,
            ),
        ),
        row_key=("tax_code",),
        event=EventOf(LifeEventKind.BUSINESS_REGISTERED),
    ),
)
