"""Statements composed from querysets: what they write, and that nothing is run half."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db import connection
from django.db.models import (
    BigIntegerField,
    CharField,
    Exists,
    F,
    Model,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Concat
from pytest_django import DjangoAssertNumQueries

from citizens.models import (
    AccessLog,
    Citizen,
    CitizenSensitive,
    ContactPoint,
    Credential,
    Party,
    Relation,
    User,
)
from portal.common.sql import (
    FromPart,
    Statement,
    With,
    as_document,
    ask_together,
    chain,
    copy_in,
    insert_select,
    line_writer,
    select,
    update,
)
from procedures.models import Bundle, Procedure, RuleVersion, Suggestion
from tests.factories.citizens import (
    CitizenFactory,
    ContactPointFactory,
    CredentialFactory,
    OfficialFactory,
    RelationFactory,
)
from tests.factories.procedures import SuggestionFactory

pytestmark = pytest.mark.django_db
NASTY = "100%s '; DROP TABLE procedures_procedure; -- %(x)s \\ đ"


@pytest.fixture
def two() -> list[Procedure]:
    return [Procedure.objects.create(key=key, code=f"1.{key}") for key in ("a", "b")]


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"hometown": "Đà Nẵng", "note": 'a "quote", a \\ and a\nline\t\x01 \u2028 😀'},
        {'Khóa "lạ"': "", "b": "\\N"},
        {"hours": 140, "is_own": True, "none": None, "share": 0.5},
        {"text": "a", "list": ["b", 1]},
        [["line", "missing", "thiếu giá trị", "a value is missing"]],
    ],
)
def test_a_document_is_copied_as_what_it_says(document: Any) -> None:
    columns = {"line": "integer", "body": "jsonb"}
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE copied (line integer, body jsonb)")
        row = line_writer(columns)({"line": 1, "body": document})

        assert copy_in("copied", columns, [row.encode()]) == 1

        cursor.execute("SELECT body::text FROM copied")
        assert json.loads(cursor.fetchone()[0]) == document
    assert json.loads(as_document(document)) == document


def copies(suffix: str) -> Statement:
    rows = Procedure.objects.order_by("key").values_list(
        Concat("key", Value(suffix)), Concat("code", Value(suffix))
    )
    return insert_select(
        into=Procedure,
        columns=("key", "code"),
        rows=rows,
        on_conflict="nothing",
        returning=("key",),
    )


def test_rows_of_a_queryset_are_inserted_and_given_back(two: list[Procedure]) -> None:
    assert copies("-copy").fetch() == [("a-copy",), ("b-copy",)]
    assert Procedure.objects.count() == 4


def test_a_known_row_is_left_out(two: list[Procedure]) -> None:
    copies("-copy").execute()

    assert copies("-copy").fetch() == [("a-copy-copy",), ("b-copy-copy",)]
    assert copies("").execute() == 0


def test_columns_left_out_take_their_default_of_the_database() -> None:
    Party.objects.create(kind="citizen")
    rows = Party.objects.values_list(Value("household", output_field=CharField()))

    insert_select(into=Party, columns=("kind",), rows=rows).execute()

    one, other = Party.objects.values_list("public_id", flat=True)
    assert one != other


def test_values_stay_values(two: list[Procedure]) -> None:
    statement = copies(NASTY[:20])
    assert NASTY[:20] not in statement.sql

    statement.execute()

    assert Procedure.objects.filter(key=f"a{NASTY[:20]}").count() == 1


def test_a_queryset_that_can_match_nothing_selects_nothing(two: list[Procedure]) -> None:
    nothing = Procedure.objects.filter(pk__in=[]).values_list("key", "code")

    assert select(nothing).fetch() == []
    assert insert_select(into=Procedure, columns=("key", "code"), rows=nothing).execute() == 0


def test_a_column_that_the_table_lacks_is_refused() -> None:
    with pytest.raises(FieldDoesNotExist):
        insert_select(into=Procedure, columns=("nmae",), rows=Statement("SELECT 1"))


def test_update_writes_what_the_queryset_chose_and_gives_it_back(two: list[Procedure]) -> None:
    statement = update(
        Procedure.objects.filter(key="a"),
        values={"code": Concat(F("code"), Value("'%s"))},
        returning=("id", "code"),
    )

    assert statement.fetch() == [(two[0].pk, "1.a'%s")]
    assert Procedure.objects.get(key="b").code == "1.b"


def test_update_may_use_annotations_and_other_tables(two: list[Procedure]) -> None:
    Bundle.objects.create(key="a", event="Gói A")
    known = Bundle.objects.filter(key=OuterRef("key"))
    rows = Procedure.objects.filter(Exists(known)).annotate(title=known.values("event")[:1])

    assert update(rows, values={"code": F("title")}).execute() == 1
    assert list(Procedure.objects.order_by("key").values_list("code", flat=True)) == [
        "Gói A",
        "1.b",
    ]


def test_an_update_through_a_join_chooses_its_rows_by_key(two: list[Procedure]) -> None:
    two[0].rules.create(key="r", kind="calendar")
    rows = Procedure.objects.filter(rules__key="r")

    assert update(rows, values={"code": "9"}, returning=("key",)).fetch() == [("a",)]


def test_parts_of_a_chain_read_each_other_by_name(two: list[Procedure]) -> None:
    made = insert_select(
        into=Procedure,
        columns=("key", "code"),
        rows=Procedure.objects.values_list(Concat("key", Value("2")), Concat("code", Value("2"))),
        returning=("id", "key"),
    )
    old = Procedure.objects.filter(pk__in=FromPart("chosen", "old_id", BigIntegerField()))
    statement = chain(
        With("chosen", select(Procedure.objects.filter(key="a").values_list("pk")), ("old_id",)),
        With("made", made, ("new_id", "key")),
        With("changed", update(old, values={"code": "old"}, returning=("id",)), ("id",)),
        final=Statement(
            "SELECT key, (SELECT count(*) FROM changed) FROM made WHERE key <> %s ORDER BY key",
            ("b2",),
        ),
    )

    assert statement.fetch() == [("a2", 1)]
    assert Procedure.objects.filter(code="old").count() == 1


def test_a_chain_is_one_statement_all_or_nothing(two: list[Procedure]) -> None:
    from django.db import IntegrityError, transaction

    broken = insert_select(
        into=Procedure, columns=("key", "code"), rows=Procedure.objects.values_list("key", "code")
    )
    statement = chain(
        With(
            "changed", update(Procedure.objects.all(), values={"code": Concat("code", Value("!"))})
        ),
        With("broken", broken),
        final=Statement("SELECT 1"),
    )

    with pytest.raises(IntegrityError), transaction.atomic():
        statement.fetch()

    assert not Procedure.objects.filter(code__endswith="!").exists()


# ------------------------------------------------------------------------- several at once
def _alike(queryset: QuerySet[Any, Any]) -> tuple[list[Any], list[Any]]:
    """Return what was filled and what the same question finds by itself, all values of each row."""
    return [_values(one) for one in queryset], [_values(one) for one in queryset.all()]


def _values(row: Any, depth: int = 3) -> Any:
    """Return a row's values and, so many steps far, those of the rows read with it."""
    if not isinstance(row, Model) or not depth:
        return row
    told = {name: value for name, value in vars(row).items() if name != "_state"}
    related = row._state.fields_cache
    return type(row), told, {name: _values(one, depth - 1) for name, one in related.items()}


