"""Every page of a citizen reads under row security, whoever wrote it; what does not is found."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from citizens.models import Citizen
from dossiers.models import Dossier
from portal.common.db_roles import APP_ROLE, CITIZEN_ROLE
from portal.web.access import for_citizens
from procedures.models import Suggestion
from tests.factories.dossiers import LICENCE
from tests.web.scene import Scene

Ran = tuple[str, str]
# Who helps and who is helped read each other's name, which is no row of theirs: there the page asks
# a selector with the application's rights, for the people of their own agreements alone.
NAMES_OF_OTHERS = {"my/help/", "my/help/<uuid:public_id>/", "my/helpers/"}


def _patterns(found: Iterable[Any], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in found:
        if isinstance(one, URLResolver):
            yield from _patterns(one.url_patterns, prefix + str(one.pattern))
        else:
            yield prefix + str(one.pattern), one


PAGES = {
    route: pattern
    for route, pattern in _patterns(get_resolver().url_patterns)
    if getattr(pattern.callback, "audience", "") == "citizen"
}


def protected_tables() -> set[str]:
    """Return the tables under row security."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity")
        return {name for (name,) in cursor.fetchall()}


def as_whom(ran: list[Ran]) -> Callable[..., Any]:
    """Return a wrapper that notes each statement with the role that ran it."""

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        with connection.connection.cursor() as aside:
            aside.execute("SELECT current_user")
            ran.append((aside.fetchone()[0], sql))
        return execute(sql, *rest)

    return note


def read(ran: list[Ran], tables: set[str]) -> list[Ran]:
    """Return what was read from those tables."""
    return [
        (role, sql)
        for role, sql in ran
        if "SELECT" in sql.split()[0] and any(f'"{table}"' in sql for table in tables)
    ]


def _made(route: str, public_ids: Iterable[Any]) -> set[str]:
    """Return the page's address with each id in it."""
    plain = route.replace("<slug:rule>", "driving_licence_renewal").replace("<slug:kind>", "copy")
    plain = plain.replace("<int:position>", "1")
    plain = plain.replace("<slug:key>", LICENCE).replace("<slug:code>", "GPLX-02")
    made = {"/" + re.sub(r"<uuid:\w+>", str(public_id), plain) for public_id in public_ids}
    return {address for address in made if "<" not in address}


def _linked(client: Client) -> dict[str, set[str]]:
    """Return the addresses to which pages of fixed addresses link, by route."""
    found: dict[str, set[str]] = {}
    for start in PAGES:
        if "<" not in start:
            for link in re.findall(
                r'href="(/my/[^"?#]*)', client.get(f"/{start}").content.decode()
            ):
                found.setdefault(resolve(link).route, set()).add(link)
    return found


def test_every_page_of_a_citizen_reads_with_the_citizens_role(scene: Scene) -> None:
    # Given a person with a suggestion, a dossier and a letter
    scene.client.post(scene.page, {"delivery": "Trực tiếp"})
    rows = (
        scene.suggestion,
        Dossier.objects.get(),
        scene.lan.party.messages.first(),
        scene.lan.party,
    )
    tables, linked = protected_tables(), _linked(scene.client)
    assert len(tables) >= 7

    for route in PAGES:
        opened = _made(route, [row.public_id for row in rows if row]) | linked.get(route, set())
        assert opened, route
        for address in sorted(opened):
            _stands_down(scene.client, address, tables, is_of_others=route in NAMES_OF_OTHERS)


def _stands_down(client: Client, address: str, tables: set[str], *, is_of_others: bool) -> None:
    """Open a page: but for whose rows these are, nothing was read before stepping down."""
    ran: list[Ran] = []
    with connection.execute_wrapper(as_whom(ran)):
        response = client.get(address)

    assert response.status_code < 500, address
    (stepped_down, *_back) = [at for at, (_role, sql) in enumerate(ran) if "set_config" in sql]
    before, after = read(ran[:stepped_down], tables), read(ran[stepped_down:], tables)
    assert len(before) <= 1, address
    roles = {role for role, _sql in after}
    assert roles - ({APP_ROLE} if is_of_others else set()) == {CITIZEN_ROLE}, address


def _seen_by(scene: Scene, view: Callable[..., HttpResponse]) -> HttpResponse:
    request = RequestFactory().get("/")
    request.user = scene.user
    return for_citizens(view)(request)


def _role() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0])


def test_the_decorator_steps_down_and_up_again(scene: Scene) -> None:
    def canary(_request: HttpRequest, citizen: Citizen) -> HttpResponse:
        return HttpResponse(f"{_role()} {citizen.pk} {Suggestion.objects.count()}")

    other = Citizen.objects.exclude(pk=scene.lan.pk)

    assert _seen_by(scene, canary).content == f"{CITIZEN_ROLE} {scene.lan.pk} 1".encode()
    assert _role() == APP_ROLE
    assert other.count() == 0


def test_a_page_that_is_rendered_late_is_rendered_inside(scene: Scene) -> None:
    def late(request: HttpRequest, _citizen: Citizen) -> HttpResponse:
        return TemplateResponse(request, "web/parts/pages.html", {"page": _Asked()})

    response = _seen_by(scene, late)

    assert isinstance(response, TemplateResponse)
    assert response.is_rendered
    assert _Asked.by == CITIZEN_ROLE


class _Asked:
    """Stands for a page of rows that are read while the template is written."""

    by = ""

    @property
    def has_other_pages(self) -> bool:
        _Asked.by = _role()
        return False


def test_the_crawl_would_find_a_page_that_does_not_step_down(scene: Scene) -> None:
    ran: list[Ran] = []

    with connection.execute_wrapper(as_whom(ran)):
        list(Citizen.objects.all())

    assert {role for role, _sql in read(ran, protected_tables())} == {APP_ROLE}
    assert Client().get("/my/").status_code == 302
