"""Every address of the desk stands in a list with the roles that open it, and opens for no other.

The list is frozen in `doors.txt`: a new address fails here until somebody decides who needs it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.contrib import admin
from django.test import RequestFactory
from django.urls import ResolverMatch, URLPattern, URLResolver, resolve, reverse

from citizens.enums import Role
from citizens.models import Unit
from portal.office import doors
from tests.office.places import make_place, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

FROZEN = Path(__file__).with_name("doors.txt")
# Where the sign-in page answers, or Django itself, before any door.
_NO_DOOR = {"login", "logout", "password_change", "password_change_done", "jsi18n"}
_KEYS: dict[str, Any] = {
    "UUIDConverter": UUID(int=1),
    "IntConverter": 1,
    "SlugConverter": "x",
    "StringConverter": "x",
    "PathConverter": "1",
}


def _patterns(urls: Any) -> list[URLPattern]:
    found: list[URLPattern] = []
    for url in urls:
        if isinstance(url, URLResolver):
            found += _patterns(url.url_patterns)
        elif url.name:
            found.append(url)
    return found


def _all() -> dict[str, URLPattern]:
    return {str(one.name): one for one in _patterns(admin.site.urls[0])}


def _address(pattern: URLPattern) -> str:
    names = pattern.pattern.converters
    keys = {name: _KEYS[type(one).__name__] for name, one in names.items()}
    if pattern.name == "app_list":
        keys = {"app_label": "citizens"}
    return reverse(f"admin:{pattern.name}", kwargs=keys)


def _line(name: str) -> str:
    needed = doors.roles_needed(name)
    if needed is None:
        return f"{name}: NO ROLE"
    told = "anybody" if needed == doors.ANYBODY else " ".join(sorted(needed)) or "nobody"
    return f"{name}: {told}"


def test_the_list_is_frozen() -> None:
    now = sorted({_line(name) for name in _all()})
    frozen = FROZEN.read_text().splitlines()

    assert sorted(set(now) - set(frozen)) == [], "new or changed: decide who needs it"
    assert sorted(set(frozen) - set(now)) == [], "gone"
    assert not any(line.endswith("NO ROLE") for line in now)


def test_the_table_names_addresses_only() -> None:
    assert set(doors.PAGES) - set(_all()) == set()


def test_an_address_without_a_role_opens_for_nobody(city: Unit) -> None:
    request = RequestFactory().get("/admin/queue/")
    request.user = make_place(city, "Hạ").user
    request.resolver_match = match = resolve("/admin/queue/")
    assert doors.opens(request)

    request.resolver_match = ResolverMatch(match.func, (), {}, url_name="office_something_new")
    assert not doors.opens(request)
    request.resolver_match = None
    assert not doors.opens(request)


@pytest.mark.slow
@pytest.mark.parametrize("role", Role)
def test_no_address_opens_for_a_role_that_does_not_stand_there(role: Role, city: Unit) -> None:
    client = signed_in(make_place(city, "Hạ", roles=(role,)).user)
    client.raise_request_exception = False
    closed = 0

    for name, pattern in _all().items():
        if name in _NO_DOOR or role in (doors.roles_needed(name) or ()):
            continue
        address = _address(pattern)
        assert client.get(address).status_code == 403, address
        assert client.post(address, {}).status_code == 403, address
        closed += 1

    assert closed > 40


@pytest.mark.slow
@pytest.mark.parametrize("role", Role)
def test_lists_open_for_the_roles_that_stand_there(role: Role, city: Unit) -> None:
    place = make_place(city, "Hạ", roles=(role,))
    place.official.grants.update(unit=city)  # some desks serve the whole province
    client = signed_in(place.user)
    client.raise_request_exception = False

    for name, pattern in _all().items():
        if name == "autocomplete":  # answers for a field only
            continue
        if role in (doors.roles_needed(name) or ()) and not pattern.pattern.converters:
            address = _address(pattern)
            assert client.get(address).status_code != 403, address
