"""The docs keep their word: links lead somewhere, what they name to type or open is there."""

from __future__ import annotations

import re
from argparse import ArgumentParser
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class
from django.urls import URLResolver, get_resolver, is_valid_path

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
_FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")
_COMMAND = re.compile(r"manage\.py ([a-z_]+)((?: +[^|;&`]*)?)")
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
_TARGET = re.compile(r"\bmake ([a-z-]+)\b")
# A path of this repository as the docs write one: from its root, with a folder and an ending.
_PATH = re.compile(
    r"^(?:portal|citizens|procedures|notifications|dossiers|templates|tests|docs)/[\w./-]+\.\w+$"
)
# An address with nothing to fill in.
_ADDRESS = re.compile(r"^/[a-z_][a-z_/-]*/$")
# What stands only once it was made.
_MADE_LATER = re.compile(r"^docs/figures/")


def _typed(page: Path) -> Iterator[str]:
    """Yield what a page tells to type: spans of code and the lines of its blocks."""
    text = page.read_text()
    for block in _FENCE.findall(text):
        yield from block.splitlines()
    yield from _CODE.findall(_FENCE.sub("", text))


def _slugs(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as the common renderers make them."""
    heads = re.findall(r"^#+ (.+)$", _FENCE.sub("", page.read_text()), re.MULTILINE)
    plain = (re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", head) for head in heads)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in plain}


@cache
def _parser(name: str) -> ArgumentParser:
    return load_command_class(get_commands()[name], name).create_parser("manage.py", name)


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("document", PAGES, ids=_name)
def test_every_link_leads_somewhere(document: Path) -> None:
    dead = []
    for link in _LINK.findall(_FENCE.sub("", document.read_text())):
        if re.match(r"[a-z]+:", link):
            continue
        place, _sharp, anchor = link.partition("#")
        target = (document.parent / place).resolve() if place else document
        if not target.exists() or (anchor and anchor not in _slugs(target)):
            dead.append(link)

    assert dead == []


@pytest.mark.parametrize("document", PAGES, ids=_name)
def test_every_command_is_there_with_its_options(document: Path) -> None:
    commands, wrong = get_commands(), []
    for typed in _typed(document):
        for name, rest in _COMMAND.findall(typed):
            known = name in commands
            options = set(_OPTION.findall(rest))
            if not known or not options <= set(_parser(name)._option_string_actions):
                wrong.append(typed)

    assert wrong == []


@pytest.mark.parametrize("document", PAGES, ids=_name)
def test_every_target_and_file_is_there(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    wrong = []
    for typed in _typed(document):
        wrong += [typed for target in _TARGET.findall(typed) if target not in targets]
        if _PATH.match(typed) and not _MADE_LATER.match(typed) and not (ROOT / typed).exists():
            wrong.append(typed)

    assert wrong == []


@pytest.mark.parametrize("document", PAGES, ids=_name)
def test_every_address_is_served(document: Path) -> None:
    told = {typed for typed in _typed(document) if _ADDRESS.match(typed)}

    assert {address for address in told if not _is_served(address)} == set()


def _is_served(address: str) -> bool:
    """Return whether the portal has a page there, or pages under it."""
    under = address.removeprefix("/")
    return bool(is_valid_path(address)) or any(route.startswith(under) for route in _routes())


@cache
def _routes() -> list[str]:
    return list(_below("", get_resolver()))


def _below(prefix: str, room: URLResolver) -> Iterator[str]:
    for one in room.url_patterns:
        route = prefix + str(one.pattern)
        yield route
        if isinstance(one, URLResolver):
            yield from _below(route, one)


def test_something_is_read() -> None:
    typed = [line for page in PAGES for line in _typed(page)]

    assert sum(bool(_COMMAND.search(line)) for line in typed) > 30
    assert sum(bool(_TARGET.search(line)) for line in typed) > 15
    assert sum(bool(_PATH.match(line)) for line in typed) > 30
    assert sum(bool(_ADDRESS.match(line)) for line in typed) > 30
