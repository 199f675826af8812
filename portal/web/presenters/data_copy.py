"""The copy of one's data as a page: every section under its heading, every row as terms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrPromise

from citizens.enums import EventRole, FactTable
from citizens.selectors.readable import column_label, decimal_text
from dossiers.services import DataCopy
from portal.common import clock
from portal.web.presenters.kinds import record_name
from portal.web.presenters.looks import FIELDS
from portal.web.presenters.papers import PaperNames
from portal.web.templatetags.portal_format import moment, short_date

_HEADINGS: Mapping[str, StrPromise] = {
    "person": gettext_lazy("Who you are"),
    "sensitive": gettext_lazy("Sensitive data"),
    "account": gettext_lazy("Your account"),
    "contacts": gettext_lazy("How you are reached"),
    "papers": gettext_lazy("Papers and licences"),
    "records": gettext_lazy("Records in registers"),
    "household": gettext_lazy("Household"),
    "relations": gettext_lazy("Family relations"),
    "authorities": gettext_lazy("Who may act for whom"),
    "events": gettext_lazy("Life events"),
    "discrepancies": gettext_lazy("Data that do not agree"),
    "corrections": gettext_lazy("Corrected data"),
    "consents": gettext_lazy("What you agreed to or not"),
    "preferences": gettext_lazy("What you want to be told"),
    "requests": gettext_lazy("Requests about your data"),
    "looks": gettext_lazy("Who looked at your data"),
    "suggestions": gettext_lazy("Suggestions"),
    "dossiers": gettext_lazy("Dossiers"),
    "drafts": gettext_lazy("Drafts"),
    "messages": gettext_lazy("Messages"),
    "replies": gettext_lazy("Your replies"),
}
_TERMS: Mapping[str, StrPromise] = {
    "act_due_on": gettext_lazy("to be done by"),
    "agency": gettext_lazy("agency"),
    "answer": gettext_lazy("answer"),
    "answer_due_on": gettext_lazy("answer due on"),
    "answered_at": gettext_lazy("answered at"),
    "as_of": gettext_lazy("as of"),
    "basis": gettext_lazy("on what ground"),
    "body": gettext_lazy("what was asked"),
    "category": gettext_lazy("class"),
    "channel": gettext_lazy("channel"),
    "code": gettext_lazy("code"),
    "column": gettext_lazy("field"),
    "current_address": gettext_lazy("current address"),
    "decision": gettext_lazy("decision"),
    "details": gettext_lazy("details"),
    "died_on": gettext_lazy("died on"),
    "email": gettext_lazy("e-mail"),
    "emigrated_on": gettext_lazy("emigrated on"),
    "ethnicity": gettext_lazy("ethnicity"),
    "extension_reason": gettext_lazy("why it takes longer"),
    "fields": gettext_lazy("fields"),
    "finished_at": gettext_lazy("finished at"),
    "for_whom": gettext_lazy("for whom"),
    "from_on": gettext_lazy("from"),
    "health": gettext_lazy("health"),
    "held_value": gettext_lazy("held"),
    "household": gettext_lazy("household number"),
    "is_allowed": gettext_lazy("wanted"),
    "is_given": gettext_lazy("agreed"),
    "is_head": gettext_lazy("head"),
    "is_shared": gettext_lazy("used by several people"),
    "issuer": gettext_lazy("issuer"),
    "joined_at": gettext_lazy("account since"),
    "kind": gettext_lazy("kind"),
    "language": gettext_lazy("language"),
    "last_login": gettext_lazy("last signed in"),
    "note": gettext_lazy("note"),
    "number": gettext_lazy("number"),
    "occurred_on": gettext_lazy("occurred on"),
    "of": gettext_lazy("of whom"),
    "opened_on": gettext_lazy("opened on"),
    "permanent_address": gettext_lazy("permanent address"),
    "poverty": gettext_lazy("poverty status"),
    "purpose": gettext_lazy("purpose"),
    "read_at": gettext_lazy("read at"),
    "received_on": gettext_lazy("received on"),
    "recorded_at": gettext_lazy("recorded at"),
    "reference": gettext_lazy("reference"),
    "register": gettext_lazy("register"),
    "relation_to_head": gettext_lazy("relation to head"),
    "religion": gettext_lazy("religion"),
    "replaced": gettext_lazy("replaced value"),
    "revoked_at": gettext_lazy("ended at"),
    "role": gettext_lazy("role"),
    "rule": gettext_lazy("matter"),
    "saved_at": gettext_lazy("saved at"),
    "sent_at": gettext_lazy("sent at"),
    "source": gettext_lazy("where"),
    "stated": gettext_lazy("what you said before it began"),
    "stated_by": gettext_lazy("stated by"),
    "stated_value": gettext_lazy("stated"),
    "steps": gettext_lazy("steps"),
    "submitted_at": gettext_lazy("submitted at"),
    "text": gettext_lazy("text"),
    "text_version": gettext_lazy("version"),
    "until_on": gettext_lazy("until"),
    "username": gettext_lazy("sign-in name"),
    "value": gettext_lazy("corrected value"),
    "verified_at": gettext_lazy("verified at"),
    "who_acts": gettext_lazy("who acts"),
    "word": gettext_lazy("answer"),
}
_ROLES: Mapping[str, StrPromise] = {
    EventRole.SUBJECT: gettext_lazy("Whom it is about"),
    EventRole.MOTHER: gettext_lazy("Mother"),
    EventRole.FATHER: gettext_lazy("Father"),
    EventRole.CHILD: gettext_lazy("Child"),
    EventRole.SPOUSE: gettext_lazy("Spouse"),
}
_NOT_SHOWN = frozenset({"is_own", "text_key", "text_sha256"})
_NAMES_OF_FIELDS = frozenset({"column", "fields"})  # values that are keys of ours


@dataclass(frozen=True)
class Section:
    """One heading with its rows, each a list of (term, value); no rows say that nothing is held."""

    key: str
    heading: str
    rows: list[list[tuple[str, str]]]


def sections(copy: DataCopy) -> list[Section]:
    """Return the whole copy for reading; empty values are left out, empty sections are not."""
    papers = PaperNames.in_force(clock.civil_date(copy.made_at))
    return [
        Section(key, str(_HEADINGS[key]), [list(_terms(_worded(key, row, papers))) for row in rows])
        for key, rows in copy.sections.items()
    ]


def _worded(section: str, row: Mapping[str, Any], papers: PaperNames) -> Mapping[str, Any]:
    """Return a row in which keys of ours have their words too."""
    found = {key: _named(row[key]) for key in _NAMES_OF_FIELDS & row.keys()}
    if "details" in row:
        found["details"] = {_key(key): part for key, part in row["details"].items()}
    match section:
        case "papers":
            found["kind"] = papers.name(row["kind"])
        case "records":
            found["kind"] = record_name(row["kind"])
        case "events":
            found["role"] = str(_ROLES.get(row["role"], row["role"]))
    return {**row, **found}


def _named(value: Any) -> Any:
    return list(map(_field, value)) if isinstance(value, list) else _field(str(value))


def _field(name: str) -> str:
    """Return the name of a stored column or of a key of a document."""
    return _term(name) if name in _TERMS or name in FIELDS else _key(name)


def _key(name: str) -> str:
    """Return how registers' documents call what they hold under a key."""
    return column_label(FactTable.RECORD, name)


def _terms(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in row.items():
        if key.endswith("_text") or key in _NOT_SHOWN:
            continue
        shown = _shown(row.get(f"{key}_text", value))
        if shown:
            yield _term(key), shown


def _term(key: str) -> str:
    known = _TERMS.get(key) or FIELDS.get(key)
    term = str(known or key.replace("_", " "))
    return term[:1].upper() + term[1:]


def _shown(value: Any) -> str:
    """Return a JSON value as people read it."""
    match value:
        case None | "":
            return ""
        case bool():
            return _("Yes") if value else _("No")
        case dict():
            parts = ((key, _shown(part)) for key, part in value.items())
            return "; ".join(f"{_term(key)}: {part}" for key, part in parts if part)
        case list():
            return "; ".join(filter(None, map(_shown, value)))
        case float():
            return decimal_text(str(value))
        case str():
            return _dated(value)
        case _:
            return str(value)


def _dated(text: str) -> str:
    """Return an ISO date or instant as people write it, any other text as it is."""
    try:
        if len(text) == 10:
            return short_date(date.fromisoformat(text))
        if "T" in text[10:11]:
            return moment(datetime.fromisoformat(text))
    except ValueError:
        return text
    return text
