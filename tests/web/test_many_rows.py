"""Pages that list things ask the database as often for many rows as for a few."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from citizens.enums import DataRequestKind
from citizens.models import DataRequest
from dossiers.models import Document
from portal.common import clock
from tests.factories.citizens import AgencyFactory, CredentialFactory
from tests.factories.dossiers import DossierFactory
from tests.factories.notifications import MessageFactory
from tests.factories.papers import a_document
from tests.factories.procedures import SuggestionFactory
from tests.web.scene import DUE, Scene

pytestmark = pytest.mark.django_db
FEW, TENFOLD = 3, 30


def suggestions(scene: Scene) -> None:
    """One paper more that runs out, and what was made of it."""
    licence = CredentialFactory(holder=scene.lan, expires_on=DUE, unit=scene.ward)
    SuggestionFactory(citizen=scene.lan, credential=licence)


def papers(scene: Scene) -> None:
    """One paper more of a register, and one file more."""
    CredentialFactory(holder=scene.lan, expires_on=DUE, unit=scene.ward)
    a_document(scene.lan.party, data=f"%PDF-1.7 {Document.objects.count()}".encode())


def dossiers(scene: Scene) -> None:
    """One dossier more that is being handled."""
    DossierFactory(owner_citizen=scene.lan, competent=scene.office, processing=True)


def messages(scene: Scene) -> None:
    """One message more that was sent."""
    MessageFactory(
        recipient=scene.lan.party,
        state="sent",
        channel="sms",
        sent_at=clock.now(),
        rendered="Nhắc lịch",
    )


def everything(scene: Scene) -> None:
    """One row more of each."""
    for add in (suggestions, papers, dossiers, messages):
        add(scene)


def copy_page(scene: Scene) -> str:
    """Ask for a copy of all that is held, and return its page."""
    AgencyFactory(kind__key="ubnd_xa", unit=scene.ward)
    wanted = {"body": "Tất cả", "at_once": "1"}
    scene.client.post(f"/my/requests/new/{DataRequestKind.COPY}/", wanted)
    return f"/my/requests/{DataRequest.objects.get().public_id}/copy/"


PAGES: dict[str, tuple[Callable[[Scene], str], Callable[[Scene], None]]] = {
    "matters": (lambda _scene: "/my/", dossiers),
    "matters_of_one_rule": (lambda _scene: "/my/", suggestions),
    "papers": (lambda _scene: "/my/papers/", papers),
    "dossiers": (lambda _scene: "/my/dossiers/", dossiers),
    "inbox": (lambda _scene: "/my/inbox/", messages),
    "request_copy": (copy_page, everything),
}


@pytest.mark.parametrize("page", PAGES)
def test_tenfold_rows_are_no_more_queries(scene: Scene, page: str) -> None:
    address_of, add = PAGES[page]
    address = address_of(scene)
    for _ in range(FEW):
        add(scene)
    scene.client.get(address)  # what a process reads once is read
    few = queries(scene, address)

    for _ in range(TENFOLD - FEW):
        add(scene)

    assert queries(scene, address) == few


def queries(scene: Scene, address: str) -> int:
    with CaptureQueriesContext(connection) as ran:
        assert scene.client.get(address).status_code == 200
    return len(ran)
