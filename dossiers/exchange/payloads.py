"""What the national portal is told, in its own names, read when it is told and kept nowhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import override

from citizens.selectors import party_name
from dossiers.models import Dossier, DossierEvent, DossierPaper, ExchangeLink
from dossiers.partners.mapping import PartnerMapping
from portal.common import clock


def dates_of(dossier: Dossier) -> dict[str, str | None]:
    """Return the dates that both sides keep of a dossier."""
    return {
        "NgayTiepNhan": _day(dossier.clock_started_on),
        "NgayHenTra": _day(dossier.due_on),
        "NgayKetThuc": _day(dossier.finished_at),
    }


def whole(
    *, dossier: Dossier, link: ExchangeLink, mapping: PartnerMapping, status: int
) -> dict[str, Any]:
    """Return a dossier as NoiHoSo wants it: with `status`, the one of the step told of."""
    day = clock.civil_date(dossier.submitted_at)
    key = dossier.procedure_version.procedure
    matter = mapping.matter(key.key, day)
    return {
        "MaHoSo": link.their_code,
        "MaHoSoDiaPhuong": dossier.code,
        "MaTTHC": matter.code or key.code,
        "ChuHoSo": party_name(dossier.owner),
        "LoaiDoiTuong": mapping.code_of("holders", dossier.owner.kind, day),
        "MaDonViTiepNhan": (dossier.received_at or dossier.competent).code,
        "MaDonViXuLy": dossier.competent.code,
        "KenhThucHien": mapping.code_of("channels", dossier.channel, day),
        "NgayNop": day.isoformat(),
        "TrangThai": mapping.status_there(status, day),
        "ThanhPhanHoSo": papers(papers_of(dossier), link.files, mapping, day),
        **dates_of(dossier),
    }


def papers_of(dossier: Dossier) -> list[DossierPaper]:
    """Return the dossier's components with their files."""
    found = DossierPaper.objects.filter(dossier=dossier).select_related("document")
    return list(found.order_by("pk"))


def papers(
    rows: Sequence[DossierPaper], files: Mapping[str, str], mapping: PartnerMapping, day: date
) -> list[dict[str, Any]]:
    """Return the components, each with the number of its file there."""
    electronic = mapping.code_of("copies", "electronic", day)
    return [
        {
            "MaThanhPhan": row.component_code,
            "TenThanhPhan": row.name_vi,
            "LoaiBan": electronic,
            "MaTep": files.get(str(row.document.public_id), "") if row.document else "",
        }
        for row in rows
    ]


def progress(
    *, dossier: Dossier, event: DossierEvent, link: ExchangeLink, mapping: PartnerMapping
) -> dict[str, Any]:
    """Return a step as CapNhatTienTrinh wants it."""
    day = clock.civil_date(event.happened_at)
    with override("vi"):
        step, role = event.get_action_display(), event.get_actor_role_display()
    return {
        "MaHoSo": link.their_code,
        "CongViec": step,
        "NguoiXuLy": role,
        "PhongBanXuLy": dossier.competent.name_vi,
        "ThoiDiemXuLy": _instant(event.happened_at),
        "TrangThai": mapping.status_there(event.status_after, day),
    }


def status(
    *,
    dossier: Dossier,
    status_now: int,
    at: datetime,
    link: ExchangeLink,
    mapping: PartnerMapping,
) -> dict[str, Any]:
    """Return a status with the dates that go with it, as CapNhatTrangThai wants them."""
    return {
        "MaHoSo": link.their_code,
        "TrangThai": mapping.status_there(status_now, clock.civil_date(at)),
        "ThoiDiem": _instant(at),
        **dates_of(dossier),
    }


def _instant(at: datetime) -> str:
    return clock.civil_time(at).isoformat(timespec="seconds")


def _day(value: date | datetime | None) -> str | None:
    if isinstance(value, datetime):
        return clock.civil_date(value).isoformat()
    return None if value is None else value.isoformat()
