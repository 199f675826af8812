"""Every trigger of the catalogue against every column of the table: stages, lateness, ends, people.

Read it with `table.py`: one function a column, run for each row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from citizens.models import Citizen, Unit
from notifications.models import Message
from procedures.models import OpenMatter, Suggestion
from tests.factories.citizens import ContactPointFactory, UnitFactory
from tests.factories.procedures import rule_definition, scanned_keys
from tests.procedures.detection.givens import Cast, born_on, move
from tests.procedures.detection.scene import catalogue_rule, days_told, scan, states
from tests.procedures.detection.table import NEVER, TABLE, Row

pytestmark = pytest.mark.django_db
ROWS = pytest.mark.parametrize("row", TABLE, ids=[row.name for row in TABLE])
TET, LEAP, YEAR_END = date(2027, 2, 6), date(2028, 2, 29), date(2027, 12, 31)


@pytest.fixture(autouse=True)
def _units_of_all_times() -> None:
    Unit.objects.update(valid=DateRange(None, None))


def ordinary(row: Row) -> date:
    """Return a day on which the row's fact is due."""
    return due_days(row)["year end"]


def due_days(row: Row) -> dict[str, date]:
    """Return the due dates of the columns Tết, 29 February and end of the year.

    An event lies on that day itself; a campaign has one day a year; who was born on 29 February has
    the birthday on the 28th where the year has no 29th.
    """
    if row.ends_on:
        ends = [date.fromisoformat(f"{year}-{row.ends_on}") for year in (2026, 2028, 2027)]
        return dict(zip(("tet", "leap day", "year end"), ends, strict=True))
    if row.age:
        year = next(year for year in range(2026, 2030) if (year - row.age) % 4 == 0)
        leap = date(year, 2, 29 if year % 4 == 0 else 28)
        assert born_on(leap, row.age).day == 29
        return {"tet": TET, "leap day": leap, "year end": YEAR_END}
    deadline = timedelta(days=rule_definition(row.key).deadline_days or 0)
    return {"tet": TET + deadline, "leap day": LEAP + deadline, "year end": YEAR_END + deadline}


def heard(people: Iterable[Citizen]) -> list[list[int]]:
    """Return what each person was told, as days left."""
    return [days_told(one) for one in people]


def given(row: Row, cast: Cast, due_on: date) -> object:
    """Bring the rule into force and let its fact happen."""
    catalogue_rule(row.key)
    return row.fact.happens(cast, due_on)


@ROWS
@pytest.mark.parametrize("due", ["tet", "leap day", "year end"])
def test_told_on_the_day_of_each_stage_not_before_and_once(row: Row, due: str) -> None:
    due_on, cast = due_days(row)[due], row.cast()
    given(row, cast, due_on)

    for stage in row.told:
        for days in (stage + 1, stage, stage - 1):  # the day before, the day, the day after
            scan(due_on - timedelta(days=days))

    assert heard(cast.told) == [list(row.told)] * len(cast.told)
    assert heard(cast.silent) == [[]] * len(cast.silent)
    assert states() == ["open"]


@ROWS
def test_a_late_scan_tells_once_the_most_urgent_and_after_the_last_day_nothing(row: Row) -> None:
    due_on, cast, later = ordinary(row), row.cast(), row.cast()
    given(row, cast, due_on)

    scan(due_on - timedelta(days=row.last))
    row.fact.happens(later, due_on)
    scan(due_on - timedelta(days=row.last - 1))

    assert heard(cast.told) == [[row.last]]
    assert heard(later.told) == [[]]
    assert states() == ["expired"]


@ROWS
def test_after_days_without_a_scan_the_stage_reached_is_told_and_no_other(row: Row) -> None:
    due_on, cast = ordinary(row), row.cast()
    given(row, cast, due_on)
    late = max(row.told[-1] - 1, row.last)

    scan(due_on - timedelta(days=row.told[0]))
    scan(due_on - timedelta(days=late))

    assert heard(cast.told) == [[row.told[0], late] if len(row.told) > 1 else [row.told[0]]]


@ROWS
def test_what_was_settled_elsewhere_is_told_no_more(row: Row) -> None:
    due_on, cast = ordinary(row), row.cast()
    made = given(row, cast, due_on)
    scan(due_on - timedelta(days=row.told[0]))

    row.fact.ends(cast, made)
    for days in (*row.told[1:], row.last):
        scan(due_on - timedelta(days=days))

    assert heard(cast.told) == [[row.told[0]]]
    assert [(one.state, one.reason) for one in Suggestion.objects.all()] == [
        ("withdrawn", row.fact.reason)
    ]
    assert set(Message.objects.values_list("state", flat=True)) == {"withdrawn"}


