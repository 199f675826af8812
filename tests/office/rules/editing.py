"""A rule's draft in an editor's browser, its form read from the page as a browser sends it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Self

from django.test import Client
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from procedures.models import RuleVersion


class FormReader(HTMLParser):
    """Reads the fields of the form with the id `editor`, and the buttons that it offers."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: MultiValueDict[str, str] = MultiValueDict()
        self.presses: list[str] = []
        self._in_form = False
        self._select = ""
        self._chosen: str | None = None
        self._area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of what a browser would send."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._in_form = given.get("id") == "editor"
        if not self._in_form:
            return
        if tag == "input":
            self._input(given)
        elif tag == "select":
            self._select, self._chosen = given["name"], None
        elif tag == "option" and self._select and ("selected" in given or self._chosen is None):
            self._chosen = given.get("value", "")
        elif tag == "textarea":
            self._area = given["name"]
            self.fields.appendlist(self._area, "")
        elif tag == "button":
            self.presses.append(given.get("value", ""))

    def _input(self, given: dict[str, str]) -> None:
        is_sent = given.get("type") != "checkbox" or "checked" in given
        if is_sent and given["name"] != "csrfmiddlewaretoken":
            self.fields.appendlist(given["name"], given.get("value", ""))

    def handle_data(self, data: str) -> None:
        """Keep the text of an area."""
        if self._area:
            texts = self.fields.getlist(self._area)
            self.fields.setlist(self._area, [*texts[:-1], texts[-1] + data])

    def handle_endtag(self, tag: str) -> None:
        """Close what was open."""
        if tag == "form":
            self._in_form = False
        elif tag == "select" and self._select:
            self.fields.appendlist(self._select, self._chosen or "")
            self._select = ""
        elif tag == "textarea":
            self._area = None


@dataclass
class Editor:
    """A browser without scripts before the form of a draft: `press` sends what stands in it."""

    client: Client
    version: Any
    html: str = ""
    status: int = 0
    fields: MultiValueDict[str, str] = field(default_factory=MultiValueDict)
    presses: list[str] = field(default_factory=list)

    @property
    def page(self) -> str:
        """The address of the editor."""
        return reverse("admin:office_rule_draft", args=[self.version.pk])

    def open(self) -> Self:
        """Open the page."""
        return self._read(self.client.get(self.page))

    def set(self, name: str, *values: str) -> Self:
        """Fill a field in."""
        self.fields.setlist(name, list(values))
        return self

    def press(self, button: str) -> Self:
        """Press a button that the page offers; a redirect is followed."""
        assert button in self.presses, (button, self.presses)
        return self.send(button)

    def send(self, button: str) -> Self:
        """Send the form with a button, whether the page has it or not."""
        data = {name: self.fields.getlist(name) for name in self.fields} | {"press": button}
        return self._read(self.client.post(self.page, data, follow=True))

    def add(self, place: str, kind: str) -> Self:
        """Add a condition or a group to the group at `place`."""
        return self.set(f"{place}.new", kind).press(f"add:{place}")

    def _read(self, response: Any) -> Self:
        reader = FormReader()
        self.html, self.status = response.content.decode(), response.status_code
        reader.feed(self.html)
        self.fields, self.presses = reader.fields, reader.presses
        return self

    @property
    def stored(self) -> dict[str, Any]:
        """What is stored of the draft."""
        found: dict[str, Any] = RuleVersion.objects.get(pk=self.version.pk).definition
        return found
