"""The schema of the addresses (OpenAPI 3.1), read from what each handler declares of itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from types import MappingProxyType, NoneType, UnionType
from typing import Any, ClassVar, TypeVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from django.conf import settings
from django.urls import URLPattern, URLResolver, reverse

from citizens.selectors.apps import SCOPES
from portal.api.scopes import scope_of

H = TypeVar("H", bound=Callable[..., Any])
METHODS = ("get", "post", "put", "patch", "delete")
PROBLEM = "application/problem+json"
JSON = "application/json"
_FILE: Mapping[str, str] = MappingProxyType({"type": "string", "format": "binary"})
VERSION = "1.0.0"
_CONVERTED = re.compile(r"<(?:(\w+):)?(\w+)>")
_PLAIN: Mapping[type, Mapping[str, str]] = MappingProxyType(
    {
        str: {"type": "string"},
        bool: {"type": "boolean"},
        int: {"type": "integer"},
        float: {"type": "number"},
        UUID: {"type": "string", "format": "uuid"},
        datetime: {"type": "string", "format": "date-time"},
        date: {"type": "string", "format": "date"},
    }
)


@dataclass(frozen=True)
class Said:
    """A reason in Vietnamese and English; of a refusal only in the language that was asked for."""

    code: str
    vi: str | None = None
    en: str | None = None


@dataclass(frozen=True)
class Problem:
    """An error (RFC 9457): `title` and `detail` in Vietnamese, `title_en` and `detail_en`."""

    type: str
    status: int
    title: str
    title_en: str
    detail: str
    detail_en: str
    reasons: list[Said]


@dataclass(frozen=True)
class Operation:
    """What a handler answers and takes; a page is `items` and the cursor `next`."""

    summary: str
    answers: Any = None
    is_page: bool = False
    takes: Any = None
    files: tuple[str, ...] = ()
    query: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    media: str | tuple[str, ...] = JSON
    status: int = 200
    errors: tuple[int, ...] = ()
    PAGED: ClassVar[tuple[str, ...]] = ("cursor", "limit")
    SHAPES: ClassVar[Mapping[str, Any]] = MappingProxyType(
        {
            "limit": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20},
            "step": {"type": "array", "items": {"type": "string"}},
        }
    )


def operation(summary: str, **said: Any) -> Callable[[H], H]:
    """Declare a handler's operation; a test asks every address for one."""

    def declared(handler: H) -> H:
        told: Any = handler
        told.operation = Operation(summary, **said)
        return handler

    return declared


