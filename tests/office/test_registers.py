"""The desk of base registers: figures for some, deliveries for who answers for the province."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from citizens.enums import BatchState, Role
from citizens.models import Batch, Citizen, User
from citizens.registers import vault
from citizens.registers.live import teller
from citizens.registers.tries import MOST_TRIES
from citizens.services.run_batches import run_batches
from tests.citizens.importing.scene import TODAY, WARD, minh, person
from tests.citizens.receiving import csv_of, people, staging_fails, take_over
from tests.office.delivering import LIST, a_working_day, official, page, register, send, text_of
from tests.office.places import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _scene(settings: Settings, tmp_path: Path) -> Iterator[None]:
    with a_working_day(settings, tmp_path):
        yield


@pytest.fixture
def steward() -> User:
    return official(Role.DATA_STEWARD)


@pytest.fixture
def client(steward: User) -> Client:
    return signed_in(steward)


# --------------------------------------------------------------- who may
SEES = {Role.DATA_STEWARD, Role.OPERATOR, Role.ADMINISTRATOR, Role.HEAD_OF_UNIT}


@pytest.mark.parametrize("role", Role)
def test_who_sees_the_registers(role: Role) -> None:
    client = signed_in(official(role))

    assert client.get(reverse(LIST)).status_code == (200 if role in SEES else 403)
    assert client.get(register()).status_code == (200 if role in SEES else 403)
    assert client.get(reverse("admin:office_registers_file")).status_code == (
        200 if role in SEES else 403
    )


@pytest.mark.parametrize(
    ("role", "unit", "may"),
    [
        (Role.DATA_STEWARD, "48", True),
        (Role.OPERATOR, "48", True),
        (Role.ADMINISTRATOR, "48", True),
        (Role.HEAD_OF_UNIT, "48", False),
        (Role.CASE_OFFICER, "48", False),
        (Role.DATA_STEWARD, WARD, False),
        (Role.ADMINISTRATOR, WARD, False),
    ],
)
def test_who_brings_deliveries_in_and_opens_them(role: Role, unit: str, may: bool) -> None:
    batch = take_over(person("123", full_name="Trần Thị Kín"), person())
    client = signed_in(official(role, unit))
    pages = [page(batch), page(batch, "office_batch_progress"), page(batch, "office_batch_errors")]

    assert {client.get(address).status_code for address in pages} == {200 if may else 403}
    posts = {
        page(batch, "office_batch_row"): {"line": "2"},
        page(batch, "office_batch_word"): {"word": "aside"},
    }
    assert {client.post(at, data).status_code == 403 for at, data in posts.items()} == {not may}
    assert (send(client, csv_of(minh())).status_code == 302) == may
    assert Batch.objects.filter(state=BatchState.RECEIVED).exists() == may
    if not may and role in SEES:
        shown = client.get(register()).content.decode()
        assert "multipart" not in shown
        assert batch.source not in shown


def test_whoever_has_not_signed_in_is_led_to_the_door(client: Client) -> None:
    batch = take_over(person())

    for address in (reverse(LIST), register(), page(batch), page(batch, "office_batch_errors")):
        assert Client().get(address).status_code == 302


def test_a_form_without_its_token_is_refused_and_nothing_is_kept(steward: User) -> None:
    batch = take_over(person(), is_rehearsal=True)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(steward, backend="django.contrib.auth.backends.ModelBackend")

    assert send(strict, csv_of(minh())).status_code == 403
    for name, data in (
        ("office_batch_word", {"word": "take"}),
        ("office_batch_row", {"line": "2"}),
    ):
        assert strict.post(page(batch, name), data).status_code == 403
    assert Batch.objects.count() == 1
    assert len(list(vault.stored_names())) == 1  # of the batch that waits


# --------------------------------------------------------------- from the file to the facts
def test_from_the_form_to_the_facts(client: Client, steward: User) -> None:
    response = send(client, csv_of(person(), minh()))

    batch = Batch.objects.get()
    assert response["Location"] == page(batch)
    assert (batch.started_by, batch.source) == (steward, "nguoi-dan.csv")
    waiting = client.get(page(batch)).content.decode()
    assert 'hx-trigger="every 2s"' in waiting
    assert "Đang chờ đến lượt" in waiting

    teller(batch.pk, is_rehearsal=True)("reading", 1234)
    checked = client.get(page(batch, "office_batch_progress")).content.decode()
    assert "dòng 1.234" in checked
    assert "Đang kiểm tra trước" in checked

    run_batches(day=TODAY)
    done = client.get(page(batch, "office_batch_progress")).content.decode()
    assert "hx-trigger" not in done
    assert "Mọi dòng đều đã được nhập" in done
    assert Citizen.objects.count() == 2


def test_a_delivery_that_fails_says_so_until_it_is_given_up(client: Client) -> None:
    send(client, csv_of(person()))
    batch = Batch.objects.get()

    for tries in range(1, MOST_TRIES + 1):
        with connection.execute_wrapper(staging_fails):
            run_batches(day=TODAY)
        for address in (page(batch, "office_batch_progress"), register()):
            told = client.get(address).content.decode()
            assert f"Lần thử {tries}/{MOST_TRIES} không thành" in told
            assert "Đang chờ đến lượt" not in told

    run_batches(day=TODAY)
    assert "Lần thử" not in client.get(page(batch)).content.decode()


def test_what_a_command_imports_just_now_is_not_taken_a_second_time(client: Client) -> None:
    content = csv_of(person())
    send(client, content)
    Batch.objects.update(state=BatchState.READING, stored_as="")
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, hashtext('NPD'))", [0x1A9047])
            refused = send(client, content)
            cursor.execute("SELECT pg_advisory_unlock_all()")
    finally:
        other.close()

    assert refused.status_code == 422
    assert "đang được nhập bởi một lượt khác" in refused.content.decode()


def test_a_trial_is_confirmed_or_set_aside(client: Client) -> None:
    send(client, csv_of(person()), is_rehearsal="on")
    batch = Batch.objects.get()
    run_batches(day=TODAY)

    shown = client.get(page(batch)).content.decode()
    assert "Mới chạy thử" in shown
    assert "Nhập: 1 mới, 0 thay đổi" in shown
    assert page(batch) in client.get(reverse(LIST)).content.decode()

    client.post(page(batch, "office_batch_word"), {"word": "take"})
    run_batches(day=TODAY)
    batch.refresh_from_db()
    assert (batch.state, Citizen.objects.count()) == (BatchState.DONE, 1)

    again = client.post(page(batch, "office_batch_word"), {"word": "aside"}, follow=True)
    assert "không còn chờ quyết định" in again.content.decode()


def test_what_changes_much_waits_and_says_how_much(client: Client) -> None:
    take_over(*people(10), as_of=TODAY - timedelta(days=1))
    send(client, csv_of(*people(5, current_address="Nơi khác")))
    run_batches(day=TODAY)
    batch = Batch.objects.latest("pk")

    shown = client.get(page(batch)).content.decode()

    assert "thay đổi 5 trong 10 dữ liệu đang lưu (50 %)" in shown
    client.post(page(batch, "office_batch_word"), {"word": "aside"})
    batch.refresh_from_db()
    assert batch.state == BatchState.REFUSED
    assert not Citizen.objects.filter(current_address="Nơi khác").exists()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "tệp rỗng"),
        (b"MZ\x90\x00" + b"\x00" * 100, "tệp chương trình"),
        (b"<html></html>", "HTML"),
        (bytes.fromhex("d0cf11e0a1b11ae1"), ".xls"),
        (b"a,b\n1,2\n", "thiếu các cột"),
    ],
)
def test_what_is_no_extract_is_refused_on_the_form(
    client: Client, content: bytes, reason: str
) -> None:
    response = send(client, content)

    assert response.status_code == 422
    assert reason in response.content.decode()
    assert not Batch.objects.exists()


def test_a_huge_file_is_refused_before_it_is_read(client: Client, settings: Settings) -> None:
    settings.IMPORT_MOST_BYTES = 1000

    response = send(client, b"x" * (2 << 20))

    assert response.status_code == 413
    assert "lớn hơn" in response.content.decode()


def test_the_same_file_again_leads_to_its_batch(client: Client) -> None:
    batch = take_over(person())

    response = client.get(send(client, csv_of(person()))["Location"])

    assert "Không có gì bị nhập hai lần" in response.content.decode()
    assert Batch.objects.get() == batch


# --------------------------------------------------------------- figures
def test_figures_of_the_registers(client: Client) -> None:
    take_over(person(phone="0505550199"), minh(hometown=""), person("1"), as_of=TODAY)
    take_over(person("999185000077"), as_of=TODAY - timedelta(days=1))

    shown = client.get(reverse(LIST)).content.decode()
    rows = list(
        csv.DictReader(io.StringIO(text_of(client.get(reverse("admin:office_registers_file")))[1:]))
    )

    assert "của hôm nay" in shown
    assert "13 cơ sở dữ liệu chưa nhập lần nào" in shown
    measured = {
        row["chỉ tiêu"]: (row["tử số"], row["mẫu số"])
        for row in rows
        if (row["cơ sở dữ liệu gốc"], row["bảng"]) == ("NPD", "person")
    }
    assert measured["Số điện thoại"] == ("1", "3")
    assert measured["Quê quán"] == ("2", "3")
    one = client.get(register()).content.decode()
    assert "1 / 3" in one
    assert "người đang sống" in one


def test_a_register_that_was_silent_too_long_is_out_of_date(client: Client) -> None:
    take_over(person(), as_of=TODAY - timedelta(days=8))

    assert "đã cũ, 8 ngày" in client.get(reverse(LIST)).content.decode()
    assert "1 cơ sở dữ liệu đã cũ" in client.get(reverse(LIST)).content.decode()


def test_the_list_asks_as_much_however_many_batches_there_are(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    take_over(person())
    client.get(reverse(LIST))  # counts what is remembered from now on

    with django_assert_max_num_queries(16):
        client.get(reverse(LIST))


# --------------------------------------------------------------- formats
def test_a_template_is_handed_out(client: Client) -> None:
    address = reverse("admin:office_register_template", args=["GPLX", "licence"])

    response = client.get(address)

    assert response["Content-Disposition"] == 'attachment; filename="GPLX.licence.csv"'
    headings, example = csv.reader(io.StringIO(text_of(response).removeprefix("\ufeff")))
    assert headings[:2] == ["Số định danh cá nhân", "Họ và tên"]
    assert example[:2] == ["000000000000", "Trần Thị Lan"]


def test_every_column_is_explained_in_both_languages(client: Client) -> None:
    assert "12 chữ số" in client.get(register()).content.decode()

    english = client.get(register("GPLX"), headers={"accept-language": "en"}).content.decode()

    assert "a day, as 31/01/2026" in english
    assert "A1, A, B1, B" in english


def test_what_is_not_there_is_not_found(client: Client) -> None:
    assert client.get(register("NOPE")).status_code == 404
    address = reverse("admin:office_register_template", args=["NPD", "licence"])
    assert client.get(address).status_code == 404
    nowhere = reverse("admin:office_batch", args=["00000000-0000-4000-8000-000000000000"])
    assert client.get(nowhere).status_code == 404
    assert client.get(register(), {"mended": "no-uuid"}).status_code == 200


def test_what_is_wrong_is_said_of_the_columns_as_the_table_calls_them(client: Client) -> None:
    batch = take_over(person("123", full_name="Trần Thị Kín"), person())

    shown = client.get(page(batch)).content.decode()

    assert ">Số định danh cá nhân</td>" in shown
    assert ">pin</td>" not in shown
