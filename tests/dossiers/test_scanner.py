"""The virus scanner: a real clamd, and what holds while it is away (F31)."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
from pytest_django import Settings

from dossiers.documents.scanner import ScannerDownError, answers, verdict_on
from dossiers.documents.store import forget
from dossiers.enums import DocumentOrigin, ScanVerdict
from dossiers.models import Document
from dossiers.selectors.papers import is_usable, oldest_unscanned_at, usable
from dossiers.services.keep_upload import keep_upload
from dossiers.services.scan_uploads import scan_uploads
from dossiers.tasks import scan_uploads as bell
from tests.dossiers.hostile_files import JPEG, PDF
from tests.dossiers.hostile_pdfs import EICAR, zip_of
from tests.factories.citizens import PartyFactory
from tests.factories.papers import a_document
from tests.peers.real_clamd import RealClamd, require_clamd

INFECTED_SCAN = b"%PDF-1.7 " + EICAR
NOBODY = "tcp://127.0.0.1:9"

pytestmark = pytest.mark.enable_socket  # a daemon on the loopback is another process


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealClamd]:
    require_clamd()
    with RealClamd(tmp_path_factory.mktemp("clamd")) as running:
        yield running


@pytest.fixture
def scanner(daemon: RealClamd, settings: Settings) -> RealClamd:
    settings.CLAMD_URL = daemon.tcp
    return daemon


@pytest.fixture(autouse=True)
def own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


@contextmanager
def hanging_up(*, lives: bool) -> Iterator[str]:
    """Give the address of a scanner that resets what it is sent, and may answer a ping after."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with server.accept()[0] as first:
                first.recv(64)
                first.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            if lives:
                with server.accept()[0] as second:
                    second.recv(64)
                    second.sendall(b"PONG\n")
            server.close()

        thread = Thread(target=serve)
        thread.start()
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}"
        thread.join(timeout=10)


class TestTheDaemon:
    @pytest.mark.parametrize(
        ("data", "verdict"),
        [
            (EICAR, ScanVerdict.INFECTED),
            (zip_of({"eicar.com": EICAR}), ScanVerdict.INFECTED),
            (zip_of({"a.zip": zip_of({"eicar.com": EICAR})}), ScanVerdict.INFECTED),
            (INFECTED_SCAN, ScanVerdict.INFECTED),
            (PDF, ScanVerdict.CLEAN),
            (JPEG, ScanVerdict.CLEAN),
            (b"a", ScanVerdict.CLEAN),
        ],
        ids=["plain", "in an archive", "two archives deep", "in a PDF", "PDF", "photo", "one byte"],
    )
    @pytest.mark.parametrize("way", ["tcp", "unix"])
    def test_it_tells_infected_from_clean(
        self, way: str, data: bytes, verdict: ScanVerdict, daemon: RealClamd, settings: Settings
    ) -> None:
        settings.CLAMD_URL = getattr(daemon, way)

        assert verdict_on(data) is verdict
        assert answers()

    def test_what_is_too_long_for_it_is_not_judged(self, scanner: RealClamd) -> None:
        assert verdict_on(bytes(14_000_000)) is ScanVerdict.PENDING

    @pytest.mark.parametrize(
        "url", [NOBODY, "unix:///nowhere/clamd.sock", "http://127.0.0.1", "clamd"]
    )
    def test_one_that_is_not_there_says_nothing(self, url: str, settings: Settings) -> None:
        settings.CLAMD_URL = url

        assert not answers()
        with pytest.raises(ScannerDownError):
            verdict_on(PDF)

    @pytest.mark.parametrize("lives", [True, False], ids=["refused the file", "ended"])
    def test_one_that_hangs_up_while_it_is_sent_to_is_asked_whether_it_lives(
        self, *, lives: bool, settings: Settings
    ) -> None:
        with hanging_up(lives=lives) as settings.CLAMD_URL:
            if lives:
                assert verdict_on(bytes(14_000_000)) is ScanVerdict.PENDING
                return
            with pytest.raises(ScannerDownError, match=r"BrokenPipe|ConnectionReset"):
                verdict_on(bytes(14_000_000))


@pytest.mark.django_db
class TestWhatWaits:
    def test_it_may_be_downloaded_when_the_scanner_says_so(self, scanner: RealClamd) -> None:
        clean = keep_upload(owner=PartyFactory(), data=PDF)
        bad = a_document(data=INFECTED_SCAN, scan_state=ScanVerdict.PENDING)
        assert clean.scan_state == ScanVerdict.PENDING
        assert not Document.objects.filter(usable()).exists()

        bell()

        assert list(Document.objects.filter(usable())) == [clean]
        bad.refresh_from_db()
        assert bad.scan_state == ScanVerdict.INFECTED
        assert oldest_unscanned_at() is None

    def test_while_it_is_down_nothing_may(self, settings: Settings) -> None:
        settings.CLAMD_URL = NOBODY
        kept = keep_upload(owner=PartyFactory(), data=PDF)

        bell()

        kept.refresh_from_db()
        assert not is_usable(kept)
        assert oldest_unscanned_at() == kept.recorded_at
        with pytest.raises(ScannerDownError):
            scan_uploads()

    def test_what_was_judged_without_one_is_scanned_when_one_comes(
        self, scanner: RealClamd
    ) -> None:
        old = a_document(data=INFECTED_SCAN, scan_state=ScanVerdict.STRUCTURE)
        assert not is_usable(old)

        assert scan_uploads().infected == 1
        assert not Document.objects.filter(usable()).exists()

    def test_one_that_does_not_open_does_not_hold_up_the_others(self, scanner: RealClamd) -> None:
        lost = a_document(scan_state=ScanVerdict.PENDING)
        forget(lost.stored_name)
        kept = keep_upload(owner=PartyFactory(), data=PDF)

        done = scan_uploads()

        assert (done.clean, done.unanswered) == (1, 1)
        assert list(Document.objects.filter(usable())) == [kept]

    def test_without_one_the_structure_counts(self, settings: Settings) -> None:
        left = a_document(scan_state=ScanVerdict.PENDING)
        settings.CLAMD_URL = ""

        scan_uploads()

        left.refresh_from_db()
        assert left.scan_state == ScanVerdict.STRUCTURE
        assert is_usable(left)

    @pytest.mark.parametrize("state", [ScanVerdict.PENDING, ScanVerdict.CLEAN])
    def test_what_we_made_ourselves_waits_for_nobody(
        self, state: ScanVerdict, settings: Settings
    ) -> None:
        settings.CLAMD_URL = NOBODY
        result = a_document(origin=DocumentOrigin.RESULT, scan_state=state)

        assert is_usable(result)
        assert list(Document.objects.filter(usable())) == [result]


@pytest.mark.django_db
def test_a_scanner_that_dies_leaves_what_came_after_it_closed(
    tmp_path: Path, settings: Settings
) -> None:
    require_clamd()
    with RealClamd(tmp_path) as dying:
        settings.CLAMD_URL = dying.unix
        before = keep_upload(owner=PartyFactory(), data=PDF)
        scan_uploads()
        dying.kill()
        after = keep_upload(owner=PartyFactory(), data=JPEG)

        bell()

    assert list(Document.objects.filter(usable())) == [before]
    assert after.scan_state == ScanVerdict.PENDING
