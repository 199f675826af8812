"""Cases in which a procedure is not needed."""

from __future__ import annotations

from datetime import date

from procedures.definition.exemptions import Exemption
from procedures.definition.reading import Node
from procedures.models import ProcedureVersion
from procedures.models.catalogue import in_force


def exemption_in_force(*, code: str, key: str, day: date) -> Exemption | None:
    """Return the exemption of a procedure that the law grants on `day`, None where it does not."""
    versions = ProcedureVersion.objects.filter(in_force(day), procedure__code=code)
    for definition in versions.values_list("definition", flat=True):
        for raw in definition.get("exemptions", ()):
            if raw.get("key") == key:
                found = Exemption.read(Node(raw))
                return found if found.holds_on(day) else None
    return None
