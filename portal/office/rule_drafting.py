"""What the pages of a rule, a bundle and their versions say of drafts: editor, what changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from portal.office.kept import once_a_row
from portal.office.rule_changes import Comparison, compared
from portal.office.rule_rights import may_write
from portal.office.standing import standing_of
from procedures.enums import VersionStatus
from procedures.models import Bundle, BundleVersion, Rule, RuleVersion
from procedures.selectors.drafts import drafts_of

Owner = Rule | Bundle
Version = RuleVersion | BundleVersion


class DraftPresses:
    """Adds the button that begins a draft to the page of a rule or bundle, the way to the editor
    to a draft's, and what a version changes.
    """

    compare: Callable[[Any], Comparison] = staticmethod(compared)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show one row, with what may be written next."""
        above = cast(Any, super())
        row = cast(Any, self).get_object(request, object_id) if object_id else None
        context = _offered(row if may_write(standing_of(request)) else None)
        shown: HttpResponse = above.changeform_view(
            request, object_id, form_url, context | (extra_context or {})
        )
        return shown

    @admin.display(description=_("What changes"))
    @once_a_row
    def changes(self, row: Version) -> SafeString:
        """Return where a version departs from the one before it, field by field."""
        found = self.compare(row)
        context = {"before": found.before, "changes": found.changes}
        return render_to_string("office/parts/rule_compared.html", context)


def _offered(row: Owner | Version | None) -> dict[str, Any]:
    """Return the addresses of the waiting draft's editor, else of the press that begins one."""
    kind = "rule" if isinstance(row, Rule | RuleVersion) else "bundle"
    if isinstance(row, Rule | Bundle):
        draft: Version | None = drafts_of(row).first()
        begin = reverse(f"admin:office_{kind}_begin", args=[row.pk])
    else:
        is_draft = row is not None and row.status == VersionStatus.DRAFT
        draft, begin = row if is_draft else None, ""
    editor = reverse(f"admin:office_{kind}_draft", args=[draft.pk]) if draft else ""
    return {"draft": draft, "draft_url": editor, "begin_url": "" if draft else begin}
