"""What conditions there are: each predicate with its parameters and an example, for officials."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from portal.common import clock
from portal.office.register_words import in_language
from portal.office.roles import Desk
from portal.office.standing import standing_of
from procedures.definition.conditions import DEEPEST, MOST, Leaf
from procedures.definition.predicates import PREDICATES, Parameter, Predicate, Type
from procedures.definition.rule_sentences import Names, condition_in_words
from procedures.definition.schema import conditions_schema
from procedures.selectors.known_codes import known_codes

_TYPES = {
    Type.INTEGER: gettext_lazy("a whole number"),
    Type.DECIMAL: gettext_lazy("a number"),
    Type.TEXT: gettext_lazy("a text"),
    Type.DAY: gettext_lazy("a date"),
    Type.CHOICE: gettext_lazy("one of a list"),
    Type.TEXTS: gettext_lazy("one text or several"),
    Type.CHOICES: gettext_lazy("one or several of a list"),
}


@dataclass(frozen=True)
class ParameterTold:
    """One parameter: its name in words and in the document, what it takes, whether it must be."""

    label: str
    key: str
    takes: Any
    choices: list[str]
    is_required: bool


@dataclass(frozen=True)
class PredicateTold:
    """One predicate with an example as a sentence and as it stands in the document."""

    key: str
    label: str
    example: str
    unknown: str
    parameters: list[ParameterTold]
    is_compared: bool


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Show all predicates; the same as a schema for programs is on `schema`."""
    _check(request)
    names = known_codes(day=clock.today()).names
    context = {
        "title": _("Conditions of a rule"),
        "predicates": [_told(one, names) for one in PREDICATES.values()],
        "deepest": DEEPEST,
        "most": MOST,
        "is_fullwidth": "1",
    }
    shown = admin.site.each_context(request) | context
    return render(request, "office/rule_conditions.html", shown)


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """Return the JSON Schema that every tree of conditions meets."""
    _check(request)
    options = {"ensure_ascii": False, "indent": 2}
    return JsonResponse(
        conditions_schema(), json_dumps_params=options, content_type="application/schema+json"
    )


def _check(request: HttpRequest) -> None:
    if not standing_of(request).sees(Desk.CATALOGUE):
        raise PermissionDenied


def _told(one: Predicate, names: Names) -> PredicateTold:
    example = condition_in_words(Leaf(one.key, one.example), names)
    return PredicateTold(
        key=one.key,
        label=in_language(one.vi, one.en).format(given="…"),
        example=in_language(example.vi, example.en),
        unknown=in_language(one.missing_vi, one.missing_en),
        parameters=list(_parameters(one)),
        is_compared=any(parameter.is_comparison for parameter in one.parameters),
    )


def _parameters(one: Predicate) -> Iterator[ParameterTold]:
    for parameter in one.parameters:
        yield ParameterTold(
            label=in_language(parameter.vi, parameter.en),
            key=parameter.name,
            takes=_takes(parameter),
            choices=[in_language(vi, en) for _value, vi, en in parameter.choices],
            is_required=parameter.is_required,
        )


def _takes(parameter: Parameter) -> Any:
    if parameter.codes:
        return _("chosen from the list")
    if parameter.type is Type.INTEGER and parameter.high < 10**9:
        return _("a whole number from %(low)d to %(high)d") % {
            "low": parameter.low,
            "high": parameter.high,
        }
    return _TYPES[parameter.type]
