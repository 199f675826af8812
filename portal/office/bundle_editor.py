"""The editor of a bundle's draft, and the page on which a second official releases it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import URLPattern
from django.utils.translation import gettext as _

from citizens.models import User
from portal.office.bundle_changes import KnownProcedures
from portal.office.bundle_editor_page import BundleEditing
from portal.office.bundle_release import RELEASE
from portal.office.draft_pages import Door, DraftPages
from procedures.models import Bundle, BundleVersion
from procedures.services.write_bundle_draft import write_bundle_draft


def urls(guarded: Door) -> list[URLPattern]:
    """Return the pages, each behind the door that `guarded` puts in front."""
    return [*PAGES.urls(guarded), RELEASE.url(guarded)]


def _versions() -> Any:
    return BundleVersion.objects.select_related("bundle", "written_by")


def _write(bundle: Bundle, by: User, day: date) -> BundleVersion:
    return write_bundle_draft(bundle=bundle, by=by, day=day)


def _about(version: BundleVersion) -> dict[str, Any]:
    said = {"name": version.name_vi, "number": version.number}
    return {"title": _("%(name)s · draft v%(number)d") % said}


PAGES = DraftPages(
    owner="bundle",
    owners=Bundle,
    versions=_versions,
    editing=BundleEditing,
    known=KnownProcedures.today,
    write=_write,
    about=_about,
    template="office/bundle_editor.html",
    preview_template="office/parts/rule_preview.html",
)
