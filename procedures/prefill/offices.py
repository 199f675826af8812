"""The offices among which a citizen chooses where to come for an appointment."""

from __future__ import annotations

from django.db.models import Q

from citizens.models import Agency, Unit
from procedures.definition import FormField, ProcedureDefinition
from procedures.enums import FieldType
from procedures.prefill.facts import Facts


def offices_of(field: FormField, definition: ProcedureDefinition, facts: Facts) -> tuple[str, ...]:
    """Return the names of the offices that may be chosen, that of the place of residence first.

    Those of the procedure's competent kind in the same province; () for fields that name no
    office to choose (one query for those that do).
    """
    if field.type != FieldType.AGENCY or field.prefill is not None:
        return ()
    unit = _home(facts)
    near = Q(unit__in=[unit.pk, unit.parent_id])
    if unit.parent_id is not None:
        near |= Q(unit__parent=unit.parent_id)
    kind = definition.competent_agency.key
    offices = Agency.objects.filter(near, kind=kind, valid__contains=facts.day).order_by("code")
    rows = offices.values_list("name_vi", "unit")
    return tuple(name for name, _where in sorted(rows, key=lambda row: row[1] != unit.pk))


def _home(facts: Facts) -> Unit:
    if facts.organisation is not None:
        return facts.organisation.unit
    return (facts.person or facts.people["applicant"]).unit
