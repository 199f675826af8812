"""What a thief of a dump holds: no personal number and no phone of anybody, in no disguise."""

from __future__ import annotations

import base64
import secrets
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.test import Client

from citizens.enums import ContactChannel
from citizens.models import Citizen, ContactPoint, Rejection, User
from dossiers.models import Dossier
from notifications.dispatch import Dispatcher
from notifications.models import DemoDelivery
from notifications.transports.registry import open_transports
from portal.common import clock
from portal.common.clock import CIVIL_ZONE
from portal.demo.generating import generate
from portal.postgres_runner import postgres_binaries
from procedures.models import Suggestion
from procedures.services.scan import scan_day
from tests.canaries import disguises, found_in, phone_forms
from tests.citizens.importing.scene import LAN, MINH, bring, licence, minh, person

MORNING = datetime(2026, 11, 20, 9, tzinfo=CIVIL_ZONE)
TYPED = "0509990001"  # a phone that somebody types into a form


@pytest.fixture
def morning() -> Iterator[None]:
    with time_machine.travel(MORNING, tick=True):
        yield


def deliver(folder: Path) -> set[str]:
    """Import rows of two registers, good, bad and contradicting ones; return what they name."""
    people = [
        person(phone="0509990011"),
        minh(phone="0509990012", spouse_pin=LAN),
        person("99918500000X", phone="0509990013"),
        person("999185000007", phone="0509990014", birth_date="31/02/1985"),
    ]
    done = bring(folder, "NPD.person", *people)
    assert done.batch.rejected_count == 2
    bring(folder, "NPD.person", person(full_name="Trần Thị Lành", as_of="", phone="0509990015"))
    papers = licence("999777000001"), licence("999777000002", "999185009999")
    unknown = bring(folder, "GPLX.licence", *papers)
    assert unknown.batch.rejected_count == 1
    assert Rejection.objects.count() >= 3
    phones = {form for row in people for form in phone_forms("+84" + row["phone"][1:])}
    return phones | {LAN, MINH, "99918500000X", "999185000007", "999185009999"}


def live() -> None:
    """Load people, let the night pass, send the messages, and file a dossier with one press."""
    generate(citizens=300, seed=1, on=clock.today(), progress=lambda _what, _count: None)
    scan_day(on_date=clock.today())
    Dispatcher(open_transports()).run(until_empty=True)
    client = Client()
    lan = User.objects.get(username="lan")
    client.force_login(lan, backend="django.contrib.auth.backends.ModelBackend")
    before = Dossier.objects.count()
    for suggestion in Suggestion.objects.waiting().filter(subject=lan.citizen_id):
        page = f"/my/suggestions/{suggestion.public_id}/"
        client.post(page, {"delivery": "Trực tiếp", "phone": TYPED})
    assert Dossier.objects.count() > before
    assert DemoDelivery.objects.exists()


def dump() -> bytes:
    """Return what pg_dump of the embedded servers writes of the test's database.

    Sounds are left out: they are everybody's, and among their hundred thousands of hexadecimal
    digits ten stand in a row by chance that somebody has for a number.
    """
    database = connection.settings_dict
    command = [postgres_binaries() / "pg_dump", "--no-password", "--dbname", database["NAME"]]
    command += ["--exclude-table-data", "procedures_recordingpiece"]
    command += ["--host", database["HOST"], "--username", database["USER"]]
    command += ["--port", database["PORT"]] if database["PORT"] else []
    done = subprocess.run(command, check=True, capture_output=True, timeout=300)  # noqa: S603
    return done.stdout


def numbers_of_everybody() -> tuple[set[str], set[str]]:
    """Return all personal numbers and all phones."""
    pins = {person.pin for person in Citizen.objects.exclude(pin_index=None)}
    phones = {point.value for point in ContactPoint.objects.filter(channel=ContactChannel.SMS)}
    return {pin for pin in pins if pin}, phones


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_dump_names_no_number_and_no_phone(morning: None, tmp_path: Path) -> None:
    live()
    delivered = deliver(tmp_path)

    written = dump()

    pins, phones = numbers_of_everybody()
    assert len(pins) > 250
    assert len(phones) > 100
    assert User.objects.get(username="lan").display_name.encode() in written
    forms = pins | {form for phone in phones for form in phone_forms(phone)}
    forms |= phone_forms("+84" + TYPED[1:]) | delivered
    needles = {shape for form in forms for shape in disguises(form)}
    assert sorted(set(found_in(written, needles))) == []
    # And the look would see them
    planted = secrets.choice(sorted(needles))
    assert planted in set(found_in(written + b" " + planted + b" ", needles))


@pytest.mark.parametrize(
    "hidden",
    [
        "{}",
        "x{}y",
        "\\\\x{hex}",
        "{base64}",
        "{base64_1}",
        "{base64_2}",
        "{url}",
    ],
)
def test_a_number_is_found_in_every_disguise(hidden: str) -> None:
    number = "999156000017"
    text = hidden.format(
        number,
        hex=number.encode().hex(),
        base64=base64.b64encode(f"{number} and more".encode()).decode(),
        base64_1=base64.b64encode(f"a{number}?".encode()).decode(),
        base64_2=base64.b64encode(f'{{"pin":"{number}"}}'.encode()).decode(),
        url=base64.urlsafe_b64encode(f"ab{number}".encode()).decode(),
    )

    assert list(found_in(text.encode(), disguises(number)))
    assert not list(found_in(text.encode(), disguises("999156100017")))
