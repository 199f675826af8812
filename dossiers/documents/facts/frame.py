"""What every paper of a dossier says: agency, number, place and date, whom it is for, its code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

import segno
from django.conf import settings

from citizens.enums import PartyKind
from citizens.models import Agency, Citizen
from citizens.selectors import party_name
from dossiers.documents.words import as_dialled, bare_place, full_day
from dossiers.enums import FormKind
from dossiers.models import Dossier, DossierEvent
from dossiers.selectors import newborn_of
from portal.common import clock

Rows = list[tuple[str, str]]

TITLES: Mapping[FormKind, str] = {
    FormKind.RECEIPT: "Giấy tiếp nhận hồ sơ và hẹn trả kết quả",
    FormKind.SUPPLEMENT: "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ",
    FormKind.REFUSAL: "Phiếu từ chối tiếp nhận giải quyết hồ sơ",
    FormKind.APOLOGY: "Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết",
    FormKind.STOP: "Thông báo dừng giải quyết hồ sơ",
    FormKind.CONTROL: "Phiếu kiểm soát quá trình giải quyết hồ sơ",
    FormKind.LOG: "Sổ theo dõi hồ sơ",
    FormKind.RESULT: "Kết quả giải quyết thủ tục hành chính",
    FormKind.CONGRATULATION: "Thư chúc mừng",
    FormKind.CONDOLENCE: "Thư chia buồn",
    FormKind.FEE_RECEIPT: "Biên lai thu phí, lệ phí",
}
_SYMBOLS: Mapping[FormKind, str] = {
    FormKind.RECEIPT: "TNHS",
    FormKind.SUPPLEMENT: "BSHS",
    FormKind.REFUSAL: "TCHS",
    FormKind.APOLOGY: "XLGH",
    FormKind.STOP: "DGQ",
    FormKind.CONTROL: "KSHS",
    FormKind.RESULT: "KQ",
    FormKind.FEE_RECEIPT: "BL",
}
_AT_RECEPTION = (FormKind.RECEIPT, FormKind.SUPPLEMENT, FormKind.REFUSAL, FormKind.FEE_RECEIPT)


@dataclass(frozen=True)
class Paper:
    """One paper to be made: for which step, under which code; `turn` counts its like, from 1."""

    dossier: Dossier
    kind: FormKind
    event: DossierEvent
    code: str
    turn: int = 1

    @property
    def at(self) -> datetime:
        """The civil time of the step, which dates the paper."""
        return clock.civil_time(self.event.happened_at)

    @property
    def office(self) -> Agency:
        """Whose paper it is: of the desk that received, or of the agency that decides."""
        dossier = self.dossier
        if self.kind in _AT_RECEPTION and dossier.received_at is not None:
            return dossier.received_at
        return dossier.competent

    @property
    def number(self) -> str:
        """The paper's own number; letters to people have none."""
        symbol = _SYMBOLS.get(self.kind)
        if symbol is None:
            return ""
        turn = "" if self.turn == 1 else f"-{self.turn}"
        return f"{self.dossier.code.partition('-')[2]}/{symbol}{turn}"

    @property
    def official(self) -> str:
        """The name of the official who took the step, "" where the software did."""
        return str(self.event.official or "")


def framed(paper: Paper) -> dict[str, Any]:
    """Return the facts that all templates read."""
    dossier, office = paper.dossier, paper.office
    return {
        "title": TITLES[paper.kind],
        "agency": office.name_vi,
        "number": paper.number,
        "place": bare_place(office.unit.name_vi),
        "date": full_day(paper.at.date()),
        "code": dossier.code,
        "applicant": dossier.applicant.full_name,
        "owner": filed_for(dossier),
        "procedure": dossier.procedure_version.name_vi,
        "official": paper.official,
        "signer_role": signer_role(paper),
        "verify": verification(paper.code),
    }


def filed_for(dossier: Dossier) -> str:
    """Return whom the dossier is for where that is not who filed: a newborn, else the owner."""
    child = newborn_of(dossier=dossier)
    if child:
        return f"trẻ {child}"
    return "" if dossier.owner_id == dossier.applicant_id else party_name(dossier.owner)


def verification(code: str) -> dict[str, str]:
    """Return what the foot of a paper says about checking it."""
    page = f"{settings.PUBLIC_URL}/verify/"
    drawn = BytesIO()
    address = f"{page}form/{spelled_code(code)}/"
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", xmldecl=False, border=1)
    return {
        "code": spelled_code(code),
        "typed_at": page.partition("://")[2],
        "qr": drawn.getvalue().decode(),
    }


def spelled_code(code: str) -> str:
    """Return a code of 20 letters and digits in groups of five."""
    return "-".join(code[at : at + 5] for at in range(0, len(code), 5))


def signer_role(paper: Paper) -> str:
    """Return in which office somebody signs, as Nghị định 30/2020/NĐ-CP has it (Phụ lục I, 7).

    A deputy of the holder signs for them (KT.), anybody else by authority (TUQ.); their own office
    stands in the line below.
    """
    post = getattr(paper.event.official, "official", None)
    own = post.position if post else ""
    delegation = paper.event.delegation
    if delegation is None:
        return own or paper.office.name_vi
    sign = "KT." if own.casefold().startswith("phó") else "TUQ."
    held = delegation.holder.position or "Thủ trưởng cơ quan"
    return f"{sign} {held}\n{own}".strip()


def owner_citizen(dossier: Dossier) -> Citizen | None:
    """Return the person who owns the dossier, None where no person does."""
    return dossier.owner.citizen if dossier.owner.kind == PartyKind.CITIZEN else None


def answer(dossier: Dossier, *names: str) -> str:
    """Return the first of these fields that was filled, in one line, or ""."""
    form = dossier.form
    for name in names:
        value = str(form.get(name, {}).get("value") or "").strip()
        if value:
            return ", ".join(value.splitlines())
    return ""


def contact(dossier: Dossier) -> Rows:
    """Return how the applicant is told apart and reached, as the forms of the law ask."""
    applicant = dossier.applicant
    return [
        ("Số định danh cá nhân", applicant.pin or ""),
        ("Địa chỉ", applicant.current_address or applicant.permanent_address),
        ("Số điện thoại", as_dialled(answer(dossier, "phone"))),
    ]
