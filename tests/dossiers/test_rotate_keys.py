"""One key after another: every encrypted column, at any moment, without stopping the portal."""

from __future__ import annotations

import base64
import os
import signal
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import BinaryField
from pytest_django import Settings

from citizens.models import (
    Agency,
    Citizen,
    CitizenSensitive,
    ContactPoint,
    DataRequest,
    Discrepancy,
    Rejection,
)
from dossiers.models import BundleCase, Draft
from dossiers.services.rotate_keys import BATCH, remaining, rotate_keys, swap, values_by_key
from dossiers.services.sealed_columns import SEALED, SealedColumn
from notifications.models import DemoDelivery, InboundMessage, Message, ZaloToken
from portal.common import clock
from portal.common.crypto import ring, seal_json, unseal
from portal.common.errors import SealError
from tests.factories.citizens import (
    AgencyFactory,
    BatchFactory,
    CitizenFactory,
    ContactPointFactory,
    CredentialFactory,
    PartyFactory,
    UserFactory,
)
from tests.factories.dossiers import DossierFactory
from tests.factories.notifications import MessageFactory
from tests.factories.procedures import BundleFactory
from tests.shelf import put_texts

PROJECT = Path(__file__).resolve().parent.parent.parent
NEW = "2:" + base64.b64encode(bytes(range(32))).decode()


def a_value_in_every_column() -> None:
    """Store at least one encrypted value in each column."""
    put_texts()
    citizen, office = CitizenFactory(), AgencyFactory()
    user = UserFactory(citizen=citizen)
    ContactPointFactory(party=citizen.party)
    CredentialFactory(holder=citizen)
    for person in (citizen, CitizenFactory(newborn=True)):
        body = CitizenSensitive.seal_body(person.seal_identity, {"ethnicity": "Cơ Tu"})
        CitizenSensitive.objects.create(citizen=person, body_enc=body, as_of=clock.today())
    batch = BatchFactory()
    Rejection.objects.create(
        batch=batch, line=7, column="", code="x", row_enc=Rejection.seal_row(batch, 7, ["a"])
    )
    _cases(citizen, office, user)
    secret = {"table": "notifications_message", "column": "secret_params_enc"}
    message = MessageFactory()
    sealed = seal_json({"code": "123456"}, identity=message.public_id.bytes, **secret)
    Message.objects.filter(pk=message.pk).update(secret_params_enc=sealed)
    written = InboundMessage(channel="sms", key="1", sender_index=b"s" * 32, public_id=uuid4())
    written.seal(sender="+84500000009", body="Đồng ý")
    written.save()
    DemoDelivery.received(reference="r", address="+84500000009", body="Xin chào").save()
    token = ZaloToken(app_id="1", begun_with=b"b" * 32)
    token.access_enc, token.refresh_enc = (
        token.seal("access_enc", "a"),
        token.seal("refresh_enc", "r"),
    )
    token.save()
    dossier = DossierFactory(owner_citizen=citizen, fields={"reason": "Mất"})
    draft = Draft(
        procedure_version=dossier.procedure_version,
        owner=citizen.party,
        applicant=citizen,
        saved_at=clock.now(),
    )
    draft.form = {"reason": "Mất"}
    draft.save()
    case = BundleCase(bundle=BundleFactory(), tracking_code="f" * 24, owner=citizen.party)
    case.form = {"1.001193": {"reason": "Mất"}}
    case.save()


def _cases(citizen: Citizen, office: Agency, user: Any) -> None:
    case = Discrepancy(
        subject=citizen.party,
        kind="contested",
        table="citizen",
        object_id=citizen.pk,
        column="full_name",
        register_id="NPD",
        owner=office,
        opened_on=clock.today(),
        due_on=clock.today(),
    )
    case.note_enc = case.seal_note("sai")
    case.save()
    request = DataRequest(
        citizen=citizen,
        requested_by=user,
        kind="access",
        owner=office,
        received_on=clock.today(),
        answer_due_on=clock.today(),
        act_due_on=clock.today(),
    )
    request.body_enc = request.seal("body_enc", "xin xem")
    request.answer_enc = request.seal("answer_enc", "đây")
    request.save()


def opened(column: SealedColumn) -> list[bytes]:
    """Return all values of a column in clear, in the order of their rows."""
    rows = column.model._default_manager.exclude(**{column.column: None}).order_by("pk")
    return [
        unseal(
            getattr(row, column.column),
            table=column.table,
            column=column.column,
            identity=column.identity(row),
        )
        for row in rows
    ]


@pytest.fixture
def two_keys(db: None, settings: Settings) -> None:
    """A value in every column under key 1, and a ring with key 2 in front of it."""
    a_value_in_every_column()
    settings.FIELD_KEYS = f"{NEW},{settings.FIELD_KEYS}"
    assert ring() == (2, 1)


def test_every_encrypted_column_is_on_the_list() -> None:
    there = {
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, BinaryField) and field.name.endswith("_enc")
    }

    assert {(column.model, column.column) for column in SEALED} == there
    assert len(SEALED) == len(there) >= 13


