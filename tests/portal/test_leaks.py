"""F46: a day of the portal, and nothing personal in logs, addresses, caches, queues or errors."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from inspect import signature
from typing import Any
from urllib.parse import quote

import pytest
import redis
import structlog
import time_machine
from celery.signals import before_task_publish
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, path, reverse

from citizens.enums import ContactChannel, Role, ViewPurpose
from citizens.models import Citizen, CitizenSensitive, RegisterRecord, Unit, User
from citizens.tasks import ring_for_batches
from notifications.dispatch import Dispatcher
from notifications.models import DemoDelivery, Message
from notifications.transports.registry import open_transports
from portal.celery import app
from portal.common import clock
from portal.common.clock import CIVIL_ZONE
from portal.demo.accounts import PASSWORD
from portal.demo.generating import generate
from portal.settings.logs import configure_logs
from portal.urls import handler500  # noqa: F401
from portal.urls import urlpatterns as addresses_of_the_portal
from portal.web.access import for_citizens, public
from procedures.models import Suggestion
from procedures.services.scan import scan_day
from tests.canaries import disguises, found_in, phone_forms
from tests.factories.citizens import GrantFactory, OfficialFactory
from tests.office.crawling import addresses
from tests.sizes import of_storms

MORNING = datetime(2026, 11, 20, 9, tzinfo=CIVIL_ZONE)
NAME, ADDRESS = "Hoàng Kim Tước", "Ngõ Chích Chòe 77"
SENSITIVE = {"ethnicity": "Sơn Ca Tộc", "religion": "Sơn Ca Giáo", "blood_type": "SC-AB-77"}
POOR = "Sơn Ca Nghèo"
TYPED = "0509990001"  # a phone that somebody types into a form


# ------------------------------------------------------------------------ pages that break
@for_citizens
def breaks_in_the_database(_request: HttpRequest, citizen: Citizen) -> HttpResponse:
    """Let the database refuse a row, which it quotes: name, address and all."""
    from portal.common.row_security import with_application_rights

    with with_application_rights():
        Citizen.objects.filter(pk=citizen.pk).update(died_on="1800-01-01")
    return HttpResponse()


@public
def breaks_in_words(request: HttpRequest) -> HttpResponse:
    """Raise what a careless line of code could say."""
    number = request.session.get("number", TYPED)
    raise ValueError(f"nobody has the number {number}")


urlpatterns: list[URLPattern | URLResolver] = [
    path("breaks/database/", breaks_in_the_database),
    path("breaks/words/", breaks_in_words),
    *addresses_of_the_portal,
]
pytestmark = [pytest.mark.slow, pytest.mark.urls(__name__), pytest.mark.ignore_template_errors]


# ------------------------------------------------------------------------------ what is kept
@dataclass
class Heard:
    """Everything that leaves traces: lines of the log, addresses, task messages, error pages."""

    lines: list[str] = field(default_factory=list)
    addresses: set[str] = field(default_factory=set)
    tasks: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def page(self, response: Any) -> Any:
        """Keep the address, where it leads, the links on the page, and the page of an error."""
        self.addresses.add(response.wsgi_request.get_full_path())
        self.addresses.add(response.headers.get("Location", ""))
        if response.streaming:
            response.close()
            return response
        text = response.content.decode(errors="replace")
        self.addresses |= set(re.findall(r'(?:href|src|action|hx-get|hx-post)="([^"]*)"', text))
        if response.status_code in (400, 403, 404, 405, 500, 503):
            self.errors.append(text + str(response.headers))
        return response


class Keeping(logging.Handler):
    """Keeps what production's handler would print."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__(logging.INFO)
        self.lines = lines
        made = dict(configure_logs(readable=False)["formatters"]["lines"])
        self.setFormatter(made.pop("()")(**made))

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the line."""
        self.lines.append(self.format(record))


@pytest.fixture
def heard() -> Iterator[Heard]:
    """Listen as production logs, from INFO on."""
    kept = Heard()
    handler, root = Keeping(kept.lines), logging.getLogger()
    requests = logging.getLogger("django_structlog")
    before = root.level, requests.level

    def published(sender: str, body: Any, **_rest: Any) -> None:
        kept.tasks.append(f"{sender} {body!r}")

    root.addHandler(handler)
    root.setLevel(logging.INFO)
    requests.setLevel(logging.INFO)
    before_task_publish.connect(published)
    with time_machine.travel(MORNING, tick=True):
        yield kept
    before_task_publish.disconnect(published)
    root.removeHandler(handler)
    root.setLevel(before[0])
    requests.setLevel(before[1])
    configure_logs(readable=True, level="WARNING")


# ------------------------------------------------------------------------------- a day
def people() -> User:
    """Load a small population; every sensitive datum is a canary; return the account of Lan."""
    generate(citizens=300, seed=1, on=clock.today(), progress=lambda _what, _count: None)
    user = User.objects.get(username="lan")
    Citizen.objects.filter(pk=user.citizen_id).update(
        full_name=NAME, given_name="Tước", current_address=ADDRESS, permanent_address=ADDRESS
    )
    User.objects.filter(pk=user.pk).update(display_name=NAME)
    for row in CitizenSensitive.objects.select_related("citizen"):
        row.body_enc = CitizenSensitive.seal_body(row.citizen.seal_identity, SENSITIVE)
        row.save()
    assert RegisterRecord.objects.filter(register="POV").update(body={"status": POOR})
    user.refresh_from_db()
    return user


def the_night() -> None:
    """Scan and send."""
    scan_day(on_date=clock.today())
    ring_for_batches()
    Dispatcher(open_transports()).run(until_empty=True)


def the_citizen(heard: Heard, user: User) -> None:
    """Sign in, look at every page, file what waits, put the rest off, break something."""
    client = Client(raise_request_exception=False)
    heard.page(client.get("/accounts/login/"))
    given = {"login": user.username, "password": PASSWORD, "next": "/my/"}
    assert heard.page(client.post("/accounts/login/", given)).status_code == 302
    heard.page(client.post("/accounts/login/", given | {"password": "wrong"}))
    for start in ("/my/", "/my/papers/", "/my/inbox/", "/my/dossiers/", "/demo/phones/"):
        for link in re.findall(
            r'href="(/(?!static)[^"#]*)"', heard.page(client.get(start)).content.decode()
        ):
            heard.page(client.get(link))
    for suggestion in Suggestion.objects.waiting().filter(subject=user.citizen_id):
        page = f"/my/suggestions/{suggestion.public_id}/"
        heard.page(client.post(page, {"phone": TYPED}))
        heard.page(client.post(page, {"delivery": "Trực tiếp", "phone": TYPED}))
    assert heard.page(client.get("/breaks/database/")).status_code == 500
    assert heard.page(client.get("/breaks/words/")).status_code == 500
    assert (
        heard.page(client.get("/my/inbox/00000000-0000-4000-8000-000000000000/")).status_code > 400
    )
    for probe in ("/healthz", "/readyz", "/metrics"):
        heard.errors.append(client.get(probe).content.decode())


def the_official(heard: Heard, user: User, sensitive: set[bytes]) -> None:
    """Open every page of the desk in every role, and see a number in full.

    No list and no search says anything sensitive, in whatever role.
    """
    city = Unit.objects.get(kind="province", valid__contains=clock.today())
    official = OfficialFactory(agency__unit=city, agency__kind__key="leaks")
    for role in Role:
        GrantFactory(official=official, role=role)
    client = Client(raise_request_exception=False)
    client.force_login(official.user, backend="django.contrib.auth.backends.ModelBackend")
    lists = 0
    for address in addresses(searched="Nguyễn", rows=of_storms(1, 2), one_of=of_storms(20, 1)):
        response = client.get(address)
        shown = b"".join(response) if response.streaming else response.content
        heard.page(response)
        if is_list(address):
            assert not list(found_in(shown, sensitive)), address
            lists += response.status_code == 200
    assert lists > 60
    for page in ("admin:office_queue", "admin:citizens_citizen_changelist"):
        assert user.citizen is not None
        found = heard.page(client.post(reverse(page), {"q": user.citizen.pin or ""}))
        heard.page(client.get(found["Location"]))
    reveal = reverse("admin:citizens_citizen_reveal_phone", args=[user.citizen_id])
    shown = heard.page(client.post(reveal, {"purpose": ViewPurpose.SUPPORT}))
    assert "Trước hết" not in shown.content.decode()


def is_list(address: str) -> bool:
    """Return whether an address is not that of one row."""
    return not re.search(r"/\d+/|/[0-9a-f]{8}-", address)


def the_messages(sensitive: set[bytes]) -> None:
    """Read what was sent: none of it says anything sensitive."""
    said = [
        f"{message.params} {message.rendered} {message.thread_key}"
        for message in Message.objects.all()
    ]
    said += [delivery.body for delivery in DemoDelivery.objects.all()]
    assert len(said) > 40
    for text in said:
        assert not list(found_in(text.encode(), sensitive)), text


# ------------------------------------------------------------------------------- what is left
def kept_in_redis() -> list[bytes]:
    """Return every key and value of the broker and the cache."""
    kept: list[bytes] = []
    for url in (settings.REDIS_URL, settings.REDIS_URL.split("?")[0]):
        store = redis.Redis.from_url(url)
        for key in store.scan_iter():
            kept += [key, store.dump(key) or b""]
        store.close()
    return kept


def kept_in_cache() -> list[bytes]:
    """Return every key and value of the cache that guards."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key || ' ' || value FROM guard_cache")
        return [row[0].encode() for row in cursor.fetchall()]


