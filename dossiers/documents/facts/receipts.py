"""Papers of the reception desk: forms 01, 02, 03 of TT 03/2025/TT-VPCP, and a fee's receipt."""

from __future__ import annotations

from typing import Any

from dossiers.documents.facts.frame import Paper, answer, contact
from dossiers.documents.words import hour_and_day, money, money_in_words, short_day, weekday_day
from dossiers.enums import ClockEventKind, PaymentState
from dossiers.models import Dossier, Payment
from dossiers.selectors import definition_of
from portal.common import clock
from procedures.definition.laws import law_name
from procedures.enums import TimeUnit

_UNITS = {TimeUnit.WORKING_DAY: "ngày làm việc", TimeUnit.CALENDAR_DAY: "ngày"}


def receipt(paper: Paper) -> dict[str, Any]:
    """Return what form 01 says besides the frame."""
    dossier = paper.dossier
    return {
        "desk": _desk(paper),
        "contact": contact(dossier),
        "papers": [
            f"{row.name_vi} – đã có trong cơ sở dữ liệu" if row.satisfied_by else row.name_vi
            for row in dossier.papers.all()
        ],
        "terms": [
            ("Số lượng hồ sơ", "01 bộ"),
            ("Thời gian giải quyết theo quy định", limit_told(dossier)),
            ("Thời gian nhận hồ sơ", hour_and_day(paper.at)),
            ("Thời gian trả kết quả", weekday_day(promised_on(paper))),
            ("Phí, lệ phí", fee_told(dossier)),
            ("Đăng ký nhận kết quả", answer(dossier, "delivery")),
        ],
        "note": (
            "Khi ngày hẹn thay đổi, cơ quan báo lý do. Ông/bà xem hồ sơ đang ở đâu bất cứ lúc nào "
            "trên cổng dịch vụ công; nhận kết quả tại bất kỳ bộ phận một cửa nào của thành phố."
        ),
    }


def supplement(paper: Paper) -> dict[str, Any]:
    """Return what form 02 says: which papers, why."""
    return {
        "contact": contact(paper.dossier),
        "papers": _asked_for(paper),
        "reason": paper.event.note,
        "terms": [],
    }


def refusal(paper: Paper) -> dict[str, Any]:
    """Return what form 03 says: why the dossier is not received."""
    return {
        "desk": f"{_desk(paper)}, {hour_and_day(paper.at)}",
        "contact": contact(paper.dossier),
        "reason": paper.event.note,
    }


def fee_receipt(paper: Paper) -> dict[str, Any]:
    """Return what the receipt of the last fee paid says; LookupError where none was paid."""
    payment = _paid(paper.dossier)
    if payment is None or payment.paid_at is None:
        raise LookupError("no fee of this dossier was paid")
    terms = [
        ("Căn cứ", law_name(payment.basis)),
        ("Cách nộp", payment.get_way_display()),
        ("Thời gian nộp", hour_and_day(clock.civil_time(payment.paid_at))),
        ("Nội dung chuyển khoản", payment.reference),
        ("Mã giao dịch", payment.transaction),
    ]
    refunded = ""
    if payment.state == PaymentState.REFUNDED and payment.refunded_at:
        day = short_day(clock.civil_date(payment.refunded_at))
        refunded = f"đã hoàn trả ngày {day}. {payment.refund_note}".strip()
    return {
        "number": payment.receipt_number or paper.number,
        "official": str(payment.official or ""),
        "amount": money(payment.amount_vnd),
        "amount_in_words": money_in_words(payment.amount_vnd),
        "terms": terms,
        "refund": refunded,
    }


def limit_told(dossier: Dossier) -> str:
    """Return the law's time limit in words, "" where there is none."""
    processing = definition_of(dossier=dossier).processing
    if processing.days is None:
        return ""
    if processing.days == 0:
        return "trong ngày làm việc"
    return f"{processing.days} {_UNITS[processing.unit]}"


def fee_told(dossier: Dossier) -> str:
    """Return the fee as it was when filed, "" where the catalogue names none."""
    if dossier.fee_vnd is None:
        return ""
    return money(dossier.fee_vnd) if dossier.fee_vnd else "Không thu"


def promised_on(paper: Paper) -> Any:
    """Return the day promised at the reception: by the clock's start, else what was expected."""
    begun = paper.dossier.clock_events.filter(
        kind__in=(ClockEventKind.START, ClockEventKind.RESUME), due_on__isnull=False
    )
    first = begun.order_by("pk").first()
    return first.due_on if first else paper.dossier.appointment_on


def _desk(paper: Paper) -> str:
    return f"Bộ phận Tiếp nhận và Trả kết quả – {paper.office.name_vi}"


def _asked_for(paper: Paper) -> list[str]:
    """Return the names of the papers that were asked for with this step."""
    asked = paper.dossier.supplement_requests.filter(asked_at=paper.event.happened_at).last()
    if asked is None:
        return []
    names = {one.code: one.name_vi for one in definition_of(dossier=paper.dossier).components}
    return [names.get(code, code) for code in asked.components]


def _paid(dossier: Dossier) -> Payment | None:
    paid = dossier.payments.filter(state__in=(PaymentState.PAID, PaymentState.REFUNDED))
    return paid.select_related("official").order_by("pk").last()
