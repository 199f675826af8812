"""Every address of the desk that can be opened, with every row in the place of its key."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any
from uuid import UUID

import openpyxl
from django.apps import apps
from django.contrib import admin
from django.db.models import ForeignKey, Model
from django.urls import NoReverseMatch, URLPattern, URLResolver, reverse

from citizens.models import Citizen
from notifications.enums import Channel
from portal.common.downloads import WORKBOOK
from portal.office.base import DeskAdmin
from portal.office.delivery_acts import DEEDS
from portal.office.exchange import FILES
from portal.office.exchange_acts import DEEDS as EXCHANGE_DEEDS

_ROWS = 6  # of each table that are opened, where nothing else is said
# What stands in addresses whose part is no attribute of a row: the table whose keys it takes.
_TABLES = {
    "office_queue_forget": "dossiers.QueueFilter",
    "office_answers_away": "dossiers.AnswerText",
    "office_service": "procedures.Procedure",
    "office_rule_begin": "procedures.Rule",
    "office_rule_draft": "procedures.RuleVersion",
    "office_rule_preview": "procedures.RuleVersion",
    "office_rule_discard": "procedures.RuleVersion",
    "office_bundle_begin": "procedures.Bundle",
    "office_bundle_draft": "procedures.BundleVersion",
    "office_bundle_preview": "procedures.BundleVersion",
    "office_bundle_discard": "procedures.BundleVersion",
}
# Addresses with a word of our own beside the key, or with two keys: every word with every row.
_WORDS = {
    "office_delivery_gateway": (None, "gateway", tuple(map(str, Channel))),
    "office_delivery_choose": (None, "deed", tuple(DEEDS)),
    "office_exchange_act": (None, "deed", tuple(EXCHANGE_DEEDS)),
    "office_exchange_file": (None, "what", tuple(FILES)),
    "office_dossier_clock": (
        "dossiers.Dossier",
        "what",
        ("extend", "wait", "answered", "causes", "dispute"),
    ),
    "office_why_rule": ("citizens.Party", "key", ("driving_licence_renewal",)),
}
# Addresses that no row is made for here, and where a foreign one is tried instead.
REASONS = {
    "app_list": "not by its name; each room is opened",
    "office_issued": "needs a paper that was drawn up: test_issued_papers",
    "office_form_again": "needs an order that failed: test_issued_papers",
    "office_case_offer": "needs a bundle's case: test_counter_bundles",
    "office_stray_money_settle": "for the whole province, of no commune: test_stray_receipts",
}


def addresses(searched: str, *, rows: int = _ROWS, one_of: int = 1) -> Iterator[str]:
    """Yield all addresses under /admin/ that GET may ask for, lists also searched for a name.

    Of each table the last `rows` stand in addresses. Of the further ways to ask the same pages
    one in so many (`one_of`), so that a sample asks each page in another way than its neighbours.
    """
    rooms = {model._meta.app_label for model in _desks()}
    yield from (reverse("admin:app_list", args=[room]) for room in sorted(rooms))
    plain: list[str] = []
    for pattern in _patterns(admin.site.urls[0]):
        for keys in _keys_of(pattern, rows):
            try:
                address = reverse(f"admin:{pattern.name}", kwargs=keys)
            except NoReverseMatch:
                continue
            yield address
            if not keys:
                plain.append(address)
    further = chain(*(_asked(address, searched) for address in plain), _choices(searched))
    yield from islice(further, 0, None, one_of)


def posted(*, rows: int = _ROWS) -> Iterator[str]:
    """Yield the addresses that have a row's key in them: what is pressed on a row goes there."""
    for pattern in _patterns(admin.site.urls[0]):
        if pattern.pattern.converters:
            for keys in _keys_of(pattern, rows):
                try:
                    yield reverse(f"admin:{pattern.name}", kwargs=keys)
                except NoReverseMatch:
                    continue


def without_a_row() -> set[str]:
    """Return the addresses for which the tables of this test have no key that fits."""
    reached: set[str] = set()
    named = list(_patterns(admin.site.urls[0]))
    for pattern in named:
        for keys in _keys_of(pattern, _ROWS):
            try:
                reverse(f"admin:{pattern.name}", kwargs=keys)
            except NoReverseMatch:
                continue
            reached.add(str(pattern.name))
            break
    return {str(pattern.name) for pattern in named} - reached


