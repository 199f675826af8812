"""Settings by mode, each read by a fresh interpreter."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.cache import caches
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from portal.celery import app
from portal.settings import secrets as known
from portal.settings.environment import broker_url, crosses_in_clear, database

PROJECT = Path(__file__).resolve().parent.parent.parent
COMPLETE = {
    "SECRET_KEY": "s" * 60,
    "FIELD_KEYS": "1:" + base64.b64encode(b"k" * 32).decode(),
    "INDEX_KEY": "i" * 40,
    "SIGNING_KEY": base64.b64encode(b"s" * 32).decode(),
    "RECEIPT_SECRET": "r" * 40,
    "PDF_SIGNER": "pkcs12:/run/seal.p12?password_file=/run/seal.password",
    "LOG_ROOT": "/srv/log-root",
    "MEDIA_ROOT": "/srv/media",
    "ALLOWED_HOSTS": "portal.example",
    "PUBLIC_URL": "https://portal.example",
    "DATABASE_URL": "postgresql://portal@db.example/portal",
    "REDIS_URL": "redis://redis.example:6379/0",
}

VNEID = {
    "OIDC_ISSUER": "https://id.example",
    "OIDC_CLIENT_ID": "cong-dich-vu",
    "OIDC_CLIENT_SECRET": "bi-mat",
}

CHANNELS = ("SMS_URL", "APP_URL", "ZALO_URL", "EMAIL_URL", "PUSH_VAPID_KEY")


def start(**environment: str) -> subprocess.CompletedProcess[str]:
    """Import the production settings as gunicorn, Celery and every command do."""
    return subprocess.run(
        [sys.executable, "-c", "import portal.settings.production"],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(PROJECT), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("other", [{}, VNEID], ids=["alone", "with an identity provider"])
def test_production_starts_with_everything_set(other: dict[str, str]) -> None:
    done = start(**COMPLETE | other)

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("told", "counted"), [({}, "0"), ({"PROXY_COUNT": "1"}, "1")])
def test_no_proxy_is_believed_that_is_not_told_of(told: dict[str, str], counted: str) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import portal.settings.production as it; print(it.ALLAUTH_TRUSTED_PROXY_COUNT)",
        ],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(PROJECT), **COMPLETE, **told},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == counted


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        *((name, "", f"{name} ") for name in COMPLETE),
        ("SECRET_KEY", known.SECRET_KEY, "SECRET_KEY is the trial's"),
        ("FIELD_KEYS", known.FIELD_KEYS, "FIELD_KEYS is the trial's"),
        ("INDEX_KEY", known.INDEX_KEY, "INDEX_KEY is the trial's"),
        ("SIGNING_KEY", known.SIGNING_KEY, "SIGNING_KEY is the trial's"),
        (
            "SIGNING_KEY",
            f"{base64.b64encode(b's' * 32).decode()}, {known.SIGNING_KEY}",
            "SIGNING_KEY is the trial's",
        ),
        ("SIGNING_KEY", "c2hvcnQ=", "SIGNING_KEY does not begin with a key"),
        ("SIGNING_KEY", "public:" + base64.b64encode(b"s" * 32).decode(), "SIGNING_KEY does not"),
        ("SECRET_KEY", "short", "SECRET_KEY is shorter"),
        ("RECEIPT_SECRET", known.RECEIPT_SECRET, "RECEIPT_SECRET is the trial's"),
        ("RECEIPT_SECRET", "short", "RECEIPT_SECRET is shorter"),
        ("PDF_SIGNER", "test:/srv/seal", "PDF_SIGNER must begin with map:/"),
        *((name, "demo:", f"{name} is demo") for name in CHANNELS),
        ("SMS_URL", "demo+sim:?ask=yes", "SMS_URL is demo"),
        ("EMAIL_URL", "smtp://mail.example/?from=a@b.vn", "EMAIL_URL would send"),
        ("SMS_URL", "kannel+http://u:p@10.0.0.7:13013/cgi-bin/sendsms", "SMS_URL would send"),
        ("ALLOWED_HOSTS", "*", "ALLOWED_HOSTS must name"),
        ("PUBLIC_URL", "http://portal.example", "PUBLIC_URL must begin with https"),
        ("OIDC_ISSUER", "http://id.example", "OIDC_ISSUER must begin with https"),
        ("OIDC_CLIENT_SECRET", "", "needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET"),
        ("OIDC_ALGORITHMS", "RS256,HS256", "OIDC_ALGORITHMS may name"),
        ("OIDC_ALGORITHMS", "none", "OIDC_ALGORITHMS may name"),
        ("OIDC_LEVEL", "2", "OIDC_LEVEL must be claim=value"),
    ],
)
def test_production_refuses_and_names_it(name: str, value: str, said: str) -> None:
    done = start(**COMPLETE | VNEID | {name: value})

    assert done.returncode != 0
    assert said in done.stderr


_OPTIONS_OF_GUNICORN = """
import portal.wsgi
from django.conf import settings
print(settings.DATABASES["default"]["OPTIONS"]["options"])
"""


def start_django(
    code: str = "import django; django.setup()", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Load the apps in production, as every process does before its first piece of work."""
    return subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code],
        cwd=PROJECT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "portal.settings.production",
            **COMPLETE,
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )


_WHO_LOADS_THE_DESK = """
import sys, django
django.setup()
print("portal.office.admin" in sys.modules)
import portal.{module}
print("portal.office.admin" in sys.modules)
"""


