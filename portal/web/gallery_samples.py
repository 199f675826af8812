"""Sample contexts of the gallery: made-up people, days counted from today.

The page templates are the real ones; each context has the keys that the template documents.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.datastructures import MultiValueDict

from portal.common import clock
from portal.web.presenters.stages import StageNow
from portal.web.presenters.why import Condition

Context = dict[str, Any]
SOMEBODYS = "00000000-0000-4000-8000-000000000000"


class MissingPaper(forms.Form):
    """What the sample suggestion still asks for."""

    checkup = forms.FileField(
        label="Giấy khám sức khỏe của người lái xe",
        help_text="Ảnh chụp hoặc tệp PDF, không quá 10 MB. Giấy có giá trị trong 12 tháng.",
    )
    delivery = forms.ChoiceField(
        label="Nhận giấy phép mới",
        choices=[("post", "Qua bưu điện, tại nhà"), ("desk", "Tại bộ phận một cửa phường Tam Kỳ")],
        initial="post",
        widget=forms.RadioSelect,
    )


def _in_days(days: int) -> dt.date:
    return clock.today() + dt.timedelta(days=days)


def _at(days: int, hour: int, minute: int) -> dt.datetime:
    zone = clock.CIVIL_ZONE
    return dt.datetime.combine(_in_days(days), dt.time(hour, minute), tzinfo=zone)


def _row(
    label: str, value: str, source: str = "CSDL quốc gia về dân cư", days: int = 20
) -> Context:
    return {
        "label": label,
        "value": value,
        "source": source,
        "as_of": _in_days(-days),
        "dispute_url": "",
        "note": "",
    }


KNOWN = (
    ("Họ, chữ đệm và tên", "Nguyễn Thị Ánh Tuyết"),
    ("Số định danh cá nhân", "999••••••412"),
    ("Ngày sinh", "14/03/1956"),
    ("Nơi thường trú", "Tổ 6, phường Tam Kỳ, thành phố Đà Nẵng"),
)
LICENCE = (
    ("Số giấy phép lái xe", "4900••••318"),
    ("Hạng", "B"),
    ("Ngày cấp", "20/01/2017"),
    ("Nơi cấp", "Sở Giao thông vận tải"),
)
MATTER_DEFAULTS: Context = {
    "url": "/gallery/suggestion/",
    "code": "",
    "bar": None,
    "steps": [],
    "lines": [],
    "left": "",
    "action": "",
    "snooze_url": "",
}
WAY = [
    {"label": "Đã nộp", "state": "done"},
    {"label": "Phường đang xử lý", "state": "now"},
    {"label": "Trả kết quả", "state": "next"},
]


def _matter(**given: Any) -> Context:
    return MATTER_DEFAULTS | given


def matters() -> Context:
    """Return the sample of "My matters" with one urgent, one soon and one dossier on its way."""
    due = [
        _matter(
            tone="late",
            state="Cần bổ sung",
            left="trước thứ Ba, còn 2 ngày làm việc",
            title="Cấp đổi thẻ căn cước",
            lines=["Ảnh chân dung bị mờ. Chỉ cần gửi lại một ảnh; mọi mục khác đã đủ."],
            action="Gửi lại ảnh",
        ),
        _matter(
            tone="soon",
            state="Sắp hết hạn",
            left="còn 60 ngày",
            title="Giấy phép lái xe hạng B",
            bar=(60, 90),
            lines=["Đã điền sẵn 14/15 mục."],
            action="Xem và xác nhận",
            snooze_url="/gallery/",
        ),
    ]
    handled = [
        _matter(
            tone="progress",
            state="Đang giải quyết",
            title="Đăng ký khai sinh cho cháu Nguyễn Minh An",
            code="H17.20-20261120-0000123",
            url="/gallery/dossier/",
            lines=["Hẹn trả thứ Sáu, 27/11/2026."],
            steps=WAY,
        )
    ]
    return {
        "greeting": "Chào bà Nguyễn Thị Ánh Tuyết",
        "summary": "2 việc cần bà · 1 đang giải quyết",
        "matters": due,
        "count": len(due),
        "handled": handled,
        "further": 0,
        "later": [],
        "undo": [{"public_id": SOMEBODYS, "title": "Hộ chiếu"}],
        "dates": [
            {"day": _in_days(41), "label": "Hộ chiếu của ông Trần Văn Đức còn 6 tháng", "url": ""},
            {"day": _in_days(75), "label": "Cháu Khôi đủ 14 tuổi: cấp thẻ căn cước", "url": ""},
            {"day": _in_days(188), "label": "Thẻ bảo hiểm y tế của gia đình hết hạn", "url": ""},
        ],
        "shortcuts": [
            {"url": "#", "icon": "card", "label": "Giấy tờ của tôi", "count": 0},
            {"url": "#", "icon": "inbox", "label": "Hộp thư", "count": 3},
            {"url": "#", "icon": "eye", "label": "Ai đã xem dữ liệu của tôi", "count": 0},
            {"url": "#", "icon": "people", "label": "Người giúp tôi", "count": 0},
        ],
    }


def nothing() -> Context:
    """Return "My matters" of a person whom nothing waits for."""
    return matters() | {
        "summary": "",
        "matters": [],
        "count": 0,
        "handled": [],
        "undo": [],
        "dates": [],
    }


def suggestion() -> Context:
    """Return the sample of a renewal with fourteen known answers and two asked ones."""
    first = [_row(label, value) for label, value in KNOWN]
    rest = [_row(label, value, "CSDL giấy phép lái xe", 21) for label, value in LICENCE]
    return {
        "suggestion": {
            "title": "Đổi giấy phép lái xe hạng B",
            "tone": "soon",
            "state": "Sắp hết hạn",
            "due_on": _in_days(60),
            "bar": (60, 90),
            "procedure": "Đổi giấy phép lái xe",
            "for_whom": "",
            "window_line": "",
            "is_too_early": False,
            "is_reckoned": False,
            "steps": [],
            "consequence": "Phải sát hạch lại lý thuyết",
            "why": "Giấy phép lái xe của bà hết hạn trong 90 ngày tới. Đổi trước ngày hết hạn thì"
            " không phải thi lại lý thuyết.",
            "basis": [
                ("Căn cứ", "Luật Trật tự, an toàn giao thông đường bộ 36/2024/QH15, Điều 57"),
                ("Thấy từ", "CSDL giấy phép lái xe, đọc lúc 02:00 hôm nay"),
            ],
        },
        "conditions": [
            Condition(
                "ok",
                "check",
                "Có",
                "Giấy phép lái xe hạng B còn hiệu lực",
                "CSDL giấy phép lái xe: hết hạn ngày " + f"{_in_days(60):%d/%m/%Y}",
            )
        ],
        "known": [{"heading": "", "first": first, "rest": rest}],
        "known_count": len(first) + len(rest),
        "missing_count": 2,
        "days": 30,
        "form": MissingPaper(),
        "terms": [
            ("Phí, lệ phí", "135.000\u00a0đ, trả khi nhận"),
            ("Thời hạn", "5 ngày làm việc kể từ khi nhận đủ hồ sơ"),
            ("Nơi giải quyết", "Phòng Cảnh sát giao thông"),
        ],
        "public_id": SOMEBODYS,
        "may_snooze": True,
        "slots": [],
        "papers": {
            "at_hand": [
                {
                    "name": "Giấy khám sức khỏe của người lái xe",
                    "note": "Cơ sở dữ liệu y tế",
                    "as_of": _in_days(-30),
                }
            ],
            "to_bring": [],
            "in_some_cases": [{"name": "Hộ chiếu", "note": "Người nước ngoài", "as_of": None}],
        },
    }


def refused() -> Context:
    """Return the suggestion after a press without the missing paper."""
    return suggestion() | {"form": MissingPaper({"delivery": "post"}, MultiValueDict())}


def dossier() -> Context:
    """Return the sample of a dossier that was filed just now."""
    steps: list[Context] = [
        {"label": "Bà xác nhận và nộp", "state": "done", "at": _at(-1, 9, 12), "day": None},
        {"label": "Phường Tam Kỳ tiếp nhận", "state": "done", "at": _at(-1, 10, 40), "day": None},
        {"label": "Phòng Cảnh sát giao thông thẩm định", "state": "now", "at": None, "day": None},
        {"label": "Trả giấy phép mới", "state": "next", "at": None, "day": _in_days(6)},
    ]
    notes = ("", "Bà Lê Thị Hồng nhận hồ sơ đủ 15 mục.", "Đang chờ đối chiếu với sổ gốc.", "")
    given = [_row(label, value) | {"dispute_url": ""} for label, value in KNOWN]
    return {
        "stage": StageNow("Thẩm định hồ sơ", "Phòng Cảnh sát giao thông", "", _in_days(-2)),
        "waits": "",
        "dossier": {
            "code": "H17.20-20261121-0000123",
            "title": "Đổi giấy phép lái xe hạng B",
            "tone": "progress",
            "state": "Đang xử lý",
            "place": "Đang ở Phòng Cảnh sát giao thông, do ông Phạm Quốc Việt giữ.",
            "due_on": _in_days(6),
            "working_days": 5,
            "why": "5 ngày làm việc kể từ ngày nhận đủ hồ sơ; thứ Bảy và Chủ nhật không tính.",
            "ledger": [
                ("Bắt đầu", "hôm qua, 10:40 (trước 15:00 nên tính ngay)"),
                ("Không tính", "thứ Bảy, Chủ nhật"),
                ("Tạm dừng", "chưa lần nào"),
            ],
        },
        "filed": True,
        "together": None,
        "timeline": [step | {"note": note} for step, note in zip(steps, notes, strict=True)],
        "given": [{"heading": "", "first": given, "rest": []}],
        "returns": [
            ("Kết quả", "Giấy phép lái xe hạng B, bản điện tử và bản thẻ"),
            ("Nhận tại", "Nhà, qua bưu điện"),
            ("Phí", "135.000\u00a0đ, trả khi nhận"),
        ],
        "public_id": SOMEBODYS,
        "may_withdraw": True,
        "for_whom": "",
    }


def phone() -> Context:
    """Return the sample of the demo phone: two messages, one without accents, and an answer."""
    return {
        "number": "050•••2227",
        "name": "Nguyễn Thị Ánh Tuyết",
        "page": Paginator([1], 20).page(1),
        "thread": [
            {"is_own": True, "text": "1", "at": _at(0, 8, 5)},
            {
                "is_own": False,
                "sender": "DVC",
                "channel": "sms",
                "way": "SMS",
                "icon": "message",
                "subject": "",
                "text": "Chao ba N.T.A.T: giay phep lai xe het han 20/01/2027. Ho so da dien san,"
                " ba chi can xac nhan tren cong hoac tai bo phan mot cua. Ma 7K3M-P9QX",
                "at": _at(0, 8, 2),
                "state": "đã tới máy",
                "parts": 1,
            },
            {
                "is_own": False,
                "sender": "DVC",
                "channel": "zalo",
                "way": "Zalo",
                "icon": "chat",
                "subject": "",
                "text": "Hồ sơ H17.20-20261121-0000123 đã được tiếp nhận, hẹn trả thứ Sáu.",
                "at": _at(-1, 10, 41),
                "state": "đã tới máy",
                "parts": 0,
            },
        ],
    }


PAGES: dict[str, tuple[str, Callable[[], Context]]] = {
    "matters": ("web/matters.html", matters),
    "nothing": ("web/matters.html", nothing),
    "suggestion": ("web/suggestion.html", suggestion),
    "refused": ("web/suggestion.html", refused),
    "dossier": ("web/dossier.html", dossier),
    "phone": ("web/phone.html", phone),
    "not-found": ("errors/404.html", dict),
    "forbidden": ("errors/403.html", dict),
    "busy": ("errors/503.html", dict),
    "broken": ("errors/500.html", dict),
}
