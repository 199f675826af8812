"""One of everything that addresses name, all of it Mrs Lan's."""

from __future__ import annotations

from typing import Any

from dossiers.services import save_draft
from portal.common import clock
from procedures.models import ProcedureVersion
from tests.factories.dossiers import catalogued_version
from tests.factories.papers import a_document
from tests.web.scene import Scene

LOST = "driving_licence_reissue"


def begun_and_kept(scene: Scene) -> None:
    """Give Mrs Lan a draft and a file in her repository."""
    catalogued_version(LOST)
    save_draft(
        suggestion=None,
        version=ProcedureVersion.objects.get(procedure__key=LOST),
        applicant=scene.lan,
        owner=scene.lan.party,
        changes={"reason": "Khác"},
        now=clock.now(),
    )
    a_document(scene.lan.party)


def ids_of(scene: Scene) -> dict[str, Any]:
    """Return what is Mrs Lan's of each kind that addresses name."""
    return {
        "suggestions": scene.suggestion,
        "dossiers": scene.lan.dossiers.get(),
        "inbox": scene.lan.party.messages.get(),
        "drafts": scene.lan.drafts.get(),
        "papers": scene.lan.party.documents.get(),
    }
