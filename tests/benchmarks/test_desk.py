"""What the lists of the desk are held against."""

from __future__ import annotations

from benchmarks.desk import tell
from benchmarks.measures import Report


def test_time_queries_and_tables_read_whole_have_a_target() -> None:
    report = Report(lambda _text: None)

    tell(
        report,
        {
            "the queue": {"ms": 301.0, "queries": 12, "read_whole": ["dossiers_dossier"]},
            "people": {"ms": 80.0, "queries": 8, "read_whole": []},
        },
    )

    assert [(one.verdict, one.unit, one.value) for one in report.measures] == [
        ("short", "ms", 301.0),
        ("ok", "ms", 80.0),
        ("ok", "queries", 12),
        ("short", "tables", 1),
    ]
    assert report.measures[0].note == "12 queries; reads dossiers_dossier"
