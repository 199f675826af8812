"""An official changes a draft of a bundle; whatever is wrong in it is refused with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from citizens.models import User
from procedures.definition import DefinitionError, Problem
from procedures.definition.bundle import BundleDefinition, Procedures, check_bundle
from procedures.models import Bundle, BundleVersion
from procedures.selectors.drafts import seen_of
from procedures.services.drafts import check_seen, locked_draft

_LONGEST_NAME = 200
_FIELDS = ["definition", "name_vi", "name_en", "valid", "written_by"]


@transaction.atomic
def edit_bundle_draft(
    *,
    version: BundleVersion,
    by: User,
    seen: str,
    document: Mapping[str, Any],
    procedures: Procedures,
    last_day: date | None = None,
) -> BundleVersion:
    """Store what a draft says now; `by` is its writer from then on and cannot release it.

    `seen`, `last_day` and the errors are those of `edit_rule_draft`; `procedures` is what is in
    force and may be named as a step.
    """
    row = locked_draft(version)
    definition = checked_bundle(document, bundle=row.bundle, procedures=procedures)
    written = BundleVersion(
        definition=definition.to_json(),
        valid=DateRange(None, last_day + timedelta(days=1) if last_day else None),
    )
    if seen_of(written) == seen_of(row):
        return row
    check_seen(row, seen)
    row.definition, row.valid, row.written_by = written.definition, written.valid, by
    row.name_vi, row.name_en = definition.name_vi, definition.name_en
    row.save(update_fields=_FIELDS)
    return row


def checked_bundle(
    document: Mapping[str, Any], *, bundle: Bundle, procedures: Procedures
) -> BundleDefinition:
    """Return the bundle that a document says; DefinitionError for all that is wrong in it."""
    definition = BundleDefinition.from_json(document)
    problems = [*check_bundle(definition, procedures), *_misnamed(definition, bundle)]
    if problems:
        raise DefinitionError(problems)
    return definition


def _misnamed(definition: BundleDefinition, bundle: Bundle) -> Iterator[Problem]:
    if (definition.key, definition.event) != (bundle.key, bundle.event):
        yield Problem(
            "key", "nhóm giữ nguyên khóa và sự kiện", "a bundle keeps its key and its event"
        )
    for path, name in (("name_vi", definition.name_vi), ("name_en", definition.name_en)):
        if len(name) > _LONGEST_NAME:
            vi, en = f"dài nhất {_LONGEST_NAME} ký tự", f"at most {_LONGEST_NAME} characters"
            yield Problem(path, vi, en)