@pytest.mark.parametrize("column", SEALED, ids=str)
def test_a_column_comes_under_the_newest_key_and_says_the_same(
    column: SealedColumn, two_keys: None, settings: Settings
) -> None:
    before = opened(column)
    assert before
    assert set(values_by_key(column)) == {1}

    (done,) = rotate_keys(columns=[column])

    assert (done.written, done.raced, done.unreadable) == (len(before), 0, 0)
    assert values_by_key(column) == {2: len(before)}
    settings.FIELD_KEYS = NEW
    assert opened(column) == before


def test_a_second_run_writes_nothing(two_keys: None) -> None:
    assert sum(done.written for done in rotate_keys()) == sum(
        sum(values_by_key(column).values()) for column in SEALED
    )
    assert remaining() == {1: 0}

    assert sum(done.written for done in rotate_keys()) == 0


def _limit() -> str:
    with connection.connection.cursor() as aside:
        aside.execute("SHOW statement_timeout")
        return str(aside.fetchone()[0])


def test_counting_and_reading_whole_tables_may_take_its_time(two_keys: None) -> None:
    limits = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith("SELECT"):
            limits.append(_limit())
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        rotate_keys()
        remaining()

    assert len(limits) >= 2 * len(SEALED)
    assert set(limits) == {"0"}


@pytest.mark.django_db(transaction=True)
def test_afterwards_the_limits_of_a_page_hold_again() -> None:
    remaining()

    connection.ensure_connection()
    assert _limit() == "30s"


def test_what_somebody_changed_meanwhile_is_left_alone(two_keys: None) -> None:
    column = next(column for column in SEALED if column.model is ContactPoint)
    point = ContactPoint.objects.first()
    assert point is not None
    read = bytes(point.value_enc)
    fresh = ContactPoint.seal_value(point.channel, point.value)
    ContactPoint.objects.filter(pk=point.pk).update(value_enc=fresh)

    assert swap(column, [(point.pk, read, b"late")]) == 0

    point.refresh_from_db()
    assert bytes(point.value_enc) == fresh


def test_the_command_says_which_key_may_leave(two_keys: None) -> None:
    counted, said = StringIO(), StringIO()

    call_command("rotate_keys", "--dry-run", stdout=counted)
    assert "dossiers_dossier.form_enc                  1 under key 1" in counted.getvalue()
    assert remaining()[1] > 0

    call_command("rotate_keys", stdout=said)
    assert "Newest key: 2. Older keys in FIELD_KEYS: 1." in said.getvalue()
    assert "Key 1: 0 values. It may leave FIELD_KEYS." in said.getvalue()


def test_a_value_that_does_not_open_keeps_its_key_in_the_ring(two_keys: None) -> None:
    point = ContactPoint.objects.first()
    assert point is not None
    altered = bytes(point.value_enc)[:-1] + bytes([bytes(point.value_enc)[-1] ^ 1])
    ContactPoint.objects.filter(pk=point.pk).update(value_enc=altered)
    said = StringIO()

    with pytest.raises(CommandError, match="key 1: 1 values"):
        call_command("rotate_keys", stdout=said)

    assert "1 DO NOT OPEN" in said.getvalue()
    point.refresh_from_db()
    with pytest.raises(SealError):
        _ = point.value


def test_a_key_that_is_gone_is_named(two_keys: None, settings: Settings) -> None:
    settings.FIELD_KEYS = NEW

    with pytest.raises(CommandError, match=r"key 1: \d+ values"):
        call_command("rotate_keys", stdout=StringIO())


@pytest.mark.fault
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_run_that_was_killed_is_taken_up(settings: Settings) -> None:
    # Given many values under the old key
    party, count = PartyFactory(), 40 * BATCH
    numbers = [f"+8450{number:07d}" for number in range(count)]
    ContactPoint.objects.bulk_create(
        ContactPoint(
            party=party,
            channel="sms",
            value_index=ContactPoint.index_of("sms", number),
            value_enc=ContactPoint.seal_value("sms", number),
            public_id=uuid4(),
        )
        for number in numbers
    )
    settings.FIELD_KEYS = f"{NEW},{settings.FIELD_KEYS}"
    column = next(column for column in SEALED if column.model is ContactPoint)

    # When two runs are killed on their way
    for _ in range(2):
        before = values_by_key(column).get(2, 0)
        running = _start(settings.FIELD_KEYS)
        while values_by_key(column).get(2, 0) < before + 3 * BATCH and running.poll() is None:
            time.sleep(0.005)
        running.send_signal(signal.SIGKILL)
        assert running.wait() == -signal.SIGKILL
    written = values_by_key(column)
    assert 0 < written[2] < count

    # Then another one does the rest, and every value is what it was
    assert _start(settings.FIELD_KEYS).wait() == 0
    assert values_by_key(column) == {2: count}
    settings.FIELD_KEYS = NEW
    assert [point.value for point in ContactPoint.objects.order_by("pk")] == numbers


def _start(keys: str) -> subprocess.Popen[bytes]:
    database = connection.settings_dict
    url = f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}"
    environment = os.environ | {
        "PORTAL_MODE": "demo",
        "DJANGO_SETTINGS_MODULE": "portal.settings.demo",
        "DATABASE_URL": url,
        "FIELD_KEYS": keys,
    }
    command = [sys.executable, "manage.py", "rotate_keys"]
    return subprocess.Popen(  # noqa: S603
        command, cwd=PROJECT, env=environment, stdout=subprocess.DEVNULL
    )
