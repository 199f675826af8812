"""The same report as a workbook: numbers as numbers, so that anybody can count on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

_FIGURES = {
    "name": "Chỉ số",
    "numerator": "Tử số",
    "denominator": "Mẫu số",
    "share": "Tỷ lệ",
    "before": "Kỳ trước",
    "before_counts": "Tử số / mẫu số kỳ trước",
    "sentence": "Định nghĩa",
    "numerator_words": "Tử số là",
    "denominator_words": "Mẫu số là",
    "source": "Nguồn",
}
_FIELDS = {
    "field": "Lĩnh vực",
    "early": "Trước hạn",
    "on_time": "Đúng hạn",
    "late": "Trễ hạn",
    "overdue": "Quá hạn chưa xong",
    "in_time": "Tử số",
    "counted": "Mẫu số",
    "share": "Tỷ lệ",
}
_WIDE = 48


def workbook(facts: Mapping[str, Any], *, at: datetime) -> bytes:
    """Return the facts of a report as an XLSX of two sheets; a text is never a formula."""
    book = Workbook()
    # The format knows no time zones: it says UTC.
    book.properties.created = book.properties.modified = at.replace(tzinfo=None)
    book.properties.title = f"{facts['title']} – {facts['agency']} – {facts['period']}"
    first: Any = book.active
    first.title = "Chỉ số"
    _fill(first, _FIGURES, facts["figures"])
    _fill(book.create_sheet("Theo lĩnh vực"), _FIELDS, facts["fields"])
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _fill(sheet: Any, columns: Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> None:
    lines = [list(columns.values()), *([row[key] for key in columns] for row in rows)]
    for down, line in enumerate(lines, start=1):
        for across, value in enumerate(line, start=1):
            cell = sheet.cell(down, across, value)
            if isinstance(value, str):
                cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=down == 1)
    for column in sheet.columns:
        longest = max(len(str(cell.value)) for cell in column)
        sheet.column_dimensions[column[0].column_letter].width = min(longest + 2, _WIDE)
    sheet.freeze_panes = "A2"
