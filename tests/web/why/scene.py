"""Addresses and shorthands for the pages that say why and why not."""

from __future__ import annotations

from typing import Any

from portal.web.presenters.why import Condition, WhyPage
from tests.factories.procedures import ProcedureVersionFactory, version_of
from tests.web.scene import Scene

LIST = "/my/why/"


def rule(key: str) -> None:
    """Bring a rule of the catalogue and the procedure that it offers into force."""
    version_of(key)
    ProcedureVersionFactory(procedure__key=key)


def text(response: Any) -> str:
    """Return the page of an answer that opened."""
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


def listed(scene: Scene, query: str = "") -> dict[str, list[str]]:
    """Return the titles of the list by group."""
    groups = scene.client.get(LIST + query).context["groups"]
    return {str(group.title): [line.title for line in group.lines] for group in groups}


def one(scene: Scene, key: str, query: str = "") -> WhyPage:
    """Return the page of one rule."""
    page: WhyPage = scene.client.get(f"{LIST}{key}/{query}").context["page"]
    return page


def conditions(scene: Scene, key: str, query: str = "") -> list[Condition]:
    """Return the conditions on the page of one rule."""
    return one(scene, key, query).conditions
