"""Audio programmes: the list, each with its words, its sound, and the feed for podcast players."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.views.decorators.http import require_safe

from portal.common import clock
from portal.common.downloads import public_sound
from portal.web.access import public
from portal.web.presenters.feed import feed_of
from portal.web.presenters.listening import events_of, programme_lines, sound_address
from portal.web.views.procedures import LONGEST_SEARCH
from procedures.answers.heard import ENDINGS, heard
from procedures.models import Programme
from procedures.selectors import index_of
from procedures.selectors.programmes import bytes_of, find_programmes, programmes_on_air

_MOST_SHOWN = 100
_MOST_IN_FEED = 50


@public
@require_safe
def programmes(request: HttpRequest) -> HttpResponse:
    """List what is on air, the newest first; `?q=` searches, `?event=` names an occasion."""
    day = clock.today()
    words = " ".join(request.GET.get("q", "").replace("\0", "")[:LONGEST_SEARCH].split())
    on_air = list(programmes_on_air(day=day)[:_MOST_SHOWN])
    events = events_of(index_of(day=day), on_air)
    event = request.GET.get("event", "")
    if event and event not in {one.key for one in events}:
        raise Http404
    found = on_air
    if words or event:
        found = list(find_programmes(typed=words, event=event, day=day)[:_MOST_SHOWN])
    context = {
        "lines": programme_lines(found),
        "events": events,
        "event": event,
        "words": words,
        "is_any": bool(on_air),
    }
    return render(request, "web/programmes.html", context)


@public
@require_safe
def programme(request: HttpRequest, key: str) -> HttpResponse:
    """Let one programme be heard and read."""
    found = _on_air(key)
    context = {
        "programme": heard(found, day=clock.today()),
        "sound_url": sound_address(found),
        "preview": "",
    }
    return render(request, "web/programme.html", context)


@public
@require_safe
def sound(request: HttpRequest, key: str, ending: str) -> HttpResponseBase:
    """Hand out the sound of a programme on air, or a range of it."""
    recording = _on_air(key).recording
    if recording is None or ENDINGS[recording.media_type] != ending:
        raise Http404
    return public_sound(
        request,
        lambda start, stop: bytes_of(recording, start, stop),
        size=recording.size,
        digest=recording.sha256,
        media_type=recording.media_type,
        name=f"{key}.{ending}",
    )


@public
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Tell podcast players what is on air: RSS 2.0 in Vietnamese, which is what is spoken."""
    on_air = programmes_on_air(day=clock.today())[:_MOST_IN_FEED]
    with translation.override("vi"):
        text = feed_of(on_air, address=request.build_absolute_uri)
    return HttpResponse(text, content_type="application/rss+xml; charset=utf-8")


def _on_air(key: str) -> Programme:
    return get_object_or_404(programmes_on_air(day=clock.today()), key=key)
