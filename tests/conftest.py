"""What every test may rely on: a database of its own, used with the application's rights."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.test.signals import reset_template_engines
from django.utils import translation
from pytest_django import DjangoDbBlocker

from portal.common import db_roles
from tests import shelf
from tests.long_files import long_files
from tests.named import NamesNothing

hypothesis.settings.register_profile("portal", deadline=None, max_examples=60)
hypothesis.settings.load_profile("portal")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as slow what a developer's loop has no time for; where two share the work, it begins.

    A file belongs to one worker, which makes once what its tests share. Were a long one the last,
    the other worker would wait for it.
    """
    long = long_files()
    for item in items:
        if item.path.relative_to(item.config.rootpath).as_posix() in long:
            item.add_marker("slow")
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_collection_finish() -> None:
    """Spare the garbage collector what stays to the end: modules and thousands of tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)


@pytest.fixture(autouse=True, scope="session")
def _templates_fail_loudly(_fail_for_invalid_template_variable: None) -> None:
    """Let a template of ours that names nothing fail, whoever has already made the engine."""
    options = settings.TEMPLATES[0]["OPTIONS"]
    options["string_if_invalid"] = NamesNothing()
    reset_template_engines(setting="TEMPLATES")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Let the test database be made by the owner, as a clone of the migrated one where it is."""
    connection.settings_dict["TEST"]["TEMPLATE"] = os.environ.get("PORTAL_TEST_TEMPLATE")
    db_roles.use_owner()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Run the tests themselves with the application's rights, as in production.

    Beyond those it may TRUNCATE, which transactional tests use to clean up after themselves.
    """
    with django_db_blocker.unblock():
        db_roles.use_owner()
        with connection.cursor() as cursor:
            cursor.execute(f"GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO {db_roles.APP_ROLE}")
        shelf.fill()
        db_roles.use_application()
    yield
    with django_db_blocker.unblock():
        db_roles.use_owner()


@pytest.fixture(autouse=True)
def _language_of_the_settings() -> Iterator[None]:
    """Let no test find the language in which another one's request was answered."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _nothing_cached(request: pytest.FixtureRequest) -> None:
    """Let no test with tables find what another left in Redis; the guard's table rolls back."""
    if request.node.get_closest_marker("django_db"):
        caches["fast"].clear()
