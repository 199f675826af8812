"""Letters that come with a birth, a marriage or a death."""

from __future__ import annotations

from typing import Any

from dossiers.documents.facts.frame import Paper, answer

_CHILD = ("child_surname", "child_middle_name", "child_given_name")


def congratulation(paper: Paper) -> dict[str, Any]:
    """Return the words to new parents, or to a new couple."""
    if paper.dossier.procedure_version.procedure.key.startswith("marriage"):
        return {"to": f"{paper.dossier.applicant.full_name} và bạn đời", "lines": _couple(paper)}
    return {"to": f"gia đình {paper.dossier.applicant.full_name}", "lines": _parents(paper)}


def condolence(paper: Paper) -> dict[str, Any]:
    """Return the words to the family; they name nothing but the loss."""
    return {
        "to": f"ông/bà {paper.dossier.applicant.full_name}",
        "lines": [
            f"{paper.office.name_vi} xin chia buồn cùng ông/bà và gia quyến trước sự mất mát này.",
            "Trích lục khai tử được gửi kèm thư. Những việc còn lại của gia đình với cơ quan nhà "
            "nước, cán bộ bộ phận một cửa có thể giúp trong một lần đến, hoặc đến tận nhà khi "
            "gia đình cần. Ông/bà không phải vội.",
            "Kính mong ông/bà và gia quyến giữ gìn sức khỏe.",
        ],
    }


def _parents(paper: Paper) -> list[str]:
    form = paper.dossier
    parts = (answer(form, name) for name in _CHILD)
    child = " ".join(part for part in parts if part) or answer(form, "child_full_name")
    named = f"bé {child}" if child else "em bé"
    return [
        f"{paper.office.name_vi} chúc mừng gia đình đón {named} và chúc bé mạnh khỏe, hay ăn, "
        "chóng lớn.",
        "Giấy khai sinh của bé được gửi kèm thư này. Việc đăng ký thường trú và thẻ bảo hiểm y tế "
        "của bé, cổng dịch vụ công lo tiếp theo hồ sơ gia đình đã xác nhận, hoặc đã chuẩn bị sẵn.",
        "Chúc gia đình nhiều niềm vui.",
    ]


def _couple(paper: Paper) -> list[str]:
    return [
        f"{paper.office.name_vi} chúc mừng hai ông bà đã nên duyên vợ chồng.",
        "Giấy chứng nhận kết hôn được gửi kèm thư này. Khi cần thay đổi nơi cư trú hay giấy tờ "
        "khác theo gia đình mới, cổng dịch vụ công đã có sẵn thông tin để điền giúp.",
        "Chúc hai ông bà trăm năm hạnh phúc.",
    ]
