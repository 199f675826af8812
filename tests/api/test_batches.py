"""Deliveries by API: taken in, waited for, mended; and every answer that is an error."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, reverse
from pytest_django import Settings

from citizens.enums import BatchState, Role
from citizens.models import AccessLog, Batch, Citizen, User
from citizens.registers import vault
from citizens.services.run_batches import run_batches
from portal.api.urls import pages
from tests.canaries import phone_forms
from tests.citizens.importing.scene import LAN, MINH, TODAY, WARD, minh, person
from tests.citizens.receiving import csv_of, people, take_over
from tests.factories.citizens import UserFactory
from tests.office.delivering import a_working_day, official

pytestmark = pytest.mark.django_db
PROBLEM = "application/problem+json"
REGISTERS = "/api/v1/registers"
BATCHES = f"{REGISTERS}/NPD/batches"
PEOPLE = csv_of(person(), minh())
PHONE = "+84505550199"


@pytest.fixture(autouse=True)
def _scene(settings: Settings, tmp_path: Path) -> Iterator[None]:
    with a_working_day(settings, tmp_path):
        yield


def session_of(user: User, **options: Any) -> Client:
    client = Client(**options)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def steward() -> User:
    return official(Role.DATA_STEWARD)


@pytest.fixture
def client(steward: User) -> Client:
    return session_of(steward)


def send(
    client: Client, content: bytes = PEOPLE, query: str = "", headers: dict[str, str] | None = None
) -> Any:
    return client.post(BATCHES + query, content, content_type="text/csv", headers=headers)


def address(batch: Batch, name: str = "batch") -> str:
    return reverse(f"api:{name}", args=[batch.register_id, batch.public_id])


# --------------------------------------------------------------- the way of a file
def test_a_file_is_taken_in_and_its_address_tells_how_it_goes(client: Client) -> None:
    response = send(client, csv_of(person(), person("123")), "?as_of=2026-11-20&kind=person")

    assert response.status_code == 202
    batch = Batch.objects.get()
    assert response["Location"] == address(batch) == f"{BATCHES}/{batch.public_id}"
    said = client.get(response["Location"]).json()
    assert (said["state"], said["as_of"], said["mistakes"]) == ("waiting", "2026-11-20", [])

    run_batches(day=TODAY)

    said = client.get(response["Location"]).json()
    assert (said["state"], said["encoding"]) == ("done", "utf-8")
    assert said["counts"] == {
        "rows": 2,
        "written_up_to_line": 3,
        "created": 1,
        "changed": 0,
        "unchanged": 0,
        "older_than_held": 0,
        "rejected": 1,
        "discrepancies": 0,
    }
    (mistake,) = said["mistakes"]
    assert (mistake["code"], mistake["rows"], mistake["columns"]) == ("pin_form", 1, ["pin"])
    assert mistake["vi"] == "không phải 12 chữ số"


def test_a_form_with_a_file_is_taken_too(client: Client) -> None:
    file = SimpleUploadedFile("nguoi-dan.csv", PEOPLE, content_type="text/csv")

    response = client.post(BATCHES, {"file": file, "as_of": "2026-11-20", "dry_run": "true"})
    run_batches(day=TODAY)

    assert response.status_code == 202
    said = client.get(response["Location"]).json()
    assert (said["source"], said["state"]) == ("nguoi-dan.csv", "held")
    assert [reason["code"] for reason in said["reasons"]] == ["rehearsal"]
    assert said["counts"]["created"] == 2
    assert not Citizen.objects.exists()


def test_a_workbook_is_taken(client: Client) -> None:
    book, content = openpyxl.Workbook(), io.BytesIO()
    book.active.append(list(person()))
    book.active.append(list(person().values()))
    book.save(content)

    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = client.post(BATCHES, content.getvalue(), content_type=kind)
    run_batches(day=TODAY)

    assert response.status_code == 202
    assert client.get(response["Location"]).json()["encoding"] == "xlsx"
    assert Citizen.objects.get().full_name == "Trần Thị Lan"


def test_the_same_file_again_is_answered_with_what_stands(client: Client) -> None:
    first = send(client, headers={"Idempotency-Key": "a"})
    again = send(client, headers={"Idempotency-Key": "a"})
    run_batches(day=TODAY)
    late = send(client, headers={"Idempotency-Key": "b"})

    assert [one.status_code for one in (first, again, late)] == [202, 200, 200]
    assert {one["Location"] for one in (first, again, late)} == {first["Location"]}
    assert late.json()["state"] == "done"
    assert Batch.objects.count() == 1


def test_a_key_stands_for_one_file(client: Client) -> None:
    send(client, headers={"Idempotency-Key": "a"})

    other = send(client, csv_of(person()), headers={"Idempotency-Key": "a"})

    assert (other.status_code, other["Content-Type"]) == (409, PROBLEM)
    assert Batch.objects.count() == 1


def test_another_import_of_the_register_is_no_error(client: Client) -> None:
    assert send(client).status_code == 202
    assert send(client, csv_of(person())).status_code == 202
    assert run_batches(day=TODAY) == 2


def test_what_changes_much_waits_for_a_word(client: Client) -> None:
    take_over(*people(5), as_of=TODAY.replace(day=1))
    content = csv_of(*people(5, current_address="Nơi khác"))
    first = send(client, content)
    run_batches(day=TODAY)
    said = client.get(first["Location"]).json()
    assert (said["state"], said["reasons"][0]["code"]) == ("held", "changes_much")

    send(client, content, "?confirmed=true")
    run_batches(day=TODAY)

    assert client.get(first["Location"]).json()["counts"]["changed"] == 5


def test_errors_are_fetched_mended_and_sent_again(client: Client, steward: User) -> None:
    take_over(minh(), as_of=TODAY.replace(day=1))
    send(client, csv_of(person(), minh(full_name="Lê Văn 2", phone="0505550199")))
    run_batches(day=TODAY)
    batch = Batch.objects.latest("pk")
    said = client.get(address(batch)).content.decode()
    assert not any(form in said for form in (LAN, MINH, "Lê Văn 2", *phone_forms(PHONE)))

    response = client.get(address(batch, "batch_errors"))
    text = b"".join(response).decode()

    assert MINH in text
    look = AccessLog.objects.latest("pk")
    assert (look.actor, look.page) == (steward, "api:batch_errors")
    assert look.subject_ids == [Citizen.objects.get(full_name="Lê Văn Minh").pk]
    send(client, text.replace("Lê Văn 2", "Lê Văn Minh").encode(), "?confirmed=true")
    run_batches(day=TODAY)
    again = Batch.objects.latest("pk")
    assert (again.state, again.rejected_count) == (BatchState.DONE, 0)


def test_registers_with_figures_and_formats(client: Client) -> None:
    take_over(person(phone="0505550199"), minh())

    response = client.get(REGISTERS)

    (npd,) = [one for one in response.json()["registers"] if one["code"] == "NPD"]
    assert (npd["as_of"], npd["age_days"], npd["is_fresh"]) == (TODAY.isoformat(), 0, True)
    table = npd["tables"][0]
    assert (table["table"], table["held"]) == ("person", 2)
    phone = next(one for one in table["completeness"] if one["column"] == "phone")
    assert (phone["numerator"], phone["denominator"]) == (1, 2)
    assert table["columns"][0]["is_required"]
    said = response.content.decode()
    assert not any(form in said for form in (LAN, MINH, "Lê Văn Minh", *phone_forms(PHONE)))


# --------------------------------------------------------------- errors
def _is_problem(response: Any, status: int) -> Any:
    assert (response.status_code, response["Content-Type"]) == (status, PROBLEM)
    said = response.json()
    assert said["status"] == status
    for name in ("title", "detail"):
        assert said[name]
        assert said[f"{name}_en"]
        assert said[name] != said[f"{name}_en"]
    return said


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"MZ\x90\x00" + b"\x00" * 100, "executable"),
        (b"<html></html>", "markup"),
        (bytes.fromhex("d0cf11e0a1b11ae1"), "legacy_excel"),
        (b"a,b\n1,2\n", "headings"),
    ],
)
def test_what_is_no_extract_is_refused_with_reasons(
    client: Client, content: bytes, code: str
) -> None:
    said = _is_problem(send(client, content), 422)

    assert code in [reason["code"] for reason in said["reasons"]]
    assert all(reason["vi"] and reason["en"] for reason in said["reasons"])
    assert not Batch.objects.exists()


def test_a_form_without_a_file_is_refused(client: Client) -> None:
    said = _is_problem(client.post(BATCHES, {"as_of": "2026-11-20"}), 422)

    assert said["reasons"][0]["code"] == "no_file"


@pytest.mark.parametrize(("as_of", "status"), [("20/11/2026", 400), ("2027-01-01", 422)])
def test_a_day_that_cannot_be_is_refused(client: Client, as_of: str, status: int) -> None:
    said = _is_problem(send(client, PEOPLE, f"?as_of={as_of}"), status)

    assert said["reasons"][0]["code"] == "as_of"


def test_a_huge_file_is_refused(client: Client, settings: Settings) -> None:
    settings.IMPORT_MOST_BYTES = 100
    assert _is_problem(send(client, PEOPLE), 413)["reasons"][0]["code"] == "too_large"

    _is_problem(send(client, b"x" * (2 << 20)), 413)
    assert list(vault.stored_names()) == []


def test_other_content_is_not_taken(client: Client) -> None:
    response = client.post(BATCHES, b"{}", content_type="application/json")

    _is_problem(response, 415)


def test_what_is_not_there_is_not_found(client: Client) -> None:
    batch = take_over(person())

    _is_problem(client.get("/api/v1/nothing"), 404)
    _is_problem(client.post("/api/", b"", content_type="text/csv"), 404)
    _is_problem(client.post(f"{REGISTERS}/NOPE/batches", PEOPLE, content_type="text/csv"), 404)
    _is_problem(client.get(address(batch).replace("NPD", "GPLX")), 404)
    _is_problem(client.get(address(batch, "batch_errors").replace("NPD", "GPLX")), 404)
    _is_problem(client.put(BATCHES), 405)


# --------------------------------------------------------------- who may
def test_nobody_is_told_anything_without_a_session(steward: User) -> None:
    batch = take_over(person())
    visitor = Client()

    for response in (
        visitor.get(REGISTERS),
        send(visitor, csv_of(minh())),
        visitor.get(address(batch)),
        visitor.get(address(batch, "batch_errors")),
    ):
        _is_problem(response, 401)
        assert response["WWW-Authenticate"] == "Session"
    assert Batch.objects.get() == batch


@pytest.mark.parametrize(
    ("role", "unit", "sees", "imports"),
    [
        (Role.DATA_STEWARD, "48", True, True),
        (Role.OPERATOR, "48", True, True),
        (Role.HEAD_OF_UNIT, "48", True, False),
        (Role.DATA_STEWARD, WARD, True, False),
        (Role.CASE_OFFICER, "48", False, False),
        (Role.AUDITOR, "48", False, False),
    ],
)
def test_roles(role: Role, unit: str, sees: bool, imports: bool) -> None:
    batch = take_over(person())
    client = session_of(official(role, unit))

    assert client.get(REGISTERS).status_code == (200 if sees else 403)
    assert client.get(address(batch)).status_code == (200 if imports else 403)
    assert client.get(address(batch, "batch_errors")).status_code == (200 if imports else 403)
    assert send(client).status_code == (202 if imports else 403)


def test_a_citizen_has_no_business_here() -> None:
    _is_problem(session_of(UserFactory()).get(REGISTERS), 403)


def test_the_second_factor_is_asked_for_here_too(client: Client, settings: Settings) -> None:
    settings.OFFICE_REQUIRES_MFA = True

    _is_problem(client.get(REGISTERS), 403)


@pytest.mark.parametrize("kind", ["raw", "form"])
def test_without_the_token_nothing_is_taken(steward: User, kind: str) -> None:
    strict = session_of(steward, enforce_csrf_checks=True)
    form = {"file": io.BytesIO(PEOPLE)}

    response = send(strict) if kind == "raw" else strict.post(BATCHES, form)

    _is_problem(response, 403)
    assert not Batch.objects.exists()

    strict.get("/accounts/login/")
    strict.get(reverse("admin:office_register", args=["NPD"]))
    token = strict.cookies["csrftoken"].value
    assert send(strict, headers={"X-CSRFToken": token}).status_code == 202


@pytest.mark.parametrize("pattern", pages, ids=lambda pattern: pattern.name)
def test_every_address_says_who_may_use_it(pattern: URLPattern) -> None:
    view = pattern.callback.cls  # type: ignore[attr-defined]

    assert view.audience in ("public", "citizen", "official")
    if view.audience == "official":
        assert view.permission_classes
