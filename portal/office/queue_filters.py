"""Views of the queue that officials keep for themselves, under a name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from citizens.models import Official
from dossiers.models import QueueFilter
from dossiers.services.keep_filter import forget_filter, keep_filter
from portal.common.errors import RefusedError
from portal.office.queue_wish import Wish
from portal.office.standing import standing_of


def urls(guarded: Callable[..., Any]) -> list[URLPattern]:
    """Return the presses, each behind the door that `guarded` puts in front."""
    return [
        path("queue/views/", guarded(keep), name="office_queue_keep"),
        path("queue/views/<int:key>/forget/", guarded(forget), name="office_queue_forget"),
    ]


@dataclass(frozen=True)
class SavedViews:
    """What templates/office/parts/queue_views.html shows; `query` is the view that is open."""

    query: str
    views: list[QueueFilter]

    @property
    def current(self) -> QueueFilter | None:
        """The kept view that is open now."""
        return next((one for one in self.views if one.query == self.query), None)


def saved_views(request: HttpRequest, wish: Wish) -> SavedViews | None:
    """Return the official's views; None for whoever is no official. One query."""
    official = _official(request)
    if official is None:
        return None
    return SavedViews(wish.chosen, list(official.queue_filters.order_by("name")))


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the view that the page showed; a search in it is left out, and said to be."""
    query = Wish.of(QueryDict(request.POST.get("query", "")), standing_of(request)).chosen
    try:
        kept = keep_filter(official=_own(request), name=request.POST.get("name", ""), query=query)
    except RefusedError as refused:
        messages.error(request, " ".join(refused.reasons))
    else:
        messages.success(request, _("The view “%(name)s” is kept.") % {"name": kept.name})
    return redirect(f"{reverse('admin:office_queue')}?{query}")


@require_POST
def forget(request: HttpRequest, key: int) -> HttpResponse:
    """Forget a view of one's own."""
    if forget_filter(official=_own(request), key=key):
        messages.success(request, _("The view is forgotten; no dossier was touched."))
    return redirect("admin:office_queue")


def _own(request: HttpRequest) -> Official:
    official = _official(request)
    if official is None:
        raise PermissionDenied
    return official


def _official(request: HttpRequest) -> Official | None:
    return getattr(request.user, "official", None)
