"""Why a record or a whole file cannot be used, in Vietnamese and in English.

No reason quotes a cell: it may hold a personal number, and reasons go to logs and to terminals.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason: `code` for machines, `vi` and `en` for people; never a cell's value."""

    code: str
    vi: str
    en: str


class UnreadableError(ValueError):
    """A file refused whole; `reasons` say why."""

    def __init__(self, reasons: tuple[Problem, ...]) -> None:
        """Keep every reason, in the order in which they were found."""
        super().__init__("; ".join(f"{reason.vi} ({reason.en})" for reason in reasons))
        self.reasons = reasons


def refusal(code: str, vi: str, en: str) -> UnreadableError:
    """Return the error that refuses a file for one reason."""
    return UnreadableError((Problem(code, vi, en),))


def ragged(found: int, expected: int) -> Problem:
    """Return the reason for a record with another number of cells than the header."""
    code = "too_few_cells" if found < expected else "too_many_cells"
    return Problem(
        code, f"có {found} ô, cần {expected}", f"{found} cells where {expected} are expected"
    )


NUL = Problem("nul", "có ký tự NUL", "contains a NUL character")
CELL_TOO_LONG = Problem("cell_too_long", "có ô dài quá 64 KiB", "a cell is longer than 64 KiB")
LINE_TOO_LONG = Problem("line_too_long", "dòng quá dài", "the line is too long")
QUOTE = Problem(
    "quote",
    "dấu ngoặc kép không khép lại hoặc đặt sai chỗ",
    "a quote is never closed or stands in the wrong place",
)
UNDECODABLE = Problem(
    "undecodable",
    "có ký tự không giải mã được: dòng này dùng bảng mã khác với cả tệp",
    "characters cannot be decoded: this row is in another encoding than the file",
)
MOJIBAKE = Problem(
    "mojibake",
    "chữ bị vỡ dấu do chuyển mã sai từ trước khi nhập",
    "letters were broken by a wrong conversion before the import",
)
UNCALCULATED = Problem(
    "uncalculated",
    "có công thức chưa được tính: mở tệp bằng Excel rồi lưu lại",
    "a formula has no calculated value: open the file in Excel and save it again",
)
