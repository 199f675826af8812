"""One sample of every kind of paper, with letters that fonts get wrong and words that attack.

`python -m tests.dossiers.papers_shown FOLDER` writes all of them, sealed, as PDF: look at them
after each change of a template.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import django


@dataclass(frozen=True)
class Office:
    """An agency as far as a seal knows it."""

    code: str
    name_vi: str


AT = datetime(2026, 11, 26, 9, 12, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
CODE = "7KQ2M9XD4TRCW8PH3FGV"
AGENCY = "Ủy ban nhân dân phường Hải Châu"
OFFICE = Office("H17.20", AGENCY)
NAME = "Nguyễn Thị Đặng Quỳnh Ưỡng"
_DOSSIER = "H17.20-20261126-0000123"
_PROCEDURE = "Thủ tục đăng ký khai sinh"
_REASON = (
    "Giấy chứng nhận kết hôn chưa rõ số quyển; đề nghị bổ sung bản sao để đối chiếu với cơ sở dữ "
    "liệu hộ tịch điện tử."
)
_CONTACT = [
    ("Số định danh cá nhân", "049999001234"),
    ("Địa chỉ", "12 Bạch Đằng, phường Hải Châu, thành phố Đà Nẵng"),
    ("Số điện thoại", "0505 000 001"),
]
_STEPS = [
    ("Nộp hồ sơ", "09 giờ 05, ngày 24/11/2026", NAME, "Mới đăng ký", ""),
    ("Tiếp nhận", "09 giờ 30, ngày 24/11/2026", "Trần Văn Một", "Được tiếp nhận", ""),
    ("Yêu cầu bổ sung", "14 giờ 02, ngày 24/11/2026", "Lê Thị Hai", "Yêu cầu bổ sung", _REASON),
    ("Bổ sung", "08 giờ 15, ngày 25/11/2026", NAME, "Được tiếp nhận", "Đồng hồ chạy tiếp"),
    ("Phê duyệt", "10 giờ 40, ngày 26/11/2026", "Phạm Văn Ba", "Đã xử lý xong", ""),
]
_LOGGED = [
    f"H17.20-20261126-{number:07d}" if column == 0 else text
    for number in range(1, 46)
    for column, text in enumerate(
        (
            "",
            "Đổi giấy phép lái xe do ngành Công an cấp",
            "01",
            NAME,
            "12 Bạch Đằng, phường Hải Châu, thành phố Đà Nẵng, 0505 000 001",
            AGENCY,
            "24/11/2026",
            "30/11/2026",
            "",
            "",
            "",
            "Đang xử lý",
        )
    )
]
_OWN: Mapping[str, dict[str, Any]] = {
    "receipt": {
        "title": "Giấy tiếp nhận hồ sơ và hẹn trả kết quả",
        "desk": f"Bộ phận Tiếp nhận và Trả kết quả – {AGENCY}",
        "contact": _CONTACT,
        "owner": "Nguyễn Bé Ưu",
        "papers": ["Tờ khai đăng ký khai sinh", "Giấy chứng sinh – đã có trong cơ sở dữ liệu"],
        "terms": [
            ("Số lượng hồ sơ", "01 bộ"),
            ("Thời gian giải quyết theo quy định", "1 ngày làm việc"),
            ("Thời gian nhận hồ sơ", "09 giờ 12, ngày 26/11/2026"),
            ("Thời gian trả kết quả", "thứ Sáu, 27/11/2026"),
            ("Phí, lệ phí", "Không thu"),
        ],
        "note": "Khi ngày hẹn thay đổi, cơ quan báo lý do.",
    },
    "supplement": {
        "title": "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ",
        "contact": _CONTACT,
        "papers": ["Giấy chứng nhận kết hôn của cha mẹ"],
        "reason": _REASON,
        "terms": [],
    },
    "refusal": {
        "title": "Phiếu từ chối tiếp nhận giải quyết hồ sơ",
        "desk": f"Bộ phận Tiếp nhận và Trả kết quả – {AGENCY}, 09 giờ 12, ngày 26/11/2026",
        "contact": _CONTACT,
        "reason": "Việc này thuộc thẩm quyền của cơ quan đại diện ở nước ngoài.",
    },
    "apology": {
        "title": "Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết",
        "received_on": "20/11/2026",
        "promised_on": "thứ Năm, 26/11/2026",
        "reason": "Chờ cơ quan nơi cư trú cũ trả lời xác minh.",
        "days": "3 ngày làm việc",
        "due_on": "thứ Ba, 01/12/2026",
    },
    "stop": {
        "title": "Thông báo dừng giải quyết hồ sơ",
        "stopped_at": "ngày 26 tháng 11 năm 2026",
        "reason": "Người nộp đề nghị dừng để nộp tại nơi cư trú mới.",
        "refund": "Khoản phí, lệ phí đã nộp được xem xét hoàn trả theo quy định.",
    },
    "control": {
        "title": "Phiếu kiểm soát quá trình giải quyết hồ sơ",
        "competent": AGENCY,
        "terms": [("Người nộp", NAME), ("Hẹn trả kết quả", "thứ Sáu, 27/11/2026")],
        "steps": [
            dict(zip(("what", "at", "who", "status", "note"), step, strict=True)) for step in _STEPS
        ],
        "why": "Hẹn trả thứ Sáu 27/11/2026: 1 ngày làm việc, kể từ thứ Tư 25/11/2026.",
    },
    "log": {
        "title": "Sổ theo dõi hồ sơ",
        "verify": None,
        "code": "",
        "period": "từ ngày 01/11/2026 đến ngày 26/11/2026",
        "rows": [_LOGGED[at : at + 12] for at in range(0, len(_LOGGED), 12)],
        "left_out": 0,
    },
    "result": {
        "title": "Giấy phép lái xe",
        "subtitle": "Hạng, loại: B",
        "basis": "Căn cứ: 36/2024/QH15, 12/2025/TT-BCA.",
        "rows": [
            ("Số", "490012345678"),
            ("Ngày cấp", "26/11/2026"),
            ("Có giá trị đến", "26/11/2036"),
            ("Nơi cấp", "Phòng CSGT – Công an thành phố Đà Nẵng"),
            ("Họ, chữ đệm, tên", NAME.upper()),
            ("Ngày, tháng, năm sinh", "12/03/1990"),
            ("Số định danh cá nhân", "049999001234"),
            ("Nơi cư trú", "12 Bạch Đằng, phường Hải Châu, thành phố Đà Nẵng"),
        ],
        "valid": "Có giá trị từ ngày 26/11/2026 đến hết ngày 26/11/2036.",
        "signer_note": "(theo ủy quyền số 12/QĐ-UBND)",
    },
    "congratulation": {
        "title": "Thư chúc mừng",
        "number": "",
        "to": f"gia đình {NAME}",
        "lines": [
            f"{AGENCY} chúc mừng gia đình đón bé Nguyễn Bé Ưu và chúc bé mạnh khỏe.",
            "Giấy khai sinh của bé được gửi kèm thư này.",
            "Chúc gia đình nhiều niềm vui.",
        ],
    },
    "condolence": {
        "title": "Thư chia buồn",
        "number": "",
        "to": f"ông/bà {NAME}",
        "lines": [
            f"{AGENCY} xin chia buồn cùng ông/bà và gia quyến trước sự mất mát này.",
            "Trích lục khai tử được gửi kèm thư. Ông/bà không phải vội.",
            "Kính mong ông/bà và gia quyến giữ gìn sức khỏe.",
        ],
    },
    "fee_receipt": {
        "title": "Biên lai thu phí, lệ phí",
        "amount": "135.000 đồng",
        "amount_in_words": "Một trăm ba mươi lăm nghìn đồng",
        "terms": [("Cách nộp", "Chuyển khoản"), ("Mã giao dịch", "FT26330001")],
        "refund": "",
    },
}
KINDS = tuple(_OWN)


def sample(kind: str, **changes: Any) -> dict[str, Any]:
    """Return the facts of a sample; `changes` replace some."""
    from dossiers.documents.facts.frame import verification

    frame = {
        "agency": AGENCY,
        "number": "20261126-0000123/TNHS",
        "place": "Hải Châu",
        "date": "ngày 26 tháng 11 năm 2026",
        "code": _DOSSIER,
        "applicant": NAME,
        "owner": "",
        "procedure": _PROCEDURE,
        "official": "Trần Văn Một",
        "signer_role": "Chủ tịch Ủy ban nhân dân",
        "verify": verification(CODE),
    }
    return frame | _OWN[kind] | changes


def main(folder: Path) -> None:
    """Write every sample, and tell how long setting and sealing took."""
    from dossiers.documents.signing import seal_of, seal_pdf
    from dossiers.documents.typesetting import typeset

    folder.mkdir(parents=True, exist_ok=True)
    seal = seal_of(OFFICE)
    for kind in KINDS:
        began = time.perf_counter()
        paper = typeset(kind, sample(kind), at=AT)
        between = time.perf_counter()
        data = paper.pdf
        if paper.stamp is not None:
            data = seal_pdf(paper, seal=seal, agency=AGENCY, now=AT)
        ended = time.perf_counter()
        (folder / f"{kind}.pdf").write_bytes(data)
        sys.stdout.write(
            f"{kind:<16} set {1000 * (between - began):6.0f} ms   "
            f"sealed {1000 * (ended - between):6.0f} ms   {len(data) // 1024:5d} KB\n"
        )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
    django.setup()
    main(Path(sys.argv[1]))
