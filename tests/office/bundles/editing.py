"""A bundle's draft in an editor's browser, its form read from the page as a browser sends it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from procedures.models import BundleVersion
from tests.office.rules.editing import Editor


@dataclass
class BundleEditor(Editor):
    """A browser without scripts before the form of a bundle's draft."""

    version: BundleVersion

    @property
    def page(self) -> str:
        """The address of the editor."""
        return reverse("admin:office_bundle_draft", args=[self.version.pk])

    @property
    def stored(self) -> dict[str, Any]:
        """What is stored of the draft."""
        found: dict[str, Any] = BundleVersion.objects.get(pk=self.version.pk).definition
        return found

    @property
    def codes(self) -> list[str]:
        """The steps of what is stored, in order."""
        return [step["procedure"] for step in self.stored["steps"]]
