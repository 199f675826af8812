"""A topic's draft in its editor's browser, and the officials around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.urls import reverse

from citizens.enums import Role
from citizens.models import Unit, User
from notifications.models import TextVersion, Topic
from notifications.rules.wordings import Place, Wordings
from notifications.selectors.text_versions import wordings_of
from notifications.services.draft_texts import draft_texts
from tests.factories.citizens import GrantFactory, OfficialFactory
from tests.office.places import signed_in
from tests.office.rules.editing import Editor

OfficialMaker = Callable[[Role], User]
Edit = Callable[..., "TextEditor"]


@dataclass
class TextEditor(Editor):
    """A browser without scripts before the form of a topic's draft."""

    @property
    def page(self) -> str:
        """The address of the editor."""
        return reverse("admin:office_text_draft", args=[self.version.pk])

    @property
    def wordings(self) -> Wordings:
        """What is stored of the draft."""
        return wordings_of(TextVersion.objects.get(pk=self.version.pk))

    def sms(self) -> str:
        """Return the stored Vietnamese SMS."""
        return self.wordings[Place("sms", "vi")].body


@pytest.fixture
def make_official(city: Unit) -> OfficialMaker:
    """Make officials of a role over the whole city."""

    def make(role: Role) -> User:
        holder = OfficialFactory()
        GrantFactory(official=holder, role=role, unit=city)
        user: User = holder.user
        return user

    return make


@pytest.fixture
def author(make_official: OfficialMaker) -> User:
    """The official who writes."""
    return make_official(Role.CATALOGUE_EDITOR)


@pytest.fixture
def edit(author: User) -> Edit:
    """Begin a draft of a topic and open it."""

    def begin(key: str = "dossier_received") -> TextEditor:
        draft = draft_texts(topic=Topic.objects.get(pk=key), by=author)
        return TextEditor(signed_in(author), draft).open()

    return begin
