"""The editor of a rule's draft: begun, changed with or without scripts, saved, thrown away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

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
from portal.office import rule_conditions
from portal.office.roles import Desk
from portal.office.rule_changes import changes_between
from portal.office.rule_editor_page import Editing
from portal.office.rule_rights import may_write
from portal.office.standing import standing_of
from procedures.definition import DefinitionError, Problem, RuleDefinition
from procedures.enums import VersionStatus
from procedures.models import Rule, RuleVersion
from procedures.selectors.drafts import drafts_of, seen_of, version_before
from procedures.selectors.known_codes import KnownCodes, known_codes
from procedures.services.discard_draft import discard_draft
from procedures.services.edit_rule_draft import edit_rule_draft
from procedures.services.write_rule_draft import write_rule_draft

Door = Callable[[Callable[..., Any]], Callable[..., HttpResponseBase]]
CONFLICT, UNFIT = 409, 422
_VERSION = "admin:procedures_ruleversion_change"
_EDITOR = "admin:office_rule_draft"


def urls(guarded: Door) -> list[URLPattern]:
    """Return the pages, each behind the door that `guarded` puts in front."""
    draft = "rule-drafts/<int:key>/"
    return [
        path("rules/<int:key>/draft/", guarded(begin), name="office_rule_begin"),
        path(draft, guarded(edit), name="office_rule_draft"),
        path(f"{draft}preview/", guarded(preview), name="office_rule_preview"),
        path(f"{draft}discard/", guarded(discard), name="office_rule_discard"),
        path("rule-conditions/", guarded(rule_conditions.show), name="office_rule_conditions"),
        path(
            "rule-conditions/schema.json",
            guarded(rule_conditions.schema),
            name="office_rule_conditions_schema",
        ),
    ]


@require_POST
def begin(request: HttpRequest, key: int) -> HttpResponse:
    """Begin a draft of a rule, or go on with the one that waits."""
    _check(request)
    rule = get_object_or_404(Rule, pk=key)
    try:
        draft = write_rule_draft(rule=rule, by=cast(User, request.user), day=clock.today())
    except RefusedError as refused:
        waiting = drafts_of(rule).first()
        _tell(request, refused)
        return redirect(_EDITOR, waiting.pk) if waiting else redirect(_rule_page(rule))
    return redirect(_EDITOR, draft.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, key: int) -> HttpResponse:
    """Show the draft in fields; a POST does what its button says, and only “save” stores it."""
    version = _version(key)
    if request.method != "POST" and not may_write(standing_of(request)):
        return redirect(_VERSION, key)
    _check(request)
    if version.status != VersionStatus.DRAFT:
        messages.warning(request, _("This version was released: it never changes again."))
        return redirect(_VERSION, key)
    known = known_codes(day=clock.today())
    if request.method != "POST":
        return _page(request, Editing.stored(version), known)
    editing = Editing.posted(version, request.POST)
    press = request.POST.get("press", "save")
    if press == "save":
        return _save(request, editing, known)
    if press == "check":
        return _page(request, editing, known, problems=editing.checked(known)[1])
    editing.press(press, request.POST)
    return _page(request, editing, known)


@require_POST
def preview(request: HttpRequest, key: int) -> HttpResponse:
    """Return what the form as it stands would do, in sentences; nothing is stored."""
    _check(request)
    version, known = _version(key), known_codes(day=clock.today())
    editing = Editing.posted(version, request.POST)
    shown = editing.preview(known, version_before(version, day=clock.today()))
    return render(request, "office/parts/rule_preview.html", shown)


@require_POST
def discard(request: HttpRequest, key: int) -> HttpResponse:
    """Throw the draft away, if it is still the one on the page."""
    _check(request)
    version = _version(key)
    try:
        discard_draft(version=version, seen=request.POST.get("seen", ""))
    except StaleVersionError:
        messages.warning(
            request, _("This draft was changed meanwhile. Look at it again before you discard it.")
        )
        return redirect(_EDITOR, key)
    except RefusedError as refused:
        _tell(request, refused)
        return redirect(_rule_page(version.rule))
    messages.success(request, _("The draft was discarded."))
    return redirect(_rule_page(version.rule))


def _save(request: HttpRequest, editing: Editing, known: KnownCodes) -> HttpResponse:
    problems = editing.checked(known)[1]
    if problems:
        return _page(request, editing, known, problems=problems, status=UNFIT)
    try:
        edit_rule_draft(
            version=editing.version,
            by=cast(User, request.user),
            seen=request.POST.get("seen", ""),
            document=editing.document(),
            known=known,
            last_day=editing.last_day(),
        )
    except StaleVersionError:
        return _overtaken(request, editing, known)
    except DefinitionError as error:
        return _page(request, editing, known, problems=error.problems, status=UNFIT)
    except RefusedError as refused:
        _tell(request, refused)
        return redirect(_rule_page(editing.version.rule))
    messages.success(request, _("The draft is saved. Nobody hears of it before it is released."))
    return redirect(_EDITOR, editing.version.pk)


def _overtaken(request: HttpRequest, editing: Editing, known: KnownCodes) -> HttpResponse:
    """Answer the slower of two editors: theirs beside mine, and mine still in the fields."""
    theirs = _version(editing.version.pk)
    old, new = RuleDefinition.from_json(theirs.definition), editing.checked(known)[0]
    context = {
        "overtaken_by": theirs.written_by,
        "overtaken": list(changes_between(old, new, known)) if new else [],
    }
    editing.version = theirs
    return _page(request, editing, known, status=CONFLICT, more=context)


def _page(
    request: HttpRequest,
    editing: Editing,
    known: KnownCodes,
    *,
    problems: Sequence[Problem] = (),
    status: int = 200,
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    version = editing.version
    before = version_before(version, day=clock.today())
    shown = editing.context(known, problems) | editing.preview(known, before)
    context = {
        "title": _("%(rule)s · draft v%(number)d")
        % {"rule": version.rule.key, "number": version.number},
        "version": version,
        "seen": seen_of(version),
        "rule_page": reverse("admin:procedures_rule_change", args=[version.rule_id]),
        "version_page": reverse(_VERSION, args=[version.pk]),
        "rehearsal_page": reverse("admin:office_rehearsal", args=[version.pk]),
        "is_fullwidth": "1",
    }
    each = admin.site.each_context(request)
    page = each | context | shown | (more or {})
    return render(request, "office/rule_editor.html", page, status=status)


def _version(key: int) -> RuleVersion:
    rows = RuleVersion.objects.select_related("rule__procedure", "rule__bundle", "written_by")
    found = rows.filter(pk=key).first()
    if found is None:
        raise Http404(_("This draft was discarded."))
    return found


def _check(request: HttpRequest) -> None:
    standing = standing_of(request)
    if not standing.sees(Desk.CATALOGUE) or not may_write(standing):
        raise PermissionDenied


def _rule_page(rule: Rule) -> str:
    return reverse("admin:procedures_rule_change", args=[rule.pk])


def _tell(request: HttpRequest, refused: RefusedError) -> None:
    for reason in refused.reasons:
        messages.warning(request, reason)
