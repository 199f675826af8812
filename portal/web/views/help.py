"""Help in plain words: the list, its pages, and the words explained."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.web.access import public
from portal.web.presenters.help import PAGES, WORDS, page_of


@public
@require_safe
def help_index(request: HttpRequest) -> HttpResponse:
    """List the pages of help and the ways to a person."""
    return render(request, "web/help.html", {"pages": PAGES})


@public
@require_safe
def help_page(request: HttpRequest, key: str) -> HttpResponse:
    """Show one page of help."""
    page = page_of(key)
    if page is None:
        raise Http404
    return render(request, "web/help_page.html", {"page": page})


@public
@require_safe
def words(request: HttpRequest) -> HttpResponse:
    """Explain the words of offices."""
    return render(request, "web/help_words.html", {"words": WORDS})
