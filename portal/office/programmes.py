"""Audio programmes: the list, and one as everybody will meet it: reviewed, released, withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from citizens.models import User
from portal.common import clock
from portal.common.downloads import public_sound
from portal.common.errors import RefusedError, StaleVersionError, shown_version
from portal.office import programme_editor
from portal.office.draft_pages import CONFLICT, UNFIT, Door
from portal.office.programme_form import told
from portal.office.roles import Desk
from portal.office.rule_rights import may_decide, may_rehearse, may_write
from portal.office.standing import Standing, standing_of
from procedures.answers.heard import ENDINGS, heard, length_told
from procedures.definition import DefinitionError
from procedures.definition.programme import lacks
from procedures.enums import ProgrammeState
from procedures.models import Programme
from procedures.selectors.programmes import bytes_of, has_written, words_of
from procedures.services.release_programme import release_programme
from procedures.services.review_programme import review_programme
from procedures.services.withdraw_programme import withdraw_programme

_MOST_SHOWN = 200


def urls(guarded: Door) -> list[URLPattern]:
    """Return the pages, each behind the door that `guarded` puts in front."""
    one = "programmes/<int:pk>/"
    return [
        path("programmes/", guarded(require_safe(show_list)), name="office_programmes"),
        *programme_editor.urls(guarded),
        path(one, guarded(require_safe(show)), name="office_programme"),
        path(f"{one}preview/", guarded(require_safe(preview)), name="office_programme_preview"),
        path(f"{one}sound/", guarded(require_safe(sound)), name="office_programme_sound"),
        path(f"{one}act/", guarded(require_POST(act)), name="office_programme_act"),
    ]


def show_list(request: HttpRequest) -> HttpResponse:
    """Show every programme: what waits for somebody in front."""
    standing = _checked(request)
    rows = Programme.objects.select_related("recording", "written_by", "released_by")
    first = [*rows.filter(state__in=_WAITING), *rows.exclude(state__in=_WAITING)][:_MOST_SHOWN]
    context = {
        "title": _("Audio programmes"),
        "rows": [(row, length_told(row.recording) if row.recording else "") for row in first],
        "may_write": may_write(standing),
        "day": standing.day,
    }
    return _rendered(request, "office/programmes.html", context)


def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one programme as it will be met, what it lacks, and what may be done with it."""
    _checked(request)
    return _page(request, _programme(pk))


def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the citizens' page of a programme, whatever its state."""
    _checked(request)
    row = _programme(pk)
    context = {
        "programme": heard(row, day=clock.today()),
        "sound_url": _sound_url(row),
        "preview": reverse("admin:office_programme", args=[pk]),
    }
    return render(request, "web/programme.html", context)


def sound(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Let an official hear a programme that nobody else hears yet."""
    _checked(request)
    row = _programme(pk)
    recording = row.recording
    if recording is None:
        raise Http404
    response = public_sound(
        request,
        lambda start, stop: bytes_of(recording, start, stop),
        size=recording.size,
        digest=recording.sha256,
        media_type=recording.media_type,
        name=f"{row.key}.{ENDINGS[recording.media_type]}",
    )
    response["Cache-Control"] = "private, no-store"
    return response


def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Review, release or withdraw; 409 where it is not what was read."""
    standing = _checked(request)
    press = _PRESSES.get(request.POST.get("press", ""))
    if press is None or not press[0](standing):
        raise PermissionDenied
    row = _programme(pk)
    try:
        said = press[1](row, request, shown_version(request.POST.get("version", "")))
    except StaleVersionError:
        messages.warning(
            request, _("The programme is not the one that you have heard: look at it as it is now.")
        )
        return _page(request, _programme(pk), status=CONFLICT)
    except DefinitionError as error:
        for problem in error.problems:
            messages.warning(request, told(problem))
        return _page(request, _programme(pk), status=UNFIT)
    except RefusedError as refused:
        messages.warning(request, " ".join(refused.reasons))
        return _page(request, _programme(pk), status=UNFIT)
    messages.success(request, said)
    return redirect("admin:office_programme", pk)


def _review(row: Programme, request: HttpRequest, version: int) -> str:
    by = cast(User, request.user)
    review_programme(programme=row, version=version, by=by, now=clock.now())
    return _("The programme is reviewed. It is heard once an approver releases it.")


def _release(row: Programme, request: HttpRequest, version: int) -> str:
    by = cast(User, request.user)
    release_programme(programme=row, version=version, by=by, now=clock.now())
    return _("The programme is released: everybody hears it within its period.")


def _withdraw(row: Programme, request: HttpRequest, version: int) -> str:
    withdraw_programme(
        programme=row,
        version=version,
        by=cast(User, request.user),
        reason=request.POST.get("reason", ""),
        now=clock.now(),
    )
    return _("The programme is withdrawn: nobody hears it any more.")


Press = tuple[Callable[[Standing], bool], Callable[[Programme, HttpRequest, int], str]]
_PRESSES: dict[str, Press] = {
    "review": (may_rehearse, _review),
    "release": (may_decide, _release),
    "withdraw": (may_rehearse, _withdraw),
}
_WAITING = (ProgrammeState.DRAFT, ProgrammeState.REVIEWED)


def _page(request: HttpRequest, row: Programme, *, status: int = 200) -> HttpResponse:
    standing = standing_of(request)
    recording, is_own = row.recording, has_written(programme=row, user=standing.user)
    is_draft, is_heard = row.state == ProgrammeState.DRAFT, row.state == ProgrammeState.RELEASED
    missing = lacks(words_of(row), seconds=recording.seconds if recording else None)
    context = {
        "title": row.title_vi,
        "row": row,
        "programme": heard(row, day=standing.day),
        "sound_url": _sound_url(row),
        "lacks": [told(one) for one in missing],
        "steps": row.steps.select_related("by"),
        "is_own": is_own and row.state in _WAITING,
        "may_write": may_write(standing) and not is_heard,
        "may_review": may_rehearse(standing) and is_draft and not is_own and not missing,
        "may_release": may_decide(standing) and row.state == ProgrammeState.REVIEWED and not is_own,
        "may_withdraw": may_rehearse(standing) and is_heard,
    }
    return _rendered(request, "office/programme.html", context, status=status)


def _sound_url(row: Programme) -> str:
    has_sound = row.recording_id is not None
    return reverse("admin:office_programme_sound", args=[row.pk]) if has_sound else ""


def _programme(pk: int) -> Programme:
    people = ("written_by", "reviewed_by", "released_by")
    return get_object_or_404(Programme.objects.select_related("recording", *people), pk=pk)


def _checked(request: HttpRequest) -> Standing:
    standing = standing_of(request)
    if not standing.sees(Desk.CATALOGUE):
        raise PermissionDenied
    return standing


def _rendered(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    return render(request, template, admin.site.each_context(request) | context, status=status)
