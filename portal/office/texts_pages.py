"""Texts of messages: the topics, their versions compared word by word, released, tried out."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from citizens.models import ContactPoint, User
from notifications.enums import TextState
from notifications.models import TextVersion, Topic
from notifications.rules.facts import VERIFIED_FOR
from notifications.rules.samples import sample_values
from notifications.rules.wordings import LANGUAGES, TRIAL_TOPIC
from notifications.selectors.text_versions import (
    drafts_of,
    seen_of,
    version_before,
    version_in_force,
    wordings_of,
)
from notifications.services.draft_texts import draft_texts
from notifications.services.release_texts import release_texts
from notifications.services.send_trial import send_trial
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError
from portal.common.masking import mask_email, mask_phone
from portal.office import texts_editor
from portal.office.draft_pages import CONFLICT, UNFIT, Door, check_writer
from portal.office.register_words import in_language
from portal.office.roles import Desk
from portal.office.rule_rights import may_decide, may_write
from portal.office.standing import Standing, standing_of
from portal.office.texts_editor import tell, told_quietly, version_or_404
from portal.office.texts_shown import LANGUAGE_NAMES, channel_name, compared
from procedures.selectors.sensitive import quiet_topics


def urls(guarded: Door) -> list[URLPattern]:
    """Return the pages, each behind the door that `guarded` puts in front."""
    topic, version = "texts/<slug:key>/", "text-versions/<int:pk>/"
    return [
        path("texts/", guarded(require_safe(show_topics)), name="office_texts"),
        path(topic, guarded(require_safe(show_topic)), name="office_text_topic"),
        path(f"{topic}draft/", guarded(require_POST(begin)), name="office_text_begin"),
        path(version, guarded(require_safe(show_version)), name="office_text_version"),
        path(f"{version}release/", guarded(require_POST(release)), name="office_text_release"),
        path(f"{version}trial/", guarded(require_POST(try_out)), name="office_text_trial"),
        *texts_editor.urls(guarded),
    ]


# ------------------------------------------------------------------------------------ reading
def show_topics(request: HttpRequest) -> HttpResponse:
    """Show every topic with what is in force and what waits."""
    standing = _checked(request)
    versions = TextVersion.objects.select_related("written_by", "released_by").order_by("-number")
    topics = Topic.objects.exclude(pk=TRIAL_TOPIC).prefetch_related(
        Prefetch("versions", queryset=versions)
    )
    quiet = quiet_topics(day=standing.day)
    rows = [_row(topic, is_quiet=topic.is_quiet or topic.pk in quiet) for topic in topics]
    rows.sort(key=lambda row: (row["draft"] is None, str(row["name"])))
    context = {
        "title": _("Texts of messages"),
        "rows": rows,
        "waiting_count": sum(row["draft"] is not None for row in rows),
        "may_decide": may_decide(standing),
    }
    return _rendered(request, "office/texts.html", context)


def _row(topic: Topic, *, is_quiet: bool) -> dict[str, Any]:
    versions = list(topic.versions.all())
    return {
        "topic": topic,
        "name": _name(topic),
        "channels": [channel_name(channel) for channel in topic.channels],
        "current": next((one for one in versions if one.state == TextState.RELEASED), None),
        "draft": next((one for one in versions if one.state == TextState.DRAFT), None),
        "is_quiet": is_quiet,
    }


def show_topic(request: HttpRequest, key: str) -> HttpResponse:
    """Show the words in force of one topic, and the history of its versions."""
    standing = _checked(request)
    topic = _topic(key)
    current = version_in_force(topic)
    wordings = wordings_of(current) if current else {}
    versions = topic.versions.select_related("written_by", "released_by")
    context = {
        "title": _name(topic),
        "topic": topic,
        "name": _name(topic),
        "channels": [channel_name(channel) for channel in topic.channels],
        "current": current,
        "changes": _compared(topic, wordings, wordings),
        "versions": versions.order_by("-number"),
        "draft": drafts_of(topic).first(),
        "is_quiet": topic.is_quiet or topic.pk in quiet_topics(day=standing.day),
        "may_write": may_write(standing),
    }
    return _rendered(request, "office/text_topic.html", context)


def show_version(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one version beside the one whose place it takes, and what may be done with it."""
    _checked(request)
    return _version_page(request, version_or_404(pk))


# ------------------------------------------------------------------------------------- acting
def begin(request: HttpRequest, key: str) -> HttpResponse:
    """Begin a draft, or go on with the one that waits."""
    check_writer(request)
    topic = _topic(key)
    try:
        draft = draft_texts(topic=topic, by=cast(User, request.user))
    except RefusedError as refused:
        tell(request, refused)
        waiting = drafts_of(topic).first()
        if waiting is None:
            return redirect("admin:office_text_topic", topic.pk)
        return redirect("admin:office_text_draft", waiting.pk)
    return redirect("admin:office_text_draft", draft.pk)


