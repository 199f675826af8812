"""Every address against its own schema: what fits it and what does not, with one's ids and others'.

Requests go through WSGI into the real database, in the application's role, under row security.
`make storms` asks hundreds of times an address; every other run takes a few of each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from django.conf import settings as configured
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.middleware.csrf import _get_new_csrf_string
from django.test import Client
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as sized
from hypothesis.errors import Unsatisfiable
from pytest_django import Settings
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from tests.api.owned import begun_and_kept, ids_of
from tests.sizes import of_storms
from tests.web.scene import Scene, badges, stranger

MODES = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)
SIGNALS = (request_started, request_finished)
CASES = sized(
    max_examples=of_storms(2, 200),
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
# A cursor that fits the schema need not be one that we gave, and a fitting write may come too late;
# that nobody is answered without a session is asked of every address in test_citizens.
BESIDES = [positive_data_acceptance, ignored_auth]
schemathesis.serializer.alias(["application/pdf", "image/jpeg"], "application/octet-stream")
schemathesis.serializer.alias("image/png", "application/octet-stream")
Asked = Callable[[Any, dict[str, str], dict[str, str]], None]


@pytest.fixture
def owned(scene: Scene, settings: Settings) -> Iterator[dict[str, str]]:
    """Ids of what Mrs Lan has of each kind that addresses name; requests share the connection."""
    settings.API_MOST_A_MINUTE = 1_000_000
    begun_and_kept(scene)
    scene.client.post(scene.page, {"delivery": "Trực tiếp"})
    (scene.suggestion,) = badges(scene.lan, 1)
    rows = ids_of(scene)
    for signal in SIGNALS:
        signal.disconnect(close_old_connections)
    yield {kind: str(row.public_id) for kind, row in rows.items()}
    for signal in SIGNALS:
        signal.connect(close_old_connections)


def from_somewhere() -> Callable[..., Any]:
    """Return the application behind a server that tells where a request comes from."""
    below = get_wsgi_application()
    return lambda told, start: below({**told, "REMOTE_ADDR": "203.0.113.7"}, start)


def ask_everywhere(client: Client, ids: dict[str, str], asked: Asked) -> int:
    """Ask every operation as who is signed in; each request is undone, so all find the same."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", from_somewhere())
    token, name = _get_new_csrf_string(), configured.SESSION_COOKIE_NAME
    cookies = {name: client.cookies[name].value, configured.CSRF_COOKIE_NAME: token}
    count = 0
    every: Iterator[Any] = schema.get_all_operations()
    for found in every:
        operation = found.ok()
        own = ids.get(operation.path.split("/")[2]) if "{public_id}" in operation.path else None
        given_ids: dict[str, Any] = {"path_parameters": {"public_id": own}} if own else {}
        for mode in MODES:

            @CASES
            @given(case=operation.as_strategy(mode, cookies=cookies, **given_ids))
            def request(case: Any) -> None:
                nonlocal count
                count += 1
                with transaction.atomic():
                    asked(case, {"X-CSRFToken": token}, cookies)
                    transaction.set_rollback(True)

            with suppress(Unsatisfiable):  # where nothing is asked, nothing can be asked wrongly
                request()
    return count


def test_every_address_keeps_its_word(scene: Scene, owned: dict[str, str]) -> None:
    broken: dict[tuple[str, str], str] = {}

    def validated(case: Any, headers: dict[str, str], cookies: dict[str, str]) -> None:
        try:
            case.call_and_validate(headers=headers, cookies=cookies, excluded_checks=BESIDES)
        except FailureGroup as failures:
            for one in failures.exceptions:
                told = f"{one} {case.as_curl_command()}"
                broken.setdefault((case.operation.label, type(one).__name__), told)

    count = ask_everywhere(scene.client, owned, validated)

    assert not broken, "\n".join(f"{key}: {told}" for key, told in broken.items())
    assert count > 50


def test_ids_of_others_lead_nowhere(scene: Scene, owned: dict[str, str]) -> None:
    _citizen, client = stranger()
    canaries = (scene.lan.full_name, scene.lan.dossiers.get().code, *owned.values())
    seen: set[int] = set()

    def refused(case: Any, headers: dict[str, str], cookies: dict[str, str]) -> None:
        answer = case.call(headers=headers, cookies=cookies)
        told = answer.content.decode()
        assert not [one for one in canaries if one in told], case.as_curl_command()
        assert answer.status_code < 500
        if set(case.path_parameters.values()) & set(owned.values()):
            assert answer.status_code >= 400, case.as_curl_command()
            seen.add(answer.status_code)

    ask_everywhere(client, owned, refused)

    assert 404 in seen
