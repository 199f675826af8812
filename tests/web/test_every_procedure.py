"""Every procedure of the catalogue from its own page: nothing known is asked again, all are filed.

The registers hold what the imported samples bring (`tests.procedures.imported.VALUES`, by path):
what is asked on the page is held against that table, not against the code that fills the form.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from citizens.models import Agency, User
from citizens.selectors import acting_for
from dossiers.models import Dossier, Draft
from procedures.enums import FieldType, FilingChannel
from procedures.prefill import Filled
from tests.citizens.importing.samples import bring_everything
from tests.citizens.importing.scene import TODAY, set_the_scene
from tests.factories.citizens import AgencyFactory, AuthorityFactory, UserFactory
from tests.factories.dossiers import catalogued_version
from tests.factories.procedures import procedure_definition
from tests.procedures.imported import (
    ABOUT,
    BE,
    EVERY,
    FIRM,
    LAN,
    NOBODY_KNOWS,
    VALUES,
    is_known,
    named,
    party_of,
    paths_of,
)
from tests.shelf import put_texts

pytestmark = pytest.mark.django_db
MORNING = f"{TODAY.isoformat()}T09:00:00+07:00"
TABLE = Path(__file__).parents[2] / "docs" / "forms.md"
ANSWERS = {
    FieldType.DATE: "20/11/2026",
    FieldType.DATETIME: "2026-12-01T08:30",
    FieldType.INTEGER: "2",
    FieldType.COUNT: "2",
    FieldType.INDUSTRIES: "5610 Quán ăn",
    FieldType.TAX_CODE: "0400000016",
    FieldType.DECIMAL: "10,5",
    FieldType.MONEY: "100.000.000",
    FieldType.BOOLEAN: "true",
    FieldType.PIN12: "999185000001",
    FieldType.PHONE: "0505 000 001",
    FieldType.EMAIL: "lan@example.org",
}
HOSTILE = {
    FieldType.DATE: "31/02/2026",
    FieldType.DATETIME: "hôm qua",
    FieldType.INTEGER: "-1",
    FieldType.COUNT: "0",
    FieldType.INDUSTRIES: "Quán ăn",
    FieldType.TAX_CODE: "12345",
    FieldType.DECIMAL: "NaN",
    FieldType.MONEY: "1e9",
    FieldType.BOOLEAN: "có lẽ",
    FieldType.PIN12: "1' OR 1=1",
    FieldType.PHONE: "<script>",
    FieldType.EMAIL: "a@b",
}


@pytest.fixture(scope="module", autouse=True)
def _brought(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """Bring every sample once, and an office of every kind; each test works upon them."""
    with (
        django_db_blocker.unblock(),
        transaction.atomic(),
        time_machine.travel(MORNING, tick=False),
    ):
        set_the_scene()
        bring_everything(tmp_path_factory.mktemp("extracts"))
        put_texts()
        lan = named(LAN)
        UserFactory(citizen=lan)
        may = {one.pk for one in acting_for(actor=lan, day=TODAY)}
        for who, basis in ((BE, "parent"), (FIRM, "representative")):
            if party_of(who).pk not in may:
                AuthorityFactory(actor=lan, for_party=party_of(who), basis=basis)
        for key in EVERY:
            kind = procedure_definition(key).competent_agency.key
            if not Agency.objects.filter(kind=kind, unit=lan.unit).exists():
                AgencyFactory(kind__key=kind, unit=lan.unit)
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def lan() -> Client:
    """Lan at her own page."""
    client = Client()
    user = User.objects.get(citizen=named(LAN))
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page_of(key: str) -> str:
    """Return the address of a procedure's form for whom it is about."""
    catalogued_version(key)
    who, event = ABOUT.get(key, (LAN, ""))
    about = f"?for={party_of(who).public_id}" if who != LAN and not event else ""
    return f"/my/procedures/{key}/form/{about}"


def filled_on(client: Client, page: str) -> tuple[list[str], list[str]]:
    """Return which fields must be and which may be answered on the page."""
    response = client.get(f"{page}{'&' if '?' in page else '?'}edit=1")
    assert response.status_code == 200
    fields = response.context["form"].fields
    must = [name for name, field in fields.items() if field.required]
    return must, [name for name in fields if name not in must]


