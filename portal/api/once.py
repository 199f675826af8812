"""An Idempotency-Key stands for one request of one person, for a day.

The same request again is answered as the first time, another one with the same key 409. Kept in the
table of the guarding cache, sealed: Redis may vanish, and whoever reads the table learns nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.core.cache import caches
from django.utils.translation import gettext_lazy as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.api.access import underlying
from portal.api.problems import ProblemError, bad
from portal.common.crypto import seal_text, unseal_text

P = ParamSpec("P")
V = TypeVar("V", bound=APIView)
Handler = Callable[Concatenate[V, Request, P], Response]
_A_DAY = 24 * 60 * 60
# A request that was cut off holds its key for as long as a web worker may work on it.
_A_REQUEST = 60
_LONGEST = 200


def once(handler: Handler[V, P]) -> Handler[V, P]:
    """Carry a request with an Idempotency-Key out once; what is refused may be tried again.

    Between the commit and the note of its answer a crash may fall: then the services answer for
    themselves, which take the second press for the first one.
    """

    @wraps(handler)
    def kept(self: V, request: Request, /, *args: P.args, **kwargs: P.kwargs) -> Response:
        given = request.headers.get("Idempotency-Key", "")
        if not given:
            return handler(self, request, *args, **kwargs)
        if len(given) > _LONGEST:
            raise ProblemError(400, bad("key", _("An Idempotency-Key has at most 200 characters.")))
        place, asked = _place(request, given), _fingerprint(request)
        cache = caches["default"]
        if not cache.add(place, [asked, None], _A_REQUEST):
            return _again(place, asked, cache.get(place))
        try:
            answer = handler(self, request, *args, **kwargs)
        except BaseException:
            cache.delete(place)
            raise
        cache.set(place, [asked, _sealed(place, answer)], _A_DAY)
        return answer

    return kept


def _place(request: Request, key: str) -> str:
    return f"once:{hashlib.sha256(f'{request.user.pk} {key}'.encode()).hexdigest()}"


def _fingerprint(request: Request) -> str:
    below = underlying(request)
    parts = (below.method or "", below.get_full_path(), request.headers.get("If-Match", ""))
    digest = hashlib.sha256("\n".join(parts).encode())
    digest.update(b"\n" + below.body)
    return digest.hexdigest()


def _again(place: str, asked: str, known: Any) -> Response:
    if known is not None and known[0] != asked:
        raise ProblemError(409)
    if known is None or known[1] is None:
        running = bad("running", _("The first request with this key is still being carried out."))
        raise ProblemError(409, running, headers={"Retry-After": "1"})
    held = unseal_text(known[1], table="guard_cache", column="value", identity=place.encode())
    status, body = json.loads(held)
    return Response(body, status=status, headers={"Idempotent-Replayed": "true"})


def _sealed(place: str, answer: Response) -> bytes:
    text = json.dumps(
        [answer.status_code, json.loads(JSONRenderer().render(answer.data) or "null")]
    )
    return seal_text(text, table="guard_cache", column="value", identity=place.encode())
