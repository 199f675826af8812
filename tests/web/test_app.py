"""The portal as an app: what a phone asks for, and what it keeps for when there is no network."""

from __future__ import annotations

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from PIL import Image

from tests.web.scene import Scene, stranger


@pytest.mark.parametrize(
    ("address", "kind"),
    [("/sw.js", "text/javascript"), ("/manifest.webmanifest", "application/manifest+json")],
)
def test_browsers_get_two_files_at_the_root(
    client: Client, db: None, address: str, kind: str
) -> None:
    response = client.get(address)

    assert response.status_code == 200
    assert response["Content-Type"].startswith(kind)
    assert not response.cookies
    for directive in ("worker-src 'self'", "manifest-src 'self'"):
        assert directive in response["Content-Security-Policy"]


def test_the_manifest_names_the_portal_and_icons_of_their_sizes(client: Client, db: None) -> None:
    manifest = client.get("/manifest.webmanifest").json()

    assert (manifest["start_url"], manifest["scope"]) == ("/my/", "/")
    assert manifest["name"] == "Cổng dịch vụ công chủ động"
    for icon in manifest["icons"]:
        path = finders.find(icon["src"].removeprefix("/static/"))
        assert isinstance(path, str)
        with Image.open(path) as drawn:
            assert f"{drawn.width}x{drawn.height}" == icon["sizes"]
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    assert '<link rel="manifest" href="/manifest.webmanifest">' in client.get("/").content.decode()


def test_the_page_without_a_network_is_everybodys(client: Client, scene: Scene) -> None:
    assert client.get("/offline/").content == scene.client.get("/offline/").content
    assert "Hiện không có mạng" in client.get("/offline/").content.decode()


def test_what_is_carried_along_is_the_persons_and_masked(scene: Scene) -> None:
    html = scene.client.get("/my/kept/").content.decode()

    assert f'data-person="{scene.user.public_id}"' in html
    assert "Giấy phép lái xe, hạng B" in html or "Giấy phép lái xe hạng B" in html
    assert scene.licence.number not in html
    assert scene.licence.number[-4:] in html
    _citizen, other = stranger()
    assert other.get("/my/kept/").content.decode().count("Giấy phép lái xe") == 0
    assert Client().get("/my/kept/").status_code == 302


def test_the_app_is_loaded_for_whoever_is_signed_in(client: Client, scene: Scene) -> None:
    assert "portal/app.js" in scene.client.get("/my/").content.decode()
    assert 'data-waiting="1"' in scene.client.get("/my/").content.decode()
    assert "portal/app.js" not in client.get("/verify/").content.decode()