@pytest.mark.parametrize(("module", "loaded"), [("celery", "False"), ("wsgi", "True")])
def test_only_what_answers_requests_loads_the_desk(module: str, loaded: str) -> None:
    done = start_django(_WHO_LOADS_THE_DESK.format(module=module))

    assert done.stdout.split() == ["False", loaded], done.stderr


_A_DESK_THAT_CANNOT_BE = """
import django
django.setup()
from django.core.checks import run_checks
from portal.office import base
base.DeskAdmin.ordering = ("no_such_column",)
print(len(run_checks(tags=["admin"])))
"""


def test_the_checks_see_every_desk() -> None:
    done = start_django(_A_DESK_THAT_CANNOT_BE)

    assert int(done.stdout) > 5, done.stderr


def test_production_runs_without_a_gateway() -> None:
    done = start_django()

    assert done.returncode == 0, done.stderr


def test_production_refuses_a_gateway_nobody_knows() -> None:
    done = start_django(SMS_URL="pigeon://key:geheim@gateway.example/")

    assert done.returncode != 0
    assert "SMS_URL: unknown scheme. Supported: demo:" in done.stderr
    assert "geheim" not in done.stderr


@pytest.mark.parametrize(
    ("url", "is_in_clear"),
    [
        ("esms+https://k:s@gateway.example/", False),
        ("esms+http://k:s@gateway.example/", True),
        ("kannel+http://k:s@127.0.0.1:13013/", False),
        ("kannel+http://k:s@[::1]:13013/", False),
        ("kannel+http://k:s@localhost:13013/", False),
        ("kannel+http://k:s@127.0.0.1.evil.example/", True),
        ("kannel+http://k:s@[::1/", False),
        ("", False),
    ],
)
def test_keys_cross_no_network_in_clear(url: str, is_in_clear: bool) -> None:
    assert crosses_in_clear(url) == is_in_clear


def test_a_file_may_hold_a_channels_url(tmp_path: Path) -> None:
    file = tmp_path / "sms"
    file.write_text("kannel+https://user:p%40ss@kannel.example/cgi-bin/sendsms?from=UBND&dlr=1\n")

    assert start_django(SMS_URL_FILE=str(file)).returncode == 0


def test_production_names_everything_at_once() -> None:
    done = start()

    assert [name for name in COMPLETE if name not in done.stderr] == []


def test_a_file_may_hold_a_secret(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(COMPLETE["SECRET_KEY"])
    rest = {name: value for name, value in COMPLETE.items() if name != "SECRET_KEY"}

    assert start(**rest, SECRET_KEY_FILE=str(file)).returncode == 0


def test_a_database_url_is_taken_apart() -> None:
    found = database("postgresql://ann%40x:p%2Fw@db:5433/portal?sslmode=require", role="portal_app")

    assert (found["USER"], found["PASSWORD"]) == ("ann@x", "p/w")
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db", "5433", "portal")
    assert found["OPTIONS"]["sslmode"] == "require"
    assert "-c role=portal_app -c statement_timeout=" in found["OPTIONS"]["options"]


@pytest.mark.parametrize(("given", "expected"), [({}, "10s"), ({"STATEMENT_TIMEOUT": "7s"}, "7s")])
def test_a_request_has_ten_seconds_for_a_statement_unless_an_operator_says_otherwise(
    given: dict[str, str], expected: str
) -> None:
    done = start_django(code=_OPTIONS_OF_GUNICORN, **given)

    assert f"-c statement_timeout={expected}" in done.stdout


def test_the_owner_has_no_time_limit_but_on_connecting() -> None:
    found = database("postgresql://owner@/portal?host=/run/postgresql", role=None)

    assert found["HOST"] == "/run/postgresql"
    assert "options" not in found["OPTIONS"]
    assert found["OPTIONS"]["connect_timeout"] == 5


@pytest.mark.parametrize("role", ["portal_app", None])
def test_a_server_that_vanished_is_given_up_in_ten_seconds_or_so(role: str | None) -> None:
    found = database("postgresql://ann@db/portal", role=role)["OPTIONS"]

    silent = found["keepalives_idle"] + found["keepalives_interval"] * found["keepalives_count"]
    assert silent <= 12
    assert found["tcp_user_timeout"] <= 10_000  # milliseconds
    own = database("postgresql://ann@db/portal?keepalives_idle=60", role=role)["OPTIONS"]
    assert own["keepalives_idle"] == "60", "an operator's own wish wins"


@pytest.mark.django_db
def test_the_driver_knows_it() -> None:
    with connection.cursor() as cursor:
        known = cursor.connection.info.dsn_parameters

    assert known["tcp_user_timeout"] == "10000"


def test_another_database_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="postgresql://"):
        database("sqlite:///portal.db", role=None)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("unix:///run/v.sock", "redis+socket:///run/v.sock"),
        ("unix:///run/v.sock?db=3", "redis+socket:///run/v.sock?virtual_host=3"),
        ("redis://redis:6379/0", "redis://redis:6379/0"),
    ],
)
def test_celery_spells_sockets_its_own_way(given: str, expected: str) -> None:
    assert broker_url(given) == expected


def test_the_broker_of_a_test_is_in_the_database_of_its_own_cache() -> None:
    """What one process of a test run clears, another one does not wait for."""
    with app.connection_for_write() as connection:
        client = connection.default_channel.client  # type: ignore[attr-defined]
        of_broker = client.connection_pool.connection_kwargs["db"]

    of_cache = caches["fast"]._cache.get_client().connection_pool  # type: ignore[attr-defined]
    assert of_broker == int(of_cache.connection_kwargs["db"])