def given(field: Filled | object, hostile: bool = False) -> str | list[str]:
    """Return an answer that fits a field of the catalogue, or one that does not."""
    kind, choices = field.type, field.choices_vi  # type: ignore[union-attr]
    table = HOSTILE if hostile else ANSWERS
    if choices:
        answer = "Không có trong danh sách" if hostile else choices[0]
        return [answer] if kind == FieldType.MULTICHOICE else answer
    return table.get(kind, "x" * 501 if hostile else "Theo thực tế")


def answers_for(client: Client, key: str, page: str) -> dict[str, str | list[str]]:
    """Return an answer to everything that must be answered."""
    response = client.get(f"{page}{'&' if '?' in page else '?'}edit=1")
    definition = procedure_definition(key)
    answers: dict[str, str | list[str]] = {}
    for name, field in response.context["form"].fields.items():
        if field.required:
            offered = [value for value, _word in getattr(field, "choices", ()) if value]
            kind = definition.field(name).type
            is_office = kind == FieldType.AGENCY and offered
            answers[name] = offered[0] if is_office else given(definition.field(name))
    return answers


@pytest.mark.parametrize("key", EVERY)
def test_nothing_that_a_register_knows_is_asked_again(lan: Client, key: str) -> None:
    paths = paths_of(key)

    must, may = filled_on(lan, page_of(key))

    asked_again = {
        name: paths[name]
        for name in (*must, *may)
        if paths.get(name) in VALUES and not is_known(NOBODY_KNOWS, key, paths[name])
    }
    assert asked_again == {}


@pytest.mark.parametrize("key", EVERY)
def test_every_procedure_is_filed_from_its_page(lan: Client, key: str) -> None:
    page = page_of(key)
    answers = answers_for(lan, key, page)

    checked = lan.post(page, answers)
    check = page.replace("/form/", "/check/")
    assert checked["Location"] == check
    shown = lan.get(check)
    filed = lan.post(check, {"number": shown.context["matter"].number})

    dossier = Dossier.objects.get()
    assert filed["Location"] == f"/my/dossiers/{dossier.public_id}/"
    assert dossier.procedure_version.procedure.key == key
    assert dossier.applicant == named(LAN)
    online = FilingChannel.ONLINE in procedure_definition(key).channels
    assert dossier.channel == (FilingChannel.ONLINE if online else FilingChannel.DIRECT)
    missing = [f.name for f in procedure_definition(key).form_fields if f.name in answers]
    assert {name: dossier.form[name]["source"] for name in missing} == dict.fromkeys(
        missing, "citizen"
    )
    assert not Draft.objects.exists()
    assert lan.get(filed["Location"]).status_code == 200


@pytest.mark.parametrize("key", EVERY)
def test_every_question_refuses_what_does_not_fit(lan: Client, key: str) -> None:
    page = page_of(key)
    definition = procedure_definition(key)
    must, _may = filled_on(lan, page)
    hostile = {name: given(definition.field(name), hostile=True) for name in must}

    response = lan.post(page, hostile)

    if must:
        assert response.status_code == 422
        assert set(response.context["form"].errors) == set(must)
    assert not Dossier.objects.exists()


def test_the_table_of_the_documentation_is_what_the_pages_ask(lan: Client) -> None:
    lines = [_line(lan, key) for key in EVERY]

    text = TABLE.read_text(encoding="utf-8")
    wrong = [line for line in lines if line not in text]
    assert wrong == []


def _line(client: Client, key: str) -> str:
    """Return the procedure's line: fields, known, must be answered, may be, asked again."""
    definition = procedure_definition(key)
    page, paths = page_of(key), paths_of(key)
    must, may = filled_on(client, page)
    typed = [one for one in definition.form_fields if one.type != FieldType.IMAGE]
    known = [one for one in typed if one.name not in {*must, *may}]
    again = [
        name
        for name in (*must, *may)
        if paths.get(name) in VALUES and not is_known(NOBODY_KNOWS, key, paths[name])
    ]
    figures = (len(typed), len(known), len(must), len(may), len(again))
    return f"| {definition.code} | {definition.name_vi} | " + " | ".join(map(str, figures)) + " |"
