"""What registers deliver reaches the forms: every path of the catalogue, by imported samples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from citizens.models import LifeEvent, Party
from procedures.enums import FieldSource
from procedures.models import Suggestion
from procedures.prefill import Form, prefill_form
from tests.citizens.importing.samples import AS_OF, bring_everything
from tests.citizens.importing.scene import TODAY, set_the_scene
from tests.factories.procedures import (
    ProcedureVersionFactory,
    SuggestionFactory,
    procedure_definition,
    version_of,
)
from tests.procedures.imported import (
    ABOUT,
    BE,
    EVERY,
    LAN,
    MINH,
    NOBODY_KNOWS,
    VALUES,
    is_known,
    named,
    party_of,
    paths_of,
)

pytestmark = pytest.mark.django_db
# Papers that a register answers for only where they are asked of somebody else.
NOT_HERE: Mapping[tuple[str, str], str] = {
    ("", "NPD.guardian"): "a grown-up person has no guardian; see the forms about the child",
    ("passport_issue", "CIVIL.birth"): "asked of children; see the form about the child",
}
OF_CHILDREN = (
    "passport_issue",
    "identity_card_under_14",
    "identity_card_first_issue_14",
    "identity_card_reissue",
    "identity_card_replace_at_age",
)


@pytest.fixture(scope="module", autouse=True)
def _brought(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """Bring every sample once; each test works in a savepoint upon them."""
    with django_db_blocker.unblock(), transaction.atomic():
        set_the_scene()
        bring_everything(tmp_path_factory.mktemp("extracts"))
        yield
        transaction.set_rollback(True)


def _suggested(subject: Party, event: str) -> Suggestion | None:
    """Return a suggestion that hangs on an event of this kind."""
    if not event:
        return None
    return SuggestionFactory(
        citizen=named(LAN),
        rule_version=version_of("identity_card_under_14"),
        subject=subject,
        anchor=LifeEvent.objects.get(kind=event).pk,
        due_on=TODAY,
        recipients=[],
    )


def _opened(key: str, about: str = "") -> Form:
    """Return a procedure's form as Lan opens it."""
    who, event = (about, "") if about else ABOUT.get(key, (LAN, ""))
    subject = party_of(who)
    return prefill_form(
        version=ProcedureVersionFactory(procedure__key=key),
        subject=subject,
        applicant=named(LAN),
        suggestion=_suggested(subject, event),
        day=TODAY,
    )


@pytest.mark.parametrize("key", EVERY)
def test_every_field_that_a_register_can_state_is_filled(key: str) -> None:
    paths = paths_of(key)

    form = _opened(key)

    wrong = {
        f"{field.name}: {paths[field.name]}": field.value
        for field in form.fields
        if field.name in paths
        and field.value != VALUES.get(paths[field.name], "")
        and not (is_known(NOBODY_KNOWS, key, paths[field.name]) and not field.value)
    }
    assert wrong == {}


@pytest.mark.parametrize("key", EVERY)
def test_what_a_register_fills_names_the_register_and_its_date(key: str) -> None:
    paths, form = paths_of(key), _opened(key)

    stated = [f for f in form.fields if f.value and f.source == FieldSource.REGISTER]

    for field in stated:
        register = paths[field.name].partition(".")[0]
        assert field.register == register or register == "APPLICANT"
        assert field.as_of == AS_OF


@pytest.mark.parametrize("key", EVERY)
def test_every_paper_that_a_register_answers_for_need_not_be_brought(key: str) -> None:
    definition = procedure_definition(key)
    paths = {c.code: c.satisfied_by_register for c in definition.components}

    form = _opened(key)

    brought = {
        path
        for paper in form.papers
        if (path := paths[paper.component_code]) and paper.satisfied_by is None
    }
    assert {path for path in brought if not is_known(NOT_HERE, key, path)} == set()


@pytest.mark.parametrize("key", OF_CHILDREN)
def test_a_form_about_a_child_knows_parents_and_birth(key: str) -> None:
    form = _opened(key, about=BE)

    satisfied = {paper.component_code: paper.satisfied_by for paper in form.papers}
    asked = {c.code: c.satisfied_by_register for c in procedure_definition(key).components}
    for code, path in asked.items():
        if path in ("NPD.guardian", "CIVIL.birth"):
            assert satisfied[code] == path.partition(".")[0]
    filled = {field.name: field.value for field in form.fields}
    assert filled.get("father", MINH) == MINH
    assert filled.get("mother", LAN) == LAN


def test_every_path_has_its_value_or_a_reason() -> None:
    paths = {path for key in EVERY for path in paths_of(key).values()}

    known = set(VALUES) | {path for _key, path in NOBODY_KNOWS}
    assert paths - known == set()
    assert set(VALUES) - paths == set()
