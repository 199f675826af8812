"""An official changes a draft of a rule; whatever is wrong in it is refused with its place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from citizens.models import User
from procedures.definition import DefinitionError, Problem, RuleDefinition
from procedures.models import RuleVersion
from procedures.selectors.drafts import seen_of
from procedures.selectors.known_codes import KnownCodes, unknown_codes
from procedures.services.drafts import check_seen, locked_draft


@transaction.atomic
def edit_rule_draft(
    *,
    version: RuleVersion,
    by: User,
    seen: str,
    document: Mapping[str, Any],
    known: KnownCodes,
    last_day: date | None = None,
) -> RuleVersion:
    """Store what a draft says now; `by` is its writer from then on and cannot release it.

    `seen` is `seen_of` the draft that the editor had before them: StaleVersionError when it says
    something else by now, unless it says just this (a second press). `last_day` is the civil date
    after which the version ends by itself. DefinitionError names every key at fault; RefusedError
    when it is no draft any more.
    """
    row = locked_draft(version)
    definition = checked_rule(document, kind=row.rule.kind, known=known)
    written = RuleVersion(
        definition=definition.to_json(),
        valid=DateRange(None, last_day + timedelta(days=1) if last_day else None),
    )
    if seen_of(written) == seen_of(row):
        return row
    check_seen(row, seen)
    row.definition, row.valid, row.written_by = written.definition, written.valid, by
    row.save(update_fields=["definition", "valid", "written_by"])
    return row


def checked_rule(document: Mapping[str, Any], *, kind: str, known: KnownCodes) -> RuleDefinition:
    """Return the rule that a document says; DefinitionError for what is wrong or in no list."""
    definition = RuleDefinition.from_json(document)
    problems = unknown_codes(definition, known)
    if definition.kind != kind:
        problems.append(
            Problem("kind", "một quy tắc giữ nguyên loại của nó", "a rule keeps its kind")
        )
    if problems:
        raise DefinitionError(problems)
    return definition
