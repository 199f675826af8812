"""What the map's figures are held against."""

from __future__ import annotations

from benchmarks.figures import tell
from benchmarks.measures import Report


def test_queries_and_pages_have_a_target_and_files_none() -> None:
    report = Report(lambda _text: None)

    tell(report, {"query: a year": 51.0, "page: a year": 99.0, "file: megabytes": 30.0})

    assert [(one.verdict, one.unit) for one in report.measures] == [
        ("short", "ms"),
        ("ok", "ms"),
        ("", "MB"),
    ]
