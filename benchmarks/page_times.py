"""`python -m benchmarks.page_times`: print how long pages of a trial's database take.

One line of JSON: p95 of a bare page, and median and p95 of each page by its name, in ms. The time
is that of a request inside the server, from its first line to the last byte of the answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from html.parser import HTMLParser
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlsplit

from benchmarks.measures import timed
from portal.mode import set_default_settings

PEOPLE = ("lan", "minh", "hoa", "tai")
REPETITIONS = 40
_FEWEST, _LONGEST = 10, 3.0  # of one page: so many at least, and no more once it took so long (s)
_WARM_UP = 3
_MOST = 250  # addresses that somebody goes to
_OF_ONE_NAME = 2  # of the same page, per person
_PLAIN_FILES = "django.contrib.staticfiles.storage.StaticFilesStorage"


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        target = dict(attrs).get("href") or ""
        if tag == "a" and target.startswith("/"):
            self.found.append(urlsplit(target)._replace(fragment="").geturl())


def main() -> None:
    """Look at every page and print what was measured."""
    import django

    django.setup()
    with as_served():
        before = bare()
        times = dict(_all())
        after = bare()
    shares = {name: (1000 * median(one), 1000 * _p95(one)) for name, one in times.items()}
    told = {"bare_ms": 1000 * (before + after) / 2, "pages": shares}
    print(json.dumps(told))  # noqa: T201 - whoever began this process reads it


def _p95(seconds: list[float]) -> float:
    return quantiles(seconds, n=20)[-1]


@contextmanager
def as_served() -> Iterator[None]:
    """Serve plain files under their own names, to the host that test clients name."""
    from django.conf import settings
    from django.test import override_settings

    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": _PLAIN_FILES}}
    hosts = [*settings.ALLOWED_HOSTS, "testserver"]
    with override_settings(STORAGES=storages, ALLOWED_HOSTS=hosts):
        yield


def bare() -> float:
    """Return p95 of the bare page in seconds."""
    from django.test import Client, override_settings

    with override_settings(ROOT_URLCONF="benchmarks.bare", MIDDLEWARE=[]):
        client = Client()
        for _ in range(_WARM_UP):
            client.get("/")
        return _p95([timed(partial(client.get, "/")) for _ in range(10 * REPETITIONS)])


def _all() -> Iterator[tuple[str, list[float]]]:
    """Yield each page with the seconds of its requests, at the slowest of its addresses."""
    from django.test import Client

    from citizens.models import User

    slowest: dict[str, tuple[float, Client, str]] = {}
    for username in (None, *PEOPLE):
        client = Client()
        if username:
            user = User.objects.get(username=username)
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        for name, address in reached(client, "/my/" if username else "/"):
            seconds = timed(partial(client.get, address))
            if name not in slowest or seconds > slowest[name][0]:
                slowest[name] = (seconds, client, address)
    for name, (_seconds, client, address) in slowest.items():
        yield name, _looked_at(partial(client.get, address))


def _looked_at(look: Callable[[], object]) -> list[float]:
    """Return the seconds of each look; a slow page is looked at less often."""
    seconds: list[float] = []
    while len(seconds) < REPETITIONS and (len(seconds) < _FEWEST or sum(seconds) < _LONGEST):
        seconds.append(timed(look))
    return seconds


def reached(client: Any, first: str) -> list[tuple[str, str]]:
    """Return name and address of each page that is reached from `first` by links alone."""
    from django.urls import Resolver404, resolve

    found: list[tuple[str, str]] = []
    waiting, seen, counts = [first], {first}, dict[str, int]()
    while waiting and len(found) < _MOST:
        address = waiting.pop(0)
        try:
            match = resolve(urlsplit(address).path)
        except Resolver404:
            continue
        name = match.url_name or ""
        if match.app_name != "web" or counts.get(name, 0) >= _OF_ONE_NAME:
            continue
        answer = client.get(address)
        if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
            continue
        counts[name] = counts.get(name, 0) + 1
        found.append((name, address))
        links = _Links()
        links.feed(answer.content.decode())
        new = [one for one in dict.fromkeys(links.found) if one not in seen]
        seen.update(new)
        waiting += new
    return found


if __name__ == "__main__":
    set_default_settings()
    main()
