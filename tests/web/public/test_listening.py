"""Audio programmes in public: heard, read, searched, fetched in ranges; nothing else is exposed."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from django.db import connection
from django.http import StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.common import clock
from procedures.models import Programme
from procedures.services.withdraw_programme import withdraw_programme
from tests.dossiers.sounds import mp3
from tests.factories.procedures import LICENCE, ProcedureVersionFactory
from tests.procedures.programme_scene import a_draft, a_sound, an_official, on_air

pytestmark = pytest.mark.django_db
KEY = "doi-giay-phep-lai-xe"
SOUND = f"/listen/{KEY}.mp3"


def body(response: Any) -> bytes:
    """Return all bytes of an answer."""
    if isinstance(response, StreamingHttpResponse):
        return response.getvalue()
    return bytes(response.content)


def text(client: Client, address: str, language: str = "vi") -> str:
    """Return a page in a language."""
    client.cookies["django_language"] = language
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


# ------------------------------------------------------------------------------------ the pages
@pytest.mark.parametrize(
    ("language", "title", "said", "length"),
    [
        ("vi", "Đổi giấy phép lái xe", "Chào ông bà.", "10 giây"),
        ("en", "Renewing a driving licence", "Good day.", "10 seconds"),
    ],
)
def test_a_programme_is_heard_and_read(
    client: Client, language: str, title: str, said: str, length: str
) -> None:
    ProcedureVersionFactory()
    on_air(procedures=(LICENCE,))

    listed = text(client, "/listen/", language)
    page = text(client, f"/listen/{KEY}/", language)
    about = text(client, f"/procedures/{LICENCE}/", language)

    assert f'href="/listen/{KEY}/"' in listed
    assert f'href="/listen/{KEY}/"' in about
    for shown in (listed, page):
        assert title in shown
        assert length in shown
    assert f'<audio controls preload="none" src="{SOUND}?v=' in page
    assert said in page
    assert "&lt;b&gt;" in page
    assert "<b>" not in page
    assert f'href="/procedures/{LICENCE}/"' in page


def test_without_an_english_transcript_the_vietnamese_one_says_what_it_is(client: Client) -> None:
    on_air(transcript_en="")

    page = text(client, f"/listen/{KEY}/", "en")

    assert 'lang="vi"' in page
    assert "in Vietnamese only" in page


def test_before_the_first_one_the_page_says_what_will_be_here(client: Client) -> None:
    a_draft()

    assert "Chưa có chương trình nào" in text(client, "/listen/")


def test_the_list_is_searched_without_accents_and_by_life_event(client: Client) -> None:
    ProcedureVersionFactory()
    on_air()
    on_air(title_vi="Tin lừa đảo", summary_vi="Bốn dấu hiệu.", events=())

    by_words = text(client, "/listen/?q=lua+dao")
    by_event = text(client, "/listen/?event=expiry")

    assert ("tin-lua-dao/" in by_words, f"{KEY}/" in by_words) == (True, False)
    assert ("tin-lua-dao/" in by_event, f"{KEY}/" in by_event) == (False, True)
    assert client.get("/listen/?event=xyzzy").status_code == 404
    assert "Không tìm thấy" in text(client, "/listen/?q=xyzzy")


def test_the_list_asks_the_same_of_many_as_of_few(client: Client) -> None:
    on_air()
    with CaptureQueriesContext(connection) as few:
        client.get("/listen/")
    for _number in range(4):
        on_air()
    with CaptureQueriesContext(connection) as many:
        client.get("/listen/")

    assert len(many) == len(few) <= 12


def test_it_is_one_press_from_the_first_page_and_from_help(client: Client) -> None:
    for address in ("/", "/help/"):
        assert 'href="/listen/"' in text(client, address)


# ------------------------------------------------------------------------ what nobody may meet
def addresses(programme: Programme) -> list[str]:
    """Return where a programme could be met."""
    return [f"/listen/{programme.key}/", f"/listen/{programme.key}.mp3"]


def test_what_is_not_on_air_is_nowhere(client: Client) -> None:
    today = clock.today()
    withdrawn = on_air(title_vi="Đã rút")
    withdraw_programme(
        programme=withdrawn,
        version=withdrawn.version,
        by=an_official(),
        reason="Sai",
        now=clock.now(),
    )
    hidden = [
        a_draft(title_vi="Chưa duyệt"),
        withdrawn,
        on_air(title_vi="Mai mới phát", from_on=today + timedelta(days=1)),
        on_air(title_vi="Hết từ hôm qua", until_on=today - timedelta(days=1)),
    ]

    listed = text(client, "/listen/") + client.get("/listen/feed.xml").content.decode()

    for one in hidden:
        assert one.key not in listed
        assert [client.get(address).status_code for address in addresses(one)] == [404, 404]


@pytest.mark.parametrize("ending", ["ogg", "m4a", "exe"])
def test_a_sound_has_its_own_ending_only(client: Client, ending: str) -> None:
    on_air()

    assert client.get(f"/listen/{KEY}.{ending}").status_code == 404


def test_only_looking_is_allowed(client: Client) -> None:
    on_air()

    for address in ("/listen/", f"/listen/{KEY}/", SOUND, "/listen/feed.xml"):
        assert client.post(address).status_code == 405


# ---------------------------------------------------------------------------------- the sound
LONG = 100  # seconds: more than one piece
RANGES = {
    "the whole from its beginning": ("bytes=0-", 206, (0, None)),
    "the first two bytes, as Safari asks": ("bytes=0-1", 206, (0, 2)),
    "a stretch": ("bytes=100-299", 206, (100, 300)),
    "across two pieces": ("bytes=262000-262999", 206, (262_000, 263_000)),
    "the last bytes": ("bytes=-500", 206, (-500, None)),
    "an end behind the end": ("bytes=300000-99999999", 206, (300_000, None)),
    "two ranges": ("bytes=0-1,5-6", 200, (0, None)),
    "another unit": ("items=0-1", 200, (0, None)),
    "nonsense": ("bytes=b-a", 200, (0, None)),
    "backwards": ("bytes=9-5", 200, (0, None)),
    "more digits than a number has": (f"bytes=0-{'9' * 5000}", 200, (0, None)),
}


@pytest.mark.parametrize(("asked", "status", "part"), RANGES.values(), ids=RANGES)
def test_a_range_is_answered_as_the_standard_says(
    client: Client, asked: str, status: int, part: tuple[int, int | None]
) -> None:
    data = mp3(LONG)
    on_air(sound=a_sound(LONG))

    response: Any = client.get(SOUND, headers={"range": asked})

    wanted = data[part[0] : part[1]]
    assert response.status_code == status
    assert body(response) == wanted
    assert response["Content-Length"] == str(len(wanted))
    assert response["Content-Type"] == "audio/mpeg"
    if status == 206:
        start = part[0] if part[0] >= 0 else len(data) + part[0]
        span = f"bytes {start}-{start + len(wanted) - 1}/{len(data)}"
        assert response["Content-Range"] == span


def test_a_jump_reads_the_pieces_it_needs_and_no_more(client: Client) -> None:
    on_air(sound=a_sound(LONG))

    with CaptureQueriesContext(connection) as asked:
        body(client.get(SOUND, headers={"range": "bytes=270000-270099"}))

    assert sum("recordingpiece" in one["sql"] for one in asked) == 1


def test_behind_the_end_there_is_nothing(client: Client) -> None:
    on_air()

    response = client.get(SOUND, headers={"range": "bytes=99999999-"})

    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{len(mp3(10))}"


def test_a_browser_asks_again_without_fetching_again(client: Client) -> None:
    on_air()
    first = client.get(SOUND)
    tag = first["ETag"]

    again = client.get(SOUND, headers={"if-none-match": tag})
    same = client.get(SOUND, headers={"range": "bytes=0-1", "if-range": tag})
    other = client.get(SOUND, headers={"range": "bytes=0-1", "if-range": '"older"'})
    head = client.head(SOUND)

    assert (again.status_code, body(again)) == (304, b"")
    assert (same.status_code, other.status_code) == (206, 200)
    assert head["Content-Length"] == str(len(mp3(10)))
    assert body(head) == b""
    for response in (first, again, head):
        assert response["Cache-Control"] == "public, max-age=600"
    assert first["Accept-Ranges"] == "bytes"
    assert first["X-Content-Type-Options"] == "nosniff"
    assert first["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "Content-Disposition" not in first


def test_it_is_kept_under_a_plain_name(client: Client) -> None:
    on_air()

    response = client.get(f"{SOUND}?v=1&keep")

    assert response["Content-Disposition"] == f'attachment; filename="{KEY}.mp3"'


# ----------------------------------------------------------------------------------- the feed
ATOM = "{http://www.w3.org/2005/Atom}"
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"


def test_the_feed_is_what_podcast_players_read(client: Client) -> None:
    row = on_air(title_vi="Giấy & tờ <1>")
    assert row.recording is not None

    response = client.get("/listen/feed.xml", headers={"accept-language": "en"})

    assert response["Content-Type"] == "application/rss+xml; charset=utf-8"
    root = ElementTree.fromstring(response.content)  # noqa: S314 - our own answer
    assert (root.tag, root.attrib["version"]) == ("rss", "2.0")
    (channel,) = root
    for name in ("title", "link", "description", "language"):
        assert channel.findtext(name)
    own = channel.find(f"{ATOM}link")
    assert own is not None
    assert own.attrib["href"] == "http://testserver/listen/feed.xml"
    (item,) = channel.findall("item")
    assert item.findtext("title") == "Giấy & tờ <1>"
    assert item.findtext("guid") == item.findtext("link") == f"http://testserver/listen/{row.key}/"
    assert parsedate_to_datetime(item.findtext("pubDate") or "") is not None
    assert item.findtext(f"{ITUNES}duration") == "10"
    heard = item.find("enclosure")
    assert heard is not None
    assert heard.attrib["type"] == "audio/mpeg"
    assert len(body(client.get(heard.attrib["url"]))) == int(heard.attrib["length"])


def test_without_programmes_the_feed_is_empty_and_valid(client: Client) -> None:
    root = ElementTree.fromstring(client.get("/listen/feed.xml").content)  # noqa: S314 - our own

    assert root.findall("channel/item") == []