def _asked(address: str, searched: str) -> Iterator[str]:
    """Yield an address as people search, turn pages, and open it in a window to choose from."""
    yield f"{address}?q={searched}"
    yield f"{address}?s={searched}&extended=1"
    yield f"{address}?_popup=1"
    yield f"{address}?_popup=1&_to_field=party&q={searched}"
    yield f"{address}?all=&p=0&o=-1"
    yield f"{address}?format=csv"
    yield f"{address}?format=xlsx"


def _choices(searched: str) -> Iterator[str]:
    """Yield what a field that completes what is typed asks, for every key to another table."""
    for model in admin.site._registry:
        for field in model._meta.get_fields():
            if isinstance(field, ForeignKey):
                label = f"app_label={model._meta.app_label}&model_name={model._meta.model_name}"
                query = f"{label}&field_name={field.name}"
                yield f"{reverse('admin:autocomplete')}?{query}&term={searched}"


def _patterns(urls: Iterable[Any]) -> Iterator[URLPattern]:
    for url in urls:
        if isinstance(url, URLResolver):
            yield from _patterns(url.url_patterns)
        elif url.name and url.name not in ("logout", "jsi18n"):
            yield url


def _keys_of(pattern: URLPattern, rows: int) -> Iterator[dict[str, Any]]:
    """Yield values for the parts of an address: the rows of its own table, or of any that fit."""
    names = list(pattern.pattern.converters)
    if not names:
        yield {}
        return
    name = str(pattern.name)
    if name in _WORDS:
        yield from _with_words(names, *_WORDS[name], rows)
        return
    if name in _TABLES:
        for row in apps.get_model(_TABLES[name])._default_manager.order_by("-pk")[:rows]:
            yield {names[0]: row.pk}
        return
    own = [model for model in _desks() if str(pattern.name).startswith(_stem(model))]
    fitting = [model for model in _all_models() if all(hasattr(model, name) for name in names)]
    for model in own or fitting:
        for row in model._default_manager.order_by("-pk")[:rows]:
            yield {name: _value(name, row) for name in names}


def _with_words(
    names: list[str], table: str | None, word: str, words: tuple[str, ...], rows: int
) -> Iterator[dict[str, Any]]:
    """Yield every word, each with the last rows of the table where the address has a key, too."""
    if table is None:
        yield from ({word: one} for one in words)
        return
    key = next(name for name in names if name != word)
    for row in apps.get_model(table)._default_manager.order_by("-pk")[:rows]:
        yield from ({key: _value(key, row), word: one} for one in words)


def _desks() -> list[type[Model]]:
    return [model for model, desk in admin.site._registry.items() if isinstance(desk, DeskAdmin)]


def _all_models() -> list[type[Model]]:
    rooms = {"citizens", "notifications", "procedures", "dossiers"}
    return [model for model in apps.get_models() if model._meta.app_label in rooms]


def _stem(model: type[Model]) -> str:
    return f"{model._meta.app_label}_{model._meta.model_name}_"


def _value(name: str, row: Model) -> Any:
    """Return what stands for a row in an address: the attribute of that name, or its key."""
    found = getattr(row, name, None)
    return found if isinstance(found, UUID | str | int) else row.pk


def says(response: Any) -> str:
    """Return everything an answer tells: its text, in JSON too, and its headers."""
    text = b"".join(response) if response.streaming else response.content
    if response.headers.get("Content-Type", "") == WORKBOOK:
        sheet = openpyxl.load_workbook(io.BytesIO(text)).worksheets[0]
        text = str([list(row) for row in sheet.iter_rows(values_only=True)]).encode()
    said = text.decode("utf-8", errors="replace")
    if "json" in response.headers.get("Content-Type", ""):
        said = json.dumps(json.loads(said), ensure_ascii=False)
    return said + str(dict(response.headers))


def shown_in(said: str, people: Iterable[Citizen]) -> set[int]:
    """Return the people whom a page names, by name or by masked number."""
    from portal.common.masking import mask_pin

    return {
        person.pk
        for person in people
        if person.full_name in said or (person.pin and mask_pin(person.pin) in said)
    }
