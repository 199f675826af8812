"""The pytest plugin that gives each run its own PostgreSQL and Valkey.

portal.settings.test has chosen their folder (PORTAL_TEST_RUN) when this is asked; the workers of
pytest-xdist share the servers of the process that started them, each with a database of its own.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from portal.embedded import Place, Servers
from portal.postgres_runner import EmbeddedError
from tests import migrated

_servers: list[Servers] = []


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Start the servers, once a run."""
    if hasattr(config, "workerinput") or config.option.collectonly or config.option.help:
        return
    place = Place(Path(os.environ["PORTAL_TEST_RUN"]))
    try:
        _servers.append(_start(place, config))
    except EmbeddedError as error:
        pytest.exit(f"The tests need their own servers. {error}", returncode=3)


def _start(place: Place, config: pytest.Config) -> Servers:
    """Start the servers with a migrated template, unless pytest may keep nothing."""
    cache = getattr(config, "cache", None)
    if cache is None or os.environ.get("TEST_DATABASE_URL"):
        servers = Servers(place, durable=False)
        servers.start()
        return servers
    seed = migrated.seed_in(cache.mkdir("servers"))
    servers = Servers(place, durable=False, seed=seed if seed.exists() else None)
    servers.start()
    if servers.seed is None:
        migrated.migrate_template(place)
        servers.stop()
        migrated.keep(place, seed)
        servers.start()
    os.environ["PORTAL_TEST_TEMPLATE"] = migrated.TEMPLATE
    return servers


def pytest_unconfigure() -> None:
    """Stop them and leave nothing behind."""
    while _servers:
        servers = _servers.pop()
        servers.stop()
        servers.place.remove()