@ROWS
def test_an_open_dossier_is_told_no_more(row: Row) -> None:
    due_on, cast = ordinary(row), row.cast()
    given(row, cast, due_on)
    scan(due_on - timedelta(days=row.told[0]))
    suggestion = Suggestion.objects.get()
    assert suggestion.rule.procedure
    OpenMatter.objects.create(
        procedure=suggestion.rule.procedure, party=cast.about.party, reference="H17-1",
        opened_on=due_on - timedelta(days=row.told[0]),
    )  # fmt: skip

    scan(due_on - timedelta(days=row.told[0] - 1))

    suggestion.refresh_from_db()
    assert suggestion.state == "withdrawn"
    assert suggestion.reason in ("dossier_open", "conditions_no_longer_met")
    assert heard(cast.told) == [[row.told[0]]]


@ROWS
def test_who_moves_out_of_a_pilot_s_units_is_told_no_more(row: Row) -> None:
    due_on, cast, elsewhere = ordinary(row), row.cast(), UnitFactory()
    catalogue_rule(row.key, units=[cast.about.unit.code])
    row.fact.happens(cast, due_on)
    scan(due_on - timedelta(days=row.told[0]))

    move(cast.about, elsewhere)
    for days in (*row.told[1:], row.last):
        scan(due_on - timedelta(days=days))

    assert heard(cast.told) == [[row.told[0]]]
    assert Suggestion.objects.get().reason == "moved_away"


@ROWS
def test_the_dead_are_told_nothing(row: Row) -> None:
    """Nor does anybody hear of their papers; of firm, household and family others may."""
    due_on, cast = ordinary(row), row.cast()
    given(row, cast, due_on)
    scan(due_on - timedelta(days=row.told[0]))
    before = len(days_told(cast.told[0]))

    Citizen.objects.filter(pk__in=[one.pk for one in cast.people]).update(died_on=due_on)
    for days in (*row.told[1:], row.last):
        scan(due_on - timedelta(days=days))

    assert [len(days) for days in heard(cast.told)] == [before]
    assert heard(cast.silent) == [[]] * len(cast.silent)


def rows_with(column: str, maker: Callable[[Row], object]) -> pytest.MarkDecorator:
    """Return the rows that have a column; of the others the table says why not."""
    fitting = [row for row in TABLE if maker(row)]
    left_out = {row.key for row in TABLE} - {row.key for row in fitting}
    assert left_out == set(NEVER[column])
    return pytest.mark.parametrize("row", fitting, ids=[row.name for row in fitting])


@rows_with("guardian", lambda row: row.answering)
def test_who_answers_for_another_is_told_and_not_the_other(row: Row) -> None:
    assert row.answering
    due_on, cast = ordinary(row), row.answering()
    given(row, cast, due_on)

    scan(due_on - timedelta(days=row.told[-1]))

    assert heard(cast.told) == [[row.told[-1]]]
    assert heard(cast.silent) == [[]] * len(cast.silent)


@rows_with("two", lambda row: row.two)
def test_two_parents_hear_of_one_matter(row: Row) -> None:
    """Two guardians, two who represent a firm, two of a family alike."""
    assert row.two
    due_on, cast = ordinary(row), row.two(2)
    given(row, cast, due_on)

    scan(due_on - timedelta(days=row.told[-1]))

    assert heard(cast.told) == [[row.told[-1]]] * 2
    assert states() == ["open"]


@ROWS
def test_two_people_with_one_phone_each_hear_of_their_own(row: Row) -> None:
    due_on, casts = ordinary(row), (row.cast(), row.cast())
    given(row, casts[0], due_on)
    row.fact.happens(casts[1], due_on)
    for cast in casts:
        ContactPointFactory(party=cast.told[0].party, value="+84500000001", shared=True)

    scan(due_on - timedelta(days=row.told[0]))

    assert [heard(cast.told) for cast in casts] == [[[row.told[0]]]] * 2
    about = set(Message.objects.values_list("about", flat=True))
    assert about == {cast.about.pk for cast in casts}


def test_every_trigger_of_the_catalogue_has_its_rows() -> None:
    """A new rule, a new age, other stages: the table has to say what follows."""
    assert {row.key for row in TABLE} == set(scanned_keys())
    for row in TABLE:
        definition = rule_definition(row.key)
        assert row.told == tuple(definition.lead_days), row.key
        ages = {one.age for one in TABLE if one.key == row.key}
        assert ages in ({None}, set(definition.ages))
