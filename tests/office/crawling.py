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
from django.urls.converters import IntConverter

from citizens.models import Citizen
from notifications.enums import Channel
from portal.common.downloads import WORKBOOK
from portal.office.base import DeskAdmin
from portal.office.delivery_acts import DEEDS
from portal.office.exchange import FILES
from portal.office.exchange_acts import DEEDS as EXCHANGE_DEEDS
from procedures.enums import RuleAction

_ROWS = 6  # of each table that are opened, where nothing else is said
# The table whose keys stand in the addresses with this beginning; the longest that fits counts.
_TABLES = {
    "notifications_message_matter": "procedures.Suggestion",
    "office_answers_away": "dossiers.AnswerText",
    "office_automatic_draft": "procedures.Procedure",
    "office_automatic_judge": "dossiers.AutomaticDecision",
    "office_automatic_one": "dossiers.AutomaticDecision",
    "office_automatic_switch": "procedures.Procedure",
    "office_batch": "citizens.Batch",
    "office_breach": "citizens.Breach",
    "office_bundle_": "procedures.BundleVersion",
    "office_bundle_begin": "procedures.Bundle",
    "office_call_back": "notifications.CallBack",
    "office_child_number": "dossiers.Dossier",
    "office_control_slip": "dossiers.Dossier",
    "office_counter_": "dossiers.CounterVisit",
    "office_course": "citizens.Course",
    "office_delivery_undo": "notifications.OperatorAct",
    "office_digitise": "dossiers.Dossier",
    "office_directive": "reporting.Directive",
    "office_directive_new": "citizens.Agency",
    "office_dispute": "dossiers.Dispute",
    "office_document": "dossiers.Document",
    "office_dossier": "dossiers.Dossier",
    "office_evidence": "dossiers.Dispute",
    "office_exchange_difference": "dossiers.Difference",
    "office_exchange_row": "dossiers.ExchangeRow",
    "office_exchange_word": "dossiers.ExchangeInbox",
    "office_fee_": "dossiers.Dossier",
    "office_feedback_": "reporting.Feedback",
    "office_give_competence": "dossiers.Dossier",
    "office_hand_": "dossiers.Dossier",
    "office_log_file": "dossiers.LogBook",
    "office_note": "dossiers.Dossier",
    "office_papers_": "dossiers.DigitisingBatch",
    "office_pass_on": "dossiers.Dossier",
    "office_procedure_release": "procedures.ProcedureVersion",
    "office_programme": "procedures.Programme",
    "office_queue_forget": "dossiers.QueueFilter",
    "office_refund": "dossiers.Payment",
    "office_register": "citizens.Register",
    "office_rehearsal": "procedures.RuleVersion",
    "office_rehearsal_": "procedures.RehearsalRun",
    "office_rule_": "procedures.RuleVersion",
    "office_rule_begin": "procedures.Rule",
    "office_service": "procedures.Procedure",
    "office_service_simplify": "procedures.Procedure",
    "office_stray_money_settle": "dossiers.PaymentNotice",
    "office_text_": "notifications.TextVersion",
    "office_text_begin": "notifications.Topic",
    "office_text_topic": "notifications.Topic",
    "office_ticket_slip": "dossiers.Ticket",
    "office_why_person": "citizens.Party",
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
    "office_register_template": ("citizens.Register", "kind", ("person", "licence")),
    "office_report_file": ("reporting.Report", "form", ("pdf", "xlsx")),
    "office_rule_step": ("procedures.Rule", "action", tuple(map(str, RuleAction))),
    "office_version_step": ("procedures.RuleVersion", "action", tuple(map(str, RuleAction))),
    "office_why_rule": ("citizens.Party", "key", ("driving_licence_renewal",)),
}
# Addresses that no row is made for here, and where a foreign one is tried instead.
REASONS = {
    "app_list": "not by its name; each room is opened",
    "office_issued": "needs a paper that was drawn up: test_issued_papers",
    "office_form_again": "needs an order that failed: test_issued_papers",
    "office_case_offer": "needs a bundle's case: test_counter_bundles",
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
    if name in REASONS:
        return
    if name in _WORDS:
        yield from _with_words(names, *_WORDS[name], rows)
        return
    for row in _table_of(name)._default_manager.order_by("-pk")[:rows]:
        yield {one: _value(one, row, pattern.pattern.converters[one]) for one in names}


def _table_of(name: str) -> type[Model]:
    fitting = [beginning for beginning in _TABLES if name.startswith(beginning)]
    if fitting:
        return apps.get_model(_TABLES[max(fitting, key=len)])
    own = [model for model in _desks() if name.startswith(_stem(model))]
    assert own, f"{name}: say in _TABLES or _WORDS what stands in the address."
    return own[0]


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


def _stem(model: type[Model]) -> str:
    return f"{model._meta.app_label}_{model._meta.model_name}_"


def _value(name: str, row: Model, converter: Any = None) -> Any:
    """Return what stands for a row in an address: the attribute of that name, or its key."""
    found = None if isinstance(converter, IntConverter) else getattr(row, name, None)
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
