"""The fields of a bundle's draft around its steps: what stands in them, and what they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.office.rule_editor_fields import Field, Input

LABELS: Mapping[str, Any] = MappingProxyType(
    {
        "name_vi": pgettext_lazy("of a bundle", "Name"),
        "name_en": _("Name (English)"),
        "linked_procedure": _("Filed with"),
        "steps": _("Steps"),
        "shared_fields": _("Asked once for all steps"),
        "unverified": _("Still to be confirmed"),
        "note": _("Note for officials"),
        "last_day": _("Last day on which it holds"),
    }
)
HELPS: Mapping[str, Any] = MappingProxyType(
    {
        "linked_procedure": _(
            "The procedure under which the law brings the steps together, where it knows one. Each"
            " step is a dossier of its own in any case; those that wait are filed by themselves."
        ),
        "shared_fields": _("Questions that several steps ask. The person answers them once."),
        "unverified": _("Places that nobody has checked against the law yet, one a line."),
        "last_day": _("Empty: until the next version begins."),
    }
)


@dataclass(frozen=True)
class BundleField(Field):
    """One field of a bundle; its words stand here."""

    @property
    def label(self) -> Any:
        """Its name in the language of the page."""
        return LABELS[self.name]

    @property
    def help(self) -> Any:
        """What to know when filling it in; empty where the name says it all."""
        return HELPS.get(self.name, "")


NAMED = (BundleField("name_vi", Input.LINE), BundleField("name_en", Input.LINE))
FILED = (BundleField("linked_procedure", Input.CHOICE, is_wide=True),)
SHARED = (BundleField("shared_fields", Input.CHOICES, is_wide=True),)
STANDING = (
    BundleField("unverified", Input.LINES, is_wide=True),
    BundleField("note", Input.AREA, is_wide=True),
    BundleField("last_day", Input.DAY),
)
FIELDS = (*NAMED, *FILED, *SHARED, *STANDING)


def laid_over(base: Mapping[str, Any], fields: Sequence[Field]) -> dict[str, Any]:
    """Return the document `base` with what stands in the fields."""
    document = dict(base)
    for one in fields:
        texts = [text.strip() for text in one.values if text.strip()]
        if one.name == "last_day":
            continue
        if one.input in (Input.LINES, Input.CHOICES):
            document[one.name] = texts
        else:
            document[one.name] = texts[0] if texts else None
    return document
