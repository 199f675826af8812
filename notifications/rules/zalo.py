"""What a Zalo template (ZNS) is given: its parameters, filled from a message's values.

Limits of characters by kind of parameter: domain.md 6.4, third-party sources.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum

from notifications.enums import ZaloKind

LIMITS: Mapping[ZaloKind, int] = {
    ZaloKind.CUSTOMER_NAME: 30,
    ZaloKind.PHONE: 15,
    ZaloKind.ADDRESS: 200,
    ZaloKind.CODE: 30,
    ZaloKind.LABEL: 30,
    ZaloKind.STATUS: 30,
    ZaloKind.CONTACT: 50,
    ZaloKind.TITLE: 5,
    ZaloKind.PRODUCT: 200,
    ZaloKind.AMOUNT: 20,
    ZaloKind.DATE: 20,
}
# Words that still say the same when their end is missing; a code or an amount does not.
_MAY_BE_CUT = frozenset({ZaloKind.ADDRESS, ZaloKind.LABEL, ZaloKind.STATUS, ZaloKind.PRODUCT})
_CUT = "…"


class ParameterFault(StrEnum):
    """What can be wrong with a template's parameter."""

    NONE = "none"
    FORM = "form"
    VALUE = "value"
    KIND = "kind"


class ZaloDataError(ValueError):
    """Values that a template cannot take; the text names the parameter, never the value."""


def template_data(
    parameters: Mapping[str, Mapping[str, str]], values: Mapping[str, str]
) -> dict[str, str]:
    """Return what a template is given: each of its parameters from the value that it names.

    `parameters`: name in the template → {"value": name of ours, "kind": one of ZaloKind}. Words
    that are too long are cut at a space. ZaloDataError where a value is missing, or too long to be
    cut.
    """
    return {
        name: _fitted(name, values.get(wanted["value"], ""), ZaloKind(wanted["kind"]))
        for name, wanted in parameters.items()
    }


def parameter_problems(
    parameters: object, *, allowed: Collection[str]
) -> list[tuple[ParameterFault, str, str]]:
    """Return why parameters cannot be kept (fault, parameter, what it names), or an empty list.

    `allowed` are the topic's values.
    """
    if not isinstance(parameters, dict) or not parameters:
        return [(ParameterFault.NONE, "", "")]
    problems = []
    for name, wanted in parameters.items():
        if not isinstance(wanted, dict) or set(wanted) != {"value", "kind"}:
            problems.append((ParameterFault.FORM, str(name), ""))
            continue
        if wanted["value"] not in allowed:
            problems.append((ParameterFault.VALUE, str(name), str(wanted["value"])))
        if wanted["kind"] not in set(ZaloKind):
            problems.append((ParameterFault.KIND, str(name), str(wanted["kind"])))
    return problems


def _fitted(name: str, value: str, kind: ZaloKind) -> str:
    most = LIMITS[kind]
    if not value:
        raise ZaloDataError(f"{name} has no value")
    if len(value) <= most:
        return value
    if kind not in _MAY_BE_CUT:
        raise ZaloDataError(f"{name} is longer than {most} characters")
    head, space, _rest = value[:most].rpartition(" ")
    kept = head if space else value[: most - 1]
    return kept.rstrip(" ,;.") + _CUT
