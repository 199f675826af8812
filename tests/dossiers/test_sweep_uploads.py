"""What was sent and filed with nothing is deleted after 30 days, row and file; the rest stays."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from structlog.testing import capture_logs

from dossiers.documents.store import folder
from dossiers.enums import Action, BundleStepState, DocumentOrigin
from dossiers.models import Document, DossierPaper, Draft, PreparedPaper
from dossiers.services.hand_in_papers import lay_ready
from dossiers.services.sweep_uploads import sweep_uploads
from dossiers.tasks import sweep_uploads as nightly
from tests.dossiers.bundle_scene import PERMIT, house
from tests.dossiers.scene import FRIDAY, Scene, renewal, step
from tests.factories.citizens import OfficialFactory
from tests.factories.papers import a_document

pytestmark = pytest.mark.django_db
LATER = FRIDAY + timedelta(days=31)


@pytest.fixture
def scene() -> Scene:
    return renewal()


def sent(scene: Scene, *, at: datetime = FRIDAY, code: str = "GPLX-02") -> Document:
    """Return a file that the citizen laid ready for a component."""
    with time_machine.travel(at, tick=False):
        document = a_document(scene.citizen.party, code.encode() + at.isoformat().encode())
        Document.objects.filter(pk=document.pk).update(recorded_at=at)
        lay_ready(
            applicant=scene.citizen,
            owner=scene.citizen.party,
            component_code=code,
            document=document,
            now=at,
        )
    return document


def swept(django_capture: Any, *, at: datetime = LATER) -> int:
    """Sweep as the night does, with what follows the commit."""
    with django_capture(execute=True):
        return sweep_uploads(now=at)


@pytest.mark.parametrize(("days", "left"), [(29, 1), (30, 1), (31, 0)])
def test_a_file_laid_ready_and_never_filed_goes_after_30_days(
    scene: Scene, django_capture_on_commit_callbacks: Any, days: int, left: int
) -> None:
    document = sent(scene)

    count = swept(django_capture_on_commit_callbacks, at=FRIDAY + timedelta(days=days))

    assert count == 1 - left
    assert (folder() / document.stored_name).exists() == bool(left)
    assert Document.objects.count() == PreparedPaper.objects.count() == left
    assert swept(django_capture_on_commit_callbacks, at=FRIDAY + timedelta(days=days)) == 0


def test_the_nightly_task_says_how_many_and_nothing_else(scene: Scene) -> None:
    sent(scene)
    with time_machine.travel(LATER, tick=False), capture_logs() as lines:
        nightly()

    assert [(line["event"], line["count"]) for line in lines] == [("forgotten_uploads_deleted", 1)]


def test_what_belongs_to_something_stays(
    scene: Scene, django_capture_on_commit_callbacks: Any
) -> None:
    owner = scene.citizen.party
    filed = sent(scene)
    dossier = scene.submit()
    DossierPaper.objects.update_or_create(
        dossier=dossier, component_code="GPLX-02", defaults={"document": filed, "name_vi": "x"}
    )
    kept = {
        filed.pk,
        a_document(owner, b"result", origin=DocumentOrigin.RESULT).pk,
        a_document(owner, b"scan", digitised_by=OfficialFactory()).pk,
    }
    taken_away = a_document(owner, b"alone")
    Document.objects.update(recorded_at=FRIDAY)

    assert swept(django_capture_on_commit_callbacks) == 1

    assert set(Document.objects.values_list("pk", flat=True)) == kept
    assert not (folder() / taken_away.stored_name).exists()


def test_a_paper_of_the_repository_is_kept_when_its_choice_is_undone(
    scene: Scene, django_capture_on_commit_callbacks: Any
) -> None:
    result = a_document(scene.citizen.party, origin=DocumentOrigin.RESULT)
    lay_ready(
        applicant=scene.citizen,
        owner=scene.citizen.party,
        component_code="GPLX-02",
        document=result,
        now=FRIDAY,
    )

    assert swept(django_capture_on_commit_callbacks) == 0

    assert not PreparedPaper.objects.exists()
    assert Document.objects.get() == result


def test_a_draft_still_written_on_keeps_what_was_laid_ready(
    scene: Scene, django_capture_on_commit_callbacks: Any
) -> None:
    sent(scene)
    draft = Draft(
        owner=scene.citizen.party,
        applicant=scene.citizen,
        procedure_version=scene.version,
        saved_at=LATER - timedelta(days=3),
    )
    draft.form = {}
    draft.save(force_insert=True)

    assert swept(django_capture_on_commit_callbacks) == 0
    assert swept(django_capture_on_commit_callbacks, at=LATER + timedelta(days=40)) == 1


def test_an_office_that_asked_for_papers_keeps_what_was_laid_ready(
    scene: Scene, django_capture_on_commit_callbacks: Any
) -> None:
    dossier = step(scene.submit(), Action.RECEIVE, scene.officer())
    step(dossier, Action.REQUEST_SUPPLEMENT, scene.officer(), note="Ảnh mờ")
    sent(scene)

    assert swept(django_capture_on_commit_callbacks) == 0


def test_a_later_step_of_a_case_keeps_what_was_laid_ready(
    django_capture_on_commit_callbacks: Any,
) -> None:
    matter = house({})
    case = matter.file()
    assert case.steps.filter(state=BundleStepState.WAITING).exists()
    assert case.steps.get(procedure__code=PERMIT).state == BundleStepState.FILED
    document = a_document(case.owner)
    Document.objects.update(recorded_at=FRIDAY)
    lay_ready(
        applicant=matter.citizen,
        owner=case.owner,
        component_code="X",
        document=document,
        now=FRIDAY,
    )

    assert swept(django_capture_on_commit_callbacks) == 0
    case.steps.update(state=BundleStepState.DROPPED)
    assert swept(django_capture_on_commit_callbacks) == 1
