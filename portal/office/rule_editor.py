"""The editor of a rule's draft, and the published list of conditions."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from citizens.models import User
from portal.common import clock
from portal.office import rule_conditions
from portal.office.draft_pages import Door, DraftPages
from portal.office.rule_editor_page import Editing
from portal.office.rule_told import offered_by
from procedures.models import Rule, RuleVersion
from procedures.selectors.known_codes import KnownCodes, known_codes
from procedures.services.write_rule_draft import write_rule_draft


def urls(guarded: Door) -> list[URLPattern]:
    """Return the pages, each behind the door that `guarded` puts in front."""
    return [
        *PAGES.urls(guarded),
        path("rule-conditions/", guarded(rule_conditions.show), name="office_rule_conditions"),
        path(
            "rule-conditions/schema.json",
            guarded(rule_conditions.schema),
            name="office_rule_conditions_schema",
        ),
    ]


def _versions() -> Any:
    return RuleVersion.objects.select_related("rule__procedure", "rule__bundle", "written_by")


def _known() -> KnownCodes:
    return known_codes(day=clock.today())


def _write(rule: Rule, by: User, day: date) -> RuleVersion:
    return write_rule_draft(rule=rule, by=by, day=day)


def _about(version: RuleVersion) -> dict[str, Any]:
    names = {"rule": version.definition["paper_vi"], "number": version.number}
    return {
        "title": _("%(rule)s · draft v%(number)d") % names,
        "offers": offered_by(version.rule, day=clock.today()),
        "rehearsal_page": reverse("admin:office_rehearsal", args=[version.pk]),
    }


PAGES = DraftPages(
    owner="rule",
    owners=Rule,
    versions=_versions,
    editing=Editing,
    known=_known,
    write=_write,
    about=_about,
    template="office/rule_editor.html",
    preview_template="office/parts/rule_preview.html",
)