def schema_of(kind: Any, held: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON Schema of a type; dataclasses are put into `held` and referred to."""
    if kind in _PLAIN:
        return dict(_PLAIN[kind])
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        options = [schema_of(part, held) for part in parts if part is not NoneType]
        return {"anyOf": [*options, {"type": "null"}]} if NoneType in parts else {"anyOf": options}
    if origin is list:
        return {"type": "array", "items": schema_of(parts[0], held)}
    if origin is dict:
        return {"type": "object", "additionalProperties": schema_of(parts[1], held)}
    if is_dataclass(kind):
        return _referred(kind, held)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {"type": "string", "enum": [str(one.value) for one in kind]}
    return {"type": "object"}


def _referred(kind: Any, held: dict[str, Any]) -> dict[str, Any]:
    name = kind.__name__
    if name not in held:
        held[name] = {}  # holds the place where a kind names itself
        hints = get_type_hints(kind)
        names = [field.name for field in fields(kind)]
        held[name] = {
            "type": "object",
            "description": " ".join((kind.__doc__ or "").split()),
            "properties": {one: schema_of(hints[one], held) for one in names},
            "required": [field.name for field in fields(kind) if not _may_miss(field)],
            "additionalProperties": False,
        }
    return {"$ref": f"#/components/schemas/{name}"}


def _may_miss(field: Any) -> bool:
    return field.default is None or field.default_factory is not MISSING


def handlers_of(view: Any) -> dict[str, Any]:
    """Return the handlers of a view by method."""
    return {one: getattr(view, one) for one in METHODS if hasattr(view, one)}


def document(patterns: Iterable[URLPattern | URLResolver]) -> dict[str, Any]:
    """Return the whole schema of the addresses that declare an operation."""
    held: dict[str, Any] = {}
    schema_of(Problem, held)
    paths: dict[str, Any] = {}
    for pattern in patterns:
        view = getattr(getattr(pattern, "callback", None), "view_class", None)
        found = {
            method: _described(pattern, view, method, handler.operation, held)
            for method, handler in handlers_of(view).items()
            if hasattr(handler, "operation")
        }
        if found:
            paths[_path(pattern)] = {"parameters": _in_path(pattern)} | found
    return {
        "openapi": "3.1.0",
        "info": {"title": "Cổng dịch vụ công chủ động", "version": VERSION},
        "servers": [{"url": "/api/"}],
        "paths": paths,
        "components": {"schemas": held, "securitySchemes": _security()},
    }


def _security() -> dict[str, Any]:
    """The ways to sign in: the portal's session, or an app's token."""
    flow = {
        "authorizationUrl": reverse("app_authorize"),
        "tokenUrl": reverse("app_token"),
        "refreshUrl": reverse("app_token"),
        "scopes": {scope: str(words) for scope, words in SCOPES.items()},
    }
    return {
        "session": {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME},
        "app": {"type": "oauth2", "flows": {"authorizationCode": flow}},
    }


def _opened_by(pattern: Any, view: Any) -> list[dict[str, list[str]]]:
    """Return what opens an address: nothing is asked, the session, or also an app's scope."""
    if view.audience == "public":
        return []
    scope = scope_of(str(pattern.pattern)) if view.audience == "citizen" else None
    return [{"session": []}, *([{"app": [scope]}] if scope else [])]


def _path(pattern: Any) -> str:
    return "/" + _CONVERTED.sub(r"{\2}", str(pattern.pattern))


def _in_path(pattern: Any) -> list[dict[str, Any]]:
    kinds = {"uuid": _PLAIN[UUID], "int": _PLAIN[int]}
    return [
        {"name": name, "in": "path", "required": True, "schema": dict(kinds.get(kind, _PLAIN[str]))}
        for kind, name in _CONVERTED.findall(str(pattern.pattern))
    ]


def _shape(name: str) -> dict[str, Any]:
    """Return the schema of what stands in the query or a header: a text, unless it is declared."""
    return dict(Operation.SHAPES.get(name, _PLAIN[str]))


def _described(
    pattern: Any, view: Any, method: str, told: Operation, held: dict[str, Any]
) -> dict[str, Any]:
    query = (*told.query, *(Operation.PAGED if told.is_page else ()))
    places = [*(("query", one) for one in query), *(("header", one) for one in told.headers)]
    body: dict[str, Any] = {
        "operationId": f"{method}_{pattern.name}",
        "summary": told.summary,
        "tags": [view.audience],
        "security": _opened_by(pattern, view),
        "parameters": [
            {"name": name, "in": place, "required": False, "schema": _shape(name)}
            for place, name in places
        ],
        "responses": _answers(view, told, held),
    }
    if told.takes is not None:
        content = {JSON: {"schema": schema_of(told.takes, held)}}
        content |= {media: {"schema": dict(_FILE)} for media in told.files}
        body["requestBody"] = {"required": True, "content": content}
    return body


def _answers(view: Any, told: Operation, held: dict[str, Any]) -> dict[str, Any]:
    medias = (told.media,) if isinstance(told.media, str) else told.media
    shape = schema_of(told.answers, held) if told.media == JSON else dict(_FILE)
    if told.is_page:
        shape = {
            "type": "object",
            "properties": {
                "items": {"type": "array", "items": shape},
                "next": {"type": ["string", "null"]},
            },
            "required": ["items", "next"],
            "additionalProperties": False,
        }
    closed = () if view.audience == "public" else (401, 403)
    content = {media: {"schema": shape} for media in medias}
    answers = {str(told.status): {"description": told.summary, "content": content}}
    problem = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status in sorted({*closed, *told.errors, 404, 405, 406, 429, 503}):
        answers[str(status)] = {"description": "Problem", "content": problem}
    return answers
