"""The way to the provider and back."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from portal.web.access import public
from portal.web.vneid.provider import VNeIDAdapter, VNeIDProvider, the_provider
from portal.web.vneid.refusals import Refusal, RefusedSignInError


@public
@never_cache
def leave(request: HttpRequest) -> HttpResponse:
    """Show where the citizen is led now, and lead there.

    A page and no redirect: browsers hold a form to `form-action` through every redirect, and whose
    hosts a provider sends people over is not ours to know.
    """
    if request.method != "POST":
        return redirect("account_login")
    provider = _provider(request)
    try:
        answer: HttpResponse = provider.redirect_from_request(request)
    except RefusedSignInError as error:
        return _refused(request, provider, error)
    if answer.status_code != 302:
        return answer
    return render(request, "account/leaving.html", {"address": answer["Location"]})


@public
@never_cache
def callback(request: HttpRequest) -> HttpResponse:
    """Sign the citizen in, or show why not."""
    provider = _provider(request)
    try:
        view = _Callback.adapter_view(VNeIDAdapter)
        answer: HttpResponse = view(request)
    except RefusedSignInError as error:  # the provider vanished between the two steps
        return _refused(request, provider, error)
    return answer


class _Callback(OAuth2CallbackView):
    """allauth's, which lets the adapter see the state with the nonce."""

    def _get_state(self, request: HttpRequest, provider: VNeIDProvider) -> Any:
        if request.GET.get("iss", provider.sub_id) != provider.sub_id:  # RFC 9207
            raise RefusedSignInError(Refusal.ISSUER)
        state, answer = super()._get_state(request, provider)
        self.adapter.state = state or {}
        return state, answer


def _provider(request: HttpRequest) -> VNeIDProvider:
    the_provider()
    found: VNeIDProvider = get_adapter(request).get_provider(request, VNeIDProvider.id)
    return found


def _refused(
    request: HttpRequest, provider: VNeIDProvider, error: RefusedSignInError
) -> HttpResponse:
    answer: HttpResponse = render_authentication_error(request, provider, exception=error)
    return answer
