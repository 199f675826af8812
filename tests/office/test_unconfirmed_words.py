"""What is still to be confirmed of a procedure is told in words, in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.utils.translation import override

from portal.office.unconfirmed_words import told_paths

_SHIPPED = Path("procedures/data/procedures.yaml")
_VERSION: dict[str, Any] = {
    "components": [{"code": "GPXD-03", "name_vi": "Bản vẽ"}],
    "form_fields": [{"name": "delivery", "label_vi": "Cách nhận kết quả"}],
}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_path_of_the_shipped_catalogue_has_words(language: str) -> None:
    document = yaml.safe_load(_SHIPPED.read_text(encoding="utf-8"))
    shipped = [one for one in document["procedures"] if one.get("unverified")]
    assert shipped

    with override(language):
        for one in shipped:
            phrases = told_paths(one)
            assert len(phrases) == len(set(one["unverified"])), one["key"]
            for phrase in phrases:
                assert not any(path in phrase for path in one["unverified"] if "." in path), phrase
                assert "_" not in phrase


@pytest.mark.parametrize(
    ("path", "vi", "en"),
    [
        (
            "trigger.remind_after_days",
            "Nhắc người dân sau sự kiện bao nhiêu ngày",
            "How many days after the occasion people are reminded",
        ),
        ("components.GPXD-03", "Giấy tờ “Bản vẽ”", "The paper “Bản vẽ”"),
        ("components.GPXD-03.originals", "Số bản chính của “Bản vẽ”", "How many originals"),
        (
            "form_fields.delivery.prefill",
            "Câu trả lời cho “Cách nhận kết quả” lấy từ đâu",
            "Where the answer to “How to receive the result” is taken from",
        ),
        ("components.KHAC-1", "Thành phần hồ sơ: “KHAC-1”", "The papers of the dossier: “KHAC-1”"),
        ("trigger.other", "Dịp để báo cho người dân: “other”", "The occasion"),
        ("strange", "Điều khác: “strange”", "Something else: “strange”"),
    ],
)
def test_a_path_reads_in_both_languages(path: str, vi: str, en: str) -> None:
    version = _VERSION | {"unverified": [path, path]}

    with override("vi"):
        assert told_paths(version) == [vi]
    with override("en"):
        (said,) = told_paths(version)
        assert said.startswith(en)
