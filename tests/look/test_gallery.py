"""The pages of the gallery render whole: no undefined name, no inline script or style."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

from portal.web.gallery_samples import PAGES

TEMPLATES = Path(__file__).parents[2] / "templates"
INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\ssrc=)|javascript:")
FOREIGN = re.compile(r"(?:src|href)=\"(?:https?:)?//")


@pytest.mark.parametrize("address", ["/gallery/", *(f"/gallery/{name}/" for name in PAGES)])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_page_renders_clean(client: Client, address: str, language: str) -> None:
    client.cookies["django_language"] = language

    response = client.get(address)
    html = response.content.decode()

    assert response.status_code == 200
    assert f'<html lang="{language}">' in html
    assert html.count("<h1") >= 1
    assert not INLINE.findall(html)
    assert not FOREIGN.findall(html)


def test_every_component_is_shown_and_says_what_it_takes() -> None:
    shown = "".join((TEMPLATES / name).read_text() for name in ("gallery/index.html", "base.html"))

    components = sorted((TEMPLATES / "components").glob("*.html"))

    assert len(components) > 10
    assert [one.name for one in components if f"components/{one.name}" not in shown] == []
    assert [one.name for one in components if "{% comment %}" not in one.read_text()] == []


def test_the_gallery_tells_the_arguments_of_every_component(client: Client) -> None:
    told = dict(client.get("/gallery/").context["components"])

    assert set(told) == {one.stem for one in (TEMPLATES / "components").glob("*.html")}
    assert "label   url   kind: primary (default)" in told["button"]
    assert "" not in told.values()


def test_the_language_is_changed_by_a_form(client: Client) -> None:
    response = client.post("/i18n/setlang/", {"language": "en", "next": "/gallery/matters/"})

    assert response.status_code == 302
    assert "Being handled" in client.get("/gallery/matters/").content.decode()


def test_an_unknown_page_is_not_found(client: Client) -> None:
    assert client.get("/gallery/nowhere/").status_code == 404
