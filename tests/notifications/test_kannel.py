"""Against Kannel itself, with the fake SMSC of its makers behind it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from aiohttp import web
from asgiref.sync import async_to_sync

from notifications.rules.sms import parts, unaccented
from notifications.transports.base import Content, TransportError
from notifications.transports.kannel import KannelGateway
from tests.peers.real_kannel import Arrived, RealKannel, require_kannel
from tests.peers.web_peer import WebPeer

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

PHONE = "+84500000001"
SENTENCE = "Giấy phép lái xe hạng B của ông/bà sắp hết hạn ngày 31/12/2026 {mã 7K3M-P9QX}. "
REPORTED = 2  # taken by the operator, then delivered, in whichever order


class Ear(WebPeer):
    """Hears what Kannel reports and what telephones say."""

    prefix = "http://"
    path = "/heard"

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[dict[str, str]] = []

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/heard", self._hear)]

    async def _hear(self, request: web.Request) -> web.Response:
        self.heard.append(dict(request.query))
        return web.Response()


@pytest.fixture(scope="module")
def ear() -> Iterator[Ear]:
    with Ear() as listening:
        yield listening


@pytest.fixture(scope="module")
def kannel(tmp_path_factory: pytest.TempPathFactory, ear: Ear) -> Iterator[RealKannel]:
    require_kannel()
    with RealKannel(tmp_path_factory.mktemp("kannel"), inbound=f"{ear.origin}/heard") as running:
        yield running


def send(kannel: RealKannel, texts: dict[str, str], *, receipts: str = "") -> None:
    """Send texts by their references."""

    async def work() -> None:
        gateway = KannelGateway.from_url(kannel.url(), receipts_url=receipts)
        try:
            for reference, text in texts.items():
                content = Content(body=text)
                await gateway.send(address=PHONE, content=content, reference=reference)
        finally:
            await gateway.aclose()

    async_to_sync(work)()


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


def of_length(length: int, *, accented: bool) -> str:
    """Return a text of so many letters that begins and ends with one."""
    text = (SENTENCE * 10)[: length - 1] + "."
    return text if accented else unaccented(text)


ACCENTED = {f"{n} ă": of_length(n, accented=True) for n in (1, 70, 71, 134, 135, 201, 202, 268)}
PLAIN = {f"{n} a": of_length(n, accented=False) for n in (1, 150, 160, 290, 300, 440, 450, 590)}
ODD = {
    "escape on a seam": "a" * 152 + "{" + "b" * 152,
    "letters of GSM beyond ASCII": "àèéìòù£ñÑÄöÜ§" * 13,
    "signs of addresses": "100% & x=y; a+b #1 ? / \\ %41",
    "lines": "dòng một\ndòng hai",
    "an emoji on a seam": "ộ" * 66 + "😀" + "ờ" * 30,
}


@pytest.mark.parametrize("texts", [ACCENTED, PLAIN, ODD], ids=["accented", "plain", "odd"])
def test_texts_arrive_whole_in_as_many_parts_as_computed(
    kannel: RealKannel, texts: dict[str, str]
) -> None:
    before = len(kannel.arrived(0))

    send(kannel, texts)

    came = kannel.arrived(before + len(texts))[before:]
    assert came == [Arrived("8049", PHONE, text, parts(text)) for text in texts.values()]
    assert {parts(text) for text in (ACCENTED | PLAIN).values()} == {1, 2, 3, 4}


def test_kannel_reports_by_our_reference_once_a_text(kannel: RealKannel, ear: Ear) -> None:
    texts = {"short": "Chao", "long": ACCENTED["268 ă"]}

    send(kannel, texts, receipts=ear.url())

    def reported(reference: str) -> list[str]:
        return sorted(one["status"] for one in ear.heard if one.get("reference") == reference)

    wait_for(lambda: all(len(reported(one)) >= REPORTED for one in texts))
    assert {one: reported(one) for one in texts} == {one: ["1", "8"] for one in texts}


@pytest.mark.parametrize("words", ["1", "De sau", "Để sau nhé"])
def test_kannel_hands_on_what_a_telephone_says(kannel: RealKannel, ear: Ear, words: str) -> None:
    ear.heard.clear()

    kannel.phone_says(PHONE, words)

    wait_for(lambda: bool(ear.heard))
    [said] = ear.heard
    assert (said["from"], said["text"]) == (PHONE, words)
    assert said["id"]


@pytest.mark.parametrize(
    ("secret", "address", "status", "is_permanent"),
    [("wrong", PHONE, "403", False), ("", "+84x", "400", True)],
    ids=["a wrong password is the gateway's fault", "no number is refused for good"],
)
def test_kannel_refuses(
    kannel: RealKannel, secret: str, address: str, status: str, is_permanent: bool
) -> None:
    async def work() -> None:
        gateway = KannelGateway.from_url(kannel.url(secret=secret))
        try:
            await gateway.send(address=address, content=Content(body="Chao"), reference="x")
        finally:
            await gateway.aclose()

    with pytest.raises(TransportError, match=status) as refused:
        async_to_sync(work)()

    assert refused.value.permanent == is_permanent
    assert not refused.value.uncertain
