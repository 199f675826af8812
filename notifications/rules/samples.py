"""Values to try wordings with: as long as the catalogue and the calendar have them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from notifications.rules.wording import CHECK_CODE

_DAY = "2027-12-31"
_SAMPLES: Mapping[str, Any] = {
    "paper": {
        "vi": "Giấy phép hành nghề khám bệnh, chữa bệnh",
        "en": "Veterinary practice certificate",
    },
    "procedure": {"vi": "Cấp đổi giấy phép lái xe", "en": "Exchange of a driving licence"},
    "code": "H17.1-20261126-0000123",
    "days": 60,
    "count": 3,
    "collect": {"vi": "bộ phận một cửa nơi đã nộp", "en": "the counter where it was filed"},
    "reason": {"vi": "thiếu giấy khám sức khỏe còn hạn", "en": "no valid health certificate"},
    "outcome": {"vi": "đã sửa theo thông tin của ông/bà", "en": "corrected as you said"},
    "explained": "một tài khoản đã xem họ tên, địa chỉ của ông/bà; tài khoản đã bị khóa.",
    "state": {"vi": "đang giải quyết", "en": "being decided"},
    CHECK_CODE: "7K3M-P9QX",
}


def sample_values(params: Iterable[str]) -> dict[str, Any]:
    """Return a value for each parameter of a topic, and a check code that is no message's."""
    return {name: _sample(name) for name in (*params, CHECK_CODE)}


def _sample(name: str) -> Any:
    return _SAMPLES.get(name, _DAY if name.endswith("_on") else f"“{name}”")
