"""An official writes a draft in which a procedure decides by itself, or no longer does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from citizens.models import User
from portal.common.errors import RefusedError
from procedures.definition import ProcedureDefinition
from procedures.enums import VersionStatus
from procedures.models import Procedure, ProcedureVersion
from procedures.models.catalogue import in_force


@transaction.atomic
def write_automatic_draft(
    *, procedure: Procedure, automatic: Mapping[str, int] | None, by: User, day: date
) -> ProcedureVersion:
    """Return the draft that says `automatic` (None: by officials), all else as in force on `day`.

    A draft that waits already is changed, and `by` is its writer from then on and cannot release
    it. DefinitionError when the numbers are wrong or the procedure cannot decide by itself;
    RefusedError without any version, or when nothing would change.
    """
    Procedure.objects.select_for_update(of=("self",)).get(pk=procedure.pk)
    versions = procedure.versions.order_by("-number")
    newest = versions.first()
    if newest is None:
        raise RefusedError(_("There is no version to begin from."))
    draft = versions.filter(status=VersionStatus.DRAFT).first()
    origin = draft or versions.filter(in_force(day)).first() or newest
    stated = dict(automatic) if automatic else None
    if origin.definition.get("automatic") == stated:
        raise RefusedError(_("This is what version %(n)d says already.") % {"n": origin.number})
    definition = ProcedureDefinition.from_json({**origin.definition, "automatic": stated})
    if draft is not None:
        draft.definition, draft.written_by = definition.to_json(), by
        draft.save(update_fields=["definition", "written_by"])
        return draft
    return ProcedureVersion.objects.create(
        procedure=procedure,
        number=newest.number + 1,
        definition=definition.to_json(),
        name_vi=origin.name_vi,
        name_en=origin.name_en,
        valid=DateRange(None, origin.valid.upper),
        status=VersionStatus.DRAFT,
        written_by=by,
    )
