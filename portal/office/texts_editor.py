"""The editor of a topic's draft: every wording beside how it reads, its length and its price."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from citizens.models import User
from notifications.enums import TextState
from notifications.models import TextVersion
from notifications.rules.wordings import Wording
from notifications.selectors.text_versions import seen_of, version_before, wordings_of
from notifications.services.discard_texts import discard_texts
from notifications.services.edit_texts import edit_texts
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError
from portal.office.draft_pages import CONFLICT, UNFIT, Door, check_writer
from portal.office.register_words import in_language
from portal.office.rule_rights import may_write
from portal.office.standing import standing_of
from portal.office.texts_cases import recent_cases, values_for
from portal.office.texts_form import LONGEST_NOTE, Form
from portal.office.texts_shown import full_label
from procedures.selectors.sensitive import quiet_topics


def urls(guarded: Door) -> list[URLPattern]:
    """Return the pages, each behind the door that `guarded` puts in front."""
    draft = "text-drafts/<int:pk>/"
    edited = require_http_methods(["GET", "HEAD", "POST"])(edit)
    return [
        path(draft, guarded(edited), name="office_text_draft"),
        path(f"{draft}preview/", guarded(require_POST(preview)), name="office_text_preview"),
        path(f"{draft}discard/", guarded(require_POST(discard)), name="office_text_discard"),
    ]


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the draft in fields; a POST checks it, and “save” stores it."""
    version = version_or_404(pk)
    if request.method != "POST" and not may_write(standing_of(request)):
        return redirect("admin:office_text_version", pk)
    check_writer(request)
    if version.state != TextState.DRAFT:
        messages.warning(request, _("This version is no draft any more: it never changes again."))
        return redirect("admin:office_text_version", pk)
    is_quiet = told_quietly(version)
    if request.method != "POST":
        return _page(request, Form.stored(version, is_quiet=is_quiet))
    form = Form.posted(version, request.POST, is_quiet=is_quiet)
    if request.POST.get("press", "save") != "save":
        return _page(request, form)
    if form.problems():
        return _page(request, form, status=UNFIT)
    return _save(request, form)


def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Return how the wordings read as they stand in the form; nothing is stored."""
    check_writer(request)
    version = version_or_404(pk)
    form = Form.posted(version, request.POST, is_quiet=told_quietly(version))
    shown = _shown(request, form, is_refresh=True) | {"is_refresh": True}
    return render(request, "office/parts/text_readings.html", shown)


def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the draft up, if it is still the one on the page."""
    check_writer(request)
    version = version_or_404(pk)
    try:
        discard_texts(version=version, seen=request.POST.get("seen", ""))
    except StaleVersionError:
        messages.warning(
            request,
            _("This draft was changed meanwhile. Look at it again before you discard it."),
        )
        return redirect("admin:office_text_draft", pk)
    except RefusedError as refused:
        tell(request, refused)
    else:
        messages.success(request, _("The draft was discarded."))
    return redirect("admin:office_text_topic", version.topic_id)


def version_or_404(pk: int) -> TextVersion:
    """Return a version with its topic and officials."""
    rows = TextVersion.objects.select_related("topic", "written_by", "released_by", "base")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def told_quietly(version: TextVersion) -> bool:
    """Return whether rules tell of poverty or health through the topic."""
    return version.topic_id in quiet_topics(day=clock.today())


def tell(request: HttpRequest, refused: RefusedError) -> None:
    """Show why something was refused."""
    for reason in refused.reasons:
        messages.warning(request, reason)


def _save(request: HttpRequest, form: Form) -> HttpResponse:
    try:
        edit_texts(
            version=form.version,
            by=cast(User, request.user),
            seen=request.POST.get("seen", ""),
            wordings=form.wordings,
            note=form.note,
            is_quiet=form.is_quiet,
        )
    except StaleVersionError:
        return _overtaken(request, form)
    except RefusedError as refused:
        tell(request, refused)
        return redirect("admin:office_text_topic", form.version.topic_id)
    messages.success(request, _("The draft is saved. Nobody hears of it before it is released."))
    return redirect("admin:office_text_draft", form.version.pk)


def _overtaken(request: HttpRequest, form: Form) -> HttpResponse:
    """Answer the slower of two editors: theirs beside mine, and mine still in the fields."""
    theirs = version_or_404(form.version.pk)
    stored, nothing = wordings_of(theirs), Wording("", "")
    differing = [place for place in form.places if stored.get(place) != form.wordings.get(place)]
    overtaken = [
        {
            "label": full_label(place),
            "before": " – ".join(filter(None, stored.get(place, nothing))),
            "after": " – ".join(filter(None, form.wordings.get(place, nothing))),
        }
        for place in differing
    ]
    mine = replace(form, version=theirs)
    more = {"overtaken_by": theirs.written_by, "overtaken": overtaken}
    return _page(request, mine, status=CONFLICT, more=more)


def _shown(request: HttpRequest, form: Form, *, is_refresh: bool = False) -> dict[str, Any]:
    """Return the wordings with how they read for the case that was chosen."""
    topic = form.version.topic
    cases = recent_cases(standing_of(request), topic, is_quiet=form.is_sensitive)
    case, values = values_for(request, topic, cases, is_refresh=is_refresh)
    return {"groups": form.shown(values), "cases": cases, "case": case, "form": form}


def _page(
    request: HttpRequest, form: Form, *, status: int = 200, more: dict[str, Any] | None = None
) -> HttpResponse:
    version, topic = form.version, form.version.topic
    mendings = form.mendings() if request.method == "POST" else []
    before = version_before(version)
    places = {
        "title": _("%(topic)s · draft v%(number)d") % {"topic": topic, "number": version.number},
        "version": version,
        "topic": topic,
        "before": before,
        "seen": seen_of(version),
        "longest_note": LONGEST_NOTE,
        "placeholders": [*topic.params, "check_code"],
        "draft_page": reverse("admin:office_text_draft", args=[version.pk]),
        "version_page": reverse("admin:office_text_version", args=[version.pk]),
        "preview_url": reverse("admin:office_text_preview", args=[version.pk]),
        "discard_url": reverse("admin:office_text_discard", args=[version.pk]),
        "owner_key": in_language(topic.name_vi, topic.name_en),
        "owner_page": reverse("admin:office_text_topic", args=[topic.pk]),
        "problems": mendings,
        "places": mendings,
        "elsewhere": (),
    }
    each = admin.site.each_context(request)
    context = each | places | _shown(request, form) | (more or {})
    return render(request, "office/text_editor.html", context, status=status)