def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a draft into force; 409 where it is not the text that was read."""
    if not may_decide(_checked(request)):
        raise PermissionDenied
    version = version_or_404(pk)
    try:
        release_texts(
            version=version,
            by=cast(User, request.user),
            seen=request.POST.get("seen", ""),
            now=clock.now(),
            is_quiet=told_quietly(version),
        )
    except StaleVersionError:
        messages.warning(
            request, _("The draft is not the one that you have read: look at it as it is now.")
        )
        return _version_page(request, version_or_404(pk), status=CONFLICT)
    except RefusedError as refused:
        tell(request, refused)
        return _version_page(request, version_or_404(pk), status=UNFIT)
    messages.success(
        request,
        _("Version %(number)d is in force: every message that leaves from now on says it.")
        % {"number": version.number},
    )
    return redirect("admin:office_text_topic", version.topic_id)


def try_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a version's words to the official's own verified address."""
    standing = _checked(request)
    if not (may_write(standing) or may_decide(standing)):
        raise PermissionDenied
    version = version_or_404(pk)
    by = cast(User, request.user)
    wanted = request.POST.get("to", "")
    to = next((one for one in _own_addresses(by) if str(one.public_id) == wanted), None)
    language = request.POST.get("language", LANGUAGES[0])
    if to is None or language not in LANGUAGES:
        messages.warning(request, _("A trial goes to your own verified address only."))
        return _version_page(request, version, status=UNFIT)
    is_neutral = request.POST.get("neutral") == "1"
    try:
        send_trial(
            version=version,
            to=to,
            by=by,
            now=clock.now(),
            language=language,
            is_neutral=is_neutral,
        )
    except RefusedError as refused:
        tell(request, refused)
        return _version_page(request, version, status=UNFIT)
    messages.success(
        request, _("The trial is on its way to %(to)s, marked [THU].") % {"to": _masked(to)}
    )
    return redirect("admin:office_text_version", pk)


# -------------------------------------------------------------------------------------- parts
def _version_page(request: HttpRequest, version: TextVersion, *, status: int = 200) -> HttpResponse:
    standing, topic = standing_of(request), version.topic
    before = version_before(version)
    is_draft = version.state == TextState.DRAFT
    is_own = version.written_by_id == request.user.pk
    changes = _compared(topic, wordings_of(before) if before else {}, wordings_of(version))
    context = {
        "title": f"{_name(topic)} · v{version.number}",
        "topic": topic,
        "name": _name(topic),
        "version": version,
        "before": before,
        "changes": changes,
        "changed_count": sum(change.kind != "same" for change in changes),
        "seen": seen_of(version),
        "is_own": is_own,
        "may_write": is_draft and may_write(standing),
        "may_decide": is_draft and may_decide(standing),
        "tries_out": may_write(standing) or may_decide(standing),
        "addresses": _addresses_shown(cast(User, request.user)),
        "languages": [(code, LANGUAGE_NAMES[code]) for code in LANGUAGES],
    }
    return _rendered(request, "office/text_version.html", context, status=status)


def _compared(topic: Topic, old: Any, new: Any) -> list[Any]:
    return compared(old, new, topic.channels, sample_values(topic.params))


def _own_addresses(user: User) -> Any:
    """Return the official's own addresses that a trial may go to."""
    since = clock.now() - VERIFIED_FOR
    return ContactPoint.objects.filter(user=user, verified_at__gt=since).order_by("pk")


def _addresses_shown(user: User) -> list[dict[str, Any]]:
    return [
        {
            "key": point.public_id,
            "label": f"{channel_name(point.channel)} {_masked(point)}",
        }
        for point in _own_addresses(user)
    ]


def _masked(point: ContactPoint) -> str:
    return mask_email(point.value) if "@" in point.value else mask_phone(point.value)


def _checked(request: HttpRequest) -> Standing:
    standing = standing_of(request)
    if not standing.sees(Desk.CATALOGUE):
        raise PermissionDenied
    return standing


def _topic(key: str) -> Topic:
    if key == TRIAL_TOPIC:
        raise Http404
    return get_object_or_404(Topic, pk=key)


def _name(topic: Topic) -> str:
    return in_language(topic.name_vi, topic.name_en)


def _rendered(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    shown = admin.site.each_context(request) | {"is_fullwidth": "1"} | context
    return render(request, template, shown, status=status)
