"""The pages of a draft, of a rule or of a bundle: begun, changed with or without scripts, saved,
thrown away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from citizens.models import User
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError
from portal.office.roles import Desk
from portal.office.rule_changes import Change
from portal.office.rule_editor_tree import Posted
from portal.office.rule_rights import may_write
from portal.office.standing import standing_of
from procedures.definition import DefinitionError, Problem
from procedures.enums import VersionStatus
from procedures.selectors.drafts import drafts_of, seen_of, version_before
from procedures.services.discard_draft import discard_draft

Door = Callable[[Callable[..., Any]], Callable[..., HttpResponseBase]]
CONFLICT, UNFIT = 409, 422


class Editing(Protocol):
    """A draft as it stands in its form; `known` is what it may name, read once a request."""

    version: Any

    def press(self, press: str, posted: Posted) -> None:
        """Do what a button of the form says."""

    def checked(self, known: Any) -> tuple[Any, list[Problem]]:
        """Return what the form makes, or None and all that is wrong with it."""

    def save(self, known: Any, *, by: User, seen: str) -> None:
        """Store it; the errors are those of the service."""

    def context(self, known: Any, problems: Sequence[Problem]) -> dict[str, Any]:
        """Return what the form shows, problems beside the fields at fault."""

    def preview(self, known: Any, before: Any) -> dict[str, Any]:
        """Return what it does, in sentences, and where it departs from the version `before`."""

    def against(self, theirs: Any, known: Any) -> Iterable[Change]:
        """Return where it departs from what somebody else stored meanwhile."""


class EditingClass(Protocol):
    """How a form is made."""

    def stored(self, version: Any) -> Editing:
        """Return what is stored."""

    def posted(self, version: Any, posted: Posted) -> Editing:
        """Return what a form brought."""


@dataclass(frozen=True)
class DraftPages:
    """The pages of one kind of draft; `owner` is ``rule`` or ``bundle`` and names the addresses.

    `about` returns the page's title and where else one can go; `preview_template` is the part that
    is fetched again while somebody types.
    """

    owner: str
    owners: Any
    versions: Callable[[], Any]
    editing: EditingClass
    known: Callable[[], Any]
    write: Callable[[Any, User, date], Any]
    about: Callable[[Any], dict[str, Any]]
    template: str
    preview_template: str

    def urls(self, guarded: Door) -> list[URLPattern]:
        """Return the pages, each behind the door that `guarded` puts in front."""
        draft, name = f"{self.owner}-drafts/<int:key>/", f"office_{self.owner}"
        edit = require_http_methods(["GET", "HEAD", "POST"])(self.edit)
        begin, preview = require_POST(self.begin), require_POST(self.preview)
        discard = require_POST(self.discard)
        return [
            path(f"{self.owner}s/<int:key>/draft/", guarded(begin), name=f"{name}_begin"),
            path(draft, guarded(edit), name=f"{name}_draft"),
            path(f"{draft}preview/", guarded(preview), name=f"{name}_preview"),
            path(f"{draft}discard/", guarded(discard), name=f"{name}_discard"),
        ]

    # ---------------------------------------------------------------- pages
    def begin(self, request: HttpRequest, key: int) -> HttpResponse:
        """Begin a draft, or go on with the one that waits."""
        check_writer(request)
        owner = get_object_or_404(self.owners, pk=key)
        try:
            draft = self.write(owner, cast(User, request.user), clock.today())
        except RefusedError as refused:
            waiting = drafts_of(owner).first()
            _tell(request, refused)
            return redirect(self._editor, waiting.pk) if waiting else redirect(self._page_of(owner))
        return redirect(self._editor, draft.pk)

    def edit(self, request: HttpRequest, key: int) -> HttpResponse:
        """Show the draft in fields; a POST does what its button says, only “save” stores it."""
        version = self._version(key)
        if request.method != "POST" and not may_write(standing_of(request)):
            return redirect(self._version_page, key)
        check_writer(request)
        if version.status != VersionStatus.DRAFT:
            messages.warning(request, _("This version was released: it never changes again."))
            return redirect(self._version_page, key)
        known = self.known()
        if request.method != "POST":
            return self._page(request, self.editing.stored(version), known)
        editing = self.editing.posted(version, request.POST)
        press = request.POST.get("press", "save")
        if press == "save":
            return self._save(request, editing, known)
        if press == "check":
            return self._page(request, editing, known, problems=editing.checked(known)[1])
        editing.press(press, request.POST)
        return self._page(request, editing, known)

    def preview(self, request: HttpRequest, key: int) -> HttpResponse:
        """Return what the form as it stands would do, in sentences; nothing is stored."""
        check_writer(request)
        version = self._version(key)
        editing = self.editing.posted(version, request.POST)
        shown = editing.preview(self.known(), version_before(version, day=clock.today()))
        return render(request, self.preview_template, shown)

    def discard(self, request: HttpRequest, key: int) -> HttpResponse:
        """Throw the draft away, if it is still the one on the page."""
        check_writer(request)
        version = self._version(key)
        page = self._page_of(getattr(version, self.owner))
        try:
            discard_draft(version=version, seen=request.POST.get("seen", ""))
        except StaleVersionError:
            messages.warning(
                request,
                _("This draft was changed meanwhile. Look at it again before you discard it."),
            )
            return redirect(self._editor, key)
        except RefusedError as refused:
            _tell(request, refused)
            return redirect(page)
        messages.success(request, _("The draft was discarded."))
        return redirect(page)

    # ---------------------------------------------------------------- parts
    def _save(self, request: HttpRequest, editing: Editing, known: Any) -> HttpResponse:
        problems: Sequence[Problem] = editing.checked(known)[1]
        if problems:
            return self._page(request, editing, known, problems=problems, status=UNFIT)
        seen = request.POST.get("seen", "")
        try:
            editing.save(known, by=cast(User, request.user), seen=seen)
        except StaleVersionError:
            return self._overtaken(request, editing, known)
        except DefinitionError as error:
            return self._page(request, editing, known, problems=error.problems, status=UNFIT)
        except RefusedError as refused:
            _tell(request, refused)
            return redirect(self._page_of(getattr(editing.version, self.owner)))
        messages.success(
            request, _("The draft is saved. Nobody hears of it before it is released.")
        )
        return redirect(self._editor, editing.version.pk)

    def _overtaken(self, request: HttpRequest, editing: Editing, known: Any) -> HttpResponse:
        """Answer the slower of two editors: theirs beside mine, and mine still in the fields."""
        theirs = self._version(editing.version.pk)
        more = {
            "overtaken_by": theirs.written_by,
            "overtaken": list(editing.against(theirs, known)),
        }
        editing.version = theirs
        return self._page(request, editing, known, status=CONFLICT, more=more)

    def _page(
        self,
        request: HttpRequest,
        editing: Editing,
        known: Any,
        *,
        problems: Sequence[Problem] = (),
        status: int = 200,
        more: dict[str, Any] | None = None,
    ) -> HttpResponse:
        version = editing.version
        before = version_before(version, day=clock.today())
        shown = editing.context(known, problems) | editing.preview(known, before)
        places = {
            "version": version,
            "seen": seen_of(version),
            "draft_page": reverse(self._editor, args=[version.pk]),
            "version_page": reverse(self._version_page, args=[version.pk]),
            "preview_url": reverse(f"admin:office_{self.owner}_preview", args=[version.pk]),
            "discard_url": reverse(f"admin:office_{self.owner}_discard", args=[version.pk]),
            "owner_key": getattr(version, self.owner).key,
            "owner_page": self._page_of(getattr(version, self.owner)),
            "is_fullwidth": "1",
        }
        each = admin.site.each_context(request)
        page = each | places | self.about(version) | shown | (more or {})
        return render(request, self.template, page, status=status)

    def _version(self, key: int) -> Any:
        found = self.versions().filter(pk=key).first()
        if found is None:
            raise Http404(_("This draft was discarded."))
        return found

    @property
    def _editor(self) -> str:
        return f"admin:office_{self.owner}_draft"

    @property
    def _version_page(self) -> str:
        return f"admin:procedures_{self.owner}version_change"

    def _page_of(self, owner: Any) -> str:
        return reverse(f"admin:procedures_{self.owner}_change", args=[owner.pk])


def check_writer(request: HttpRequest) -> None:
    """Raise PermissionDenied unless the official may write drafts."""
    standing = standing_of(request)
    if not standing.sees(Desk.CATALOGUE) or not may_write(standing):
        raise PermissionDenied


def _tell(request: HttpRequest, refused: RefusedError) -> None:
    for reason in refused.reasons:
        messages.warning(request, reason)