def needles_of(user: User) -> set[bytes]:
    """Return what nobody may find: number, phones, name, address of Lan, and what is sensitive."""
    citizen = user.citizen
    assert citizen is not None
    assert citizen.pin
    phone = citizen.party.contact_points.get(channel=ContactChannel.SMS).value
    texts = {NAME, ADDRESS, citizen.pin, POOR, *SENSITIVE.values()}
    texts |= phone_forms(phone) | phone_forms("+84" + TYPED[1:])
    texts |= {quote(text) for text in texts} | {json.dumps(text)[1:-1] for text in texts}
    return {shape for text in texts for shape in disguises(text)}


@pytest.mark.django_db(transaction=True)
def test_a_day_leaves_nothing_personal_where_it_does_not_belong(heard: Heard) -> None:
    caches["fast"].clear()
    user = people()
    needles = needles_of(user)

    sensitive = {shape for text in (POOR, *SENSITIVE.values()) for shape in disguises(text)}

    the_night()
    the_messages(sensitive)
    the_citizen(heard, user)
    the_official(heard, user, sensitive)

    # Something was heard at all
    assert any('"code": 500' in line for line in heard.lines)
    assert any("ValueError" in line for line in heard.lines)
    assert any("SQLSTATE 23514" in line for line in heard.lines)
    assert len(heard.addresses) > 100
    assert heard.tasks
    assert heard.errors
    # And nothing of anybody
    places = {
        "logs": heard.lines,
        "addresses": heard.addresses,
        "tasks": heard.tasks,
        "errors": heard.errors,
        "redis": [text.decode("latin-1") for text in kept_in_redis()],
        "cache": [text.decode() for text in kept_in_cache()],
    }
    for place, texts in places.items():
        encoding = "latin-1" if place == "redis" else "utf-8"
        for text in texts:
            assert not list(found_in(text.encode(encoding), needles)), f"{place}: {text[:500]}"


@pytest.mark.parametrize(
    "name", sorted(name for name in app.tasks if not name.startswith("celery."))
)
def test_a_task_takes_keys_at_most(name: str) -> None:
    parameters = signature(app.tasks[name].run).parameters.values()

    assert {parameter.annotation for parameter in parameters} <= {"int", int}


@pytest.mark.parametrize("level", ["error", "exception"])
def test_what_other_packages_log_is_made_safe(level: str, heard: Heard) -> None:
    number = "999156000017"
    try:
        _ = {"": 1}[f"row {number}"]
    except KeyError:
        getattr(logging.getLogger("kombu"), level)(
            "failed: %s\nDETAIL:  Failing row contains (%s)", number, NAME
        )
        structlog.get_logger("portal").error(f"failed for {number}", exc_info=level == "exception")

    assert len(heard.lines) >= 2
    assert not [line for line in heard.lines if number in line or NAME in line]
    assert all("failed" in line for line in heard.lines[-2:])
    assert ("KeyError: 'row …'" in heard.lines[-1]) == (level == "exception")