def test_several_tables_are_read_by_one_question(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    """Ranges, arrays, documents, sealed bytes, instants, numbers of any kind, nothing at all."""
    lan = CitizenFactory(full_name=NASTY)
    ContactPointFactory(party=lan.party)
    CitizenSensitive.objects.create(citizen=lan, body_enc=bytes(range(256)), as_of=date(2026, 1, 1))
    suggestion = SuggestionFactory(
        credential=CredentialFactory(holder=lan, details={"a": [1, None]})
    )
    RelationFactory(person=lan)
    AccessLog.objects.create(
        actor=OfficialFactory().user,
        purpose="case",
        subject_ids=[lan.pk],
        fields=['a "b", {c}', ""],
    )
    shown = Suggestion.objects.select_related("subject__citizen__unit", "subject__organisation")
    asked = (
        Citizen.objects.select_related("unit", "survivor").order_by("-full_name"),
        shown.annotate(
            paper=Subquery(Credential.objects.filter(pk=OuterRef("anchor")).values("kind"))
        ),
        Relation.objects.all(),
        CitizenSensitive.objects.all(),
        ContactPoint.objects.all(),
        User.objects.all(),
        RuleVersion.objects.all(),
        AccessLog.objects.all(),
        Credential.objects.values_list("pk", "expires_on", "details"),
        Citizen.objects.order_by("-pk")[:1],
        Citizen.objects.none(),
        Party.objects.filter(kind="nothing"),
    )
    with django_assert_num_queries(1):
        ask_together(*asked)
        found = [list(queryset) for queryset in asked]

    assert [bool(rows) for rows in found] == [True] * 10 + [False] * 2
    for queryset in asked:
        filled, by_itself = _alike(queryset)
        assert filled == by_itself
    assert found[1] == [suggestion]


def test_each_keeps_its_order_and_what_was_read_before(
    two: list[Procedure], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    up, down, before = (Procedure.objects.order_by(key) for key in ("key", "-key", "pk"))
    list(before)
    Procedure.objects.create(key="c", code="1.c")

    with django_assert_num_queries(1):
        ask_together(up, down, before)
        ask_together(up, down)

    assert [one.key for one in up] == ["a", "b", "c"]
    assert [one.key for one in down] == ["c", "b", "a"]
    assert list(before) == two


def test_what_is_read_along_is_read_along(two: list[Procedure]) -> None:
    suggestion = SuggestionFactory()
    rows = Suggestion.objects.prefetch_related("recipients")

    ask_together(rows, Procedure.objects.all())

    assert [one.citizen_id for row in rows for one in row.recipients.all()] == [
        one.citizen_id for one in suggestion.recipients.all()
    ]
