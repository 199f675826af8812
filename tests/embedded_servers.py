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

_servers: list[Servers] = []


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Start the servers, once a run."""
    if hasattr(config, "workerinput") or config.option.collectonly or config.option.help:
        return
    servers = Servers(Place(Path(os.environ["PORTAL_TEST_RUN"])), durable=False)
    try:
        servers.start()
    except EmbeddedError as error:
        pytest.exit(f"The tests need their own servers. {error}", returncode=3)
    _servers.append(servers)


def pytest_unconfigure() -> None:
    """Stop them and leave nothing behind."""
    while _servers:
        servers = _servers.pop()
        servers.stop()
        servers.place.remove()
