"""`python -m tests.screenshots [address [name…]]`: the pictures of docs/screenshots, of a trial.

The trial's people and their papers are the same on every day, so a new set shows what changed in
the pages and the dates, nothing else. Start it with `make run` on an empty folder.
"""

from __future__ import annotations

import io
import re
import sys
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal
from zoneinfo import ZoneInfo

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, FloatRect, Page, sync_playwright

from benchmarks.extracts import write_people
from tests.browser_binary import ARGUMENTS, find_chromium

FOLDER = Path(__file__).parents[1] / "docs" / "screenshots"
PASSWORD = "demo2026"  # the trial's, told on its page of sign-in
PHONE, DESKTOP = (390, 844), (1280, 900)
LONGEST = 1500  # what stands below is left to the page itself; of a desk one screen is shown

# Name of the picture, who looks (officials after "o:"), address ("lead" is the way to the first
# matter, "first" to the first dossier of the queue, "rule" to the first rule), size, colours.
Colours = Literal["light", "dark"]
PICTURES: tuple[tuple[str, str, str, tuple[int, int], Colours], ...] = (
    ("home", "", "/", PHONE, "light"),
    ("home-desktop", "", "/", DESKTOP, "light"),
    ("search", "", "/procedures/?q=mat+bang+lai", PHONE, "light"),
    ("procedure", "", "/procedures/driving_licence_renewal/", PHONE, "light"),
    ("procedure-desktop", "", "/procedures/driving_licence_renewal/", DESKTOP, "light"),
    ("verify", "", "/verify/", PHONE, "light"),
    ("my-matters", "lan", "/my/", PHONE, "light"),
    ("my-matters-dark", "lan", "/my/", PHONE, "dark"),
    ("my-matters-desktop", "lan", "/my/", DESKTOP, "light"),
    ("matter", "lan", "lead", PHONE, "light"),
    ("matter-dark", "lan", "lead", PHONE, "dark"),
    ("calendar", "minh", "/my/calendar/", PHONE, "light"),
    ("papers", "lan", "/my/papers/", PHONE, "light"),
    ("choices", "lan", "/my/choices/", PHONE, "light"),
    ("guide-tickets", "o:tiepnhan.phuong", "/admin/tickets/", DESKTOP, "light"),
    ("guide-counter", "o:tiepnhan.phuong", "/admin/counter/", DESKTOP, "light"),
    ("guide-queue", "o:canbo", "/admin/queue/", DESKTOP, "light"),
    ("guide-dossier", "o:canbo", "first", DESKTOP, "light"),
    ("guide-late", "o:lanhdao", "/admin/late/", DESKTOP, "light"),
    ("guide-rule", "o:bientap", "rule", DESKTOP, "light"),
    ("guide-delivery", "o:vanhanh", "/admin/delivery/", DESKTOP, "light"),
    ("guide-map", "", "/map/", DESKTOP, "light"),
    ("guide-import", "o:dulieu", "/admin/registers/BUS/", DESKTOP, "light"),
    ("guide-quarantine", "o:dulieu", "delivery", DESKTOP, "light"),
    ("guide-incident", "o:dulieu", "incident", DESKTOP, "light"),
    ("guide-exchange", "o:vanhanh", "/admin/exchange/", DESKTOP, "light"),
    ("guide-grants", "o:quantri", "/admin/citizens/grant/", DESKTOP, "light"),
    ("guide-training", "o:truongphong", "/admin/training/first-day/", DESKTOP, "light"),
    ("guide-access", "o:kiemtra", "/admin/citizens/accesslog/", DESKTOP, "light"),
    ("desk-person", "o:canbo.phuong", "person", DESKTOP, "light"),
    ("desk-text", "o:bientap", "text", DESKTOP, "light"),
    ("desk-message", "o:vanhanh", "message", DESKTOP, "light"),
    ("desk-late-phone", "o:lanhdao", "/admin/late/", PHONE, "light"),
    ("desk-queue-phone", "o:canbo", "/admin/queue/", PHONE, "light"),
    ("desk-incident-phone", "o:dulieu", "incident", PHONE, "light"),
    ("desk-services", "o:bientap", "/admin/services/", DESKTOP, "light"),
    ("quality", "", "/map/quality/", DESKTOP, "light"),
)
# Whose way to a page is a link of another: where it stands, and which link it is.
_LED = {
    "lead": ("/my/", ".card--lead a"),
    "first": ("/admin/queue/", "a[href*='/admin/dossiers/']"),
    "rule": ("/admin/procedures/rule/", "#result_list tbody th a"),
    "person": ("/admin/citizens/citizen/", "#result_list tbody th a"),
    "message": ("/admin/notifications/message/", "#result_list tbody th a"),
    "text": ("/admin/texts/", "a.queue__open"),
    "delivery": ("/admin/registers/NPD/", ""),
    "incident": ("/admin/incidents/", "table a[href^='/admin/incidents/']"),
}


def main(address: str, *only: str) -> None:
    """Take every picture, or `only` those named; each replaces the one of before."""
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
        kept: dict[str, BrowserContext] = {}
        for name, who, path, size, colours in PICTURES:
            if only and name not in only:
                continue
            context = kept.get(who) or kept.setdefault(who, _context(browser, address, who))
            longest = size[1] if who.startswith("o:") else LONGEST
            page = _shown(context, address, path, size, colours)
            _save(page, FOLDER / f"{name}.webp", size[0], longest)
        browser.close()


def _context(browser: Browser, address: str, who: str) -> BrowserContext:
    context = browser.new_context(locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh")
    context.set_default_timeout(60_000)
    if who:
        page = context.new_page()
        is_official = who.startswith("o:")
        page.goto(address + ("/admin/" if is_official else "/accounts/login/"))
        page.locator("input[name=login], input[name=username]").first.fill(who.removeprefix("o:"))
        page.locator("input[name=password]").first.fill(PASSWORD)
        page.locator("form:has(input[type=password]) [type=submit]").first.click()
        page.wait_for_url(re.compile("/admin/$" if is_official else "/my/"))
        page.close()
    return context


def _shown(
    context: BrowserContext, address: str, path: str, size: tuple[int, int], colours: Colours
) -> Page:
    page = context.new_page()
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=colours, reduced_motion="reduce")
    start, link = _LED.get(path, (path, ""))
    page.goto(address + start, wait_until="networkidle")
    if path == "delivery":
        _try_out(page)
    elif path == "incident" and not page.locator(link).count():
        _write_incident_down(page)
        return page
    if link:
        page.locator(link).first.click()
        page.wait_for_load_state("networkidle")
    return page


def _try_out(page: Page) -> None:
    """Send a file with some bad rows as a trial, of which nothing is written."""
    with TemporaryDirectory() as folder:
        made = write_people(Path(folder) / "nguoi-dan.csv", 400, ["20194", "20197"])
        page.set_input_files("input[type=file]", made.path)
        page.locator(".deliver [data-main]").click()
        page.locator("button[name=word]").first.wait_for()
    page.wait_for_load_state("networkidle")


def _write_incident_down(page: Page) -> None:
    """Write an incident down, found five hours ago, of what an official of a ward looked at."""
    page.goto(page.url + "new/")
    found = datetime.now(tz=ZoneInfo("Asia/Ho_Chi_Minh")) - timedelta(hours=5)
    page.fill("[name=title]", "Một tài khoản bị người khác dùng ngoài giờ làm việc")
    page.fill(
        "[name=words]",
        "Mật khẩu bị lộ. Có thể đã bị xem: họ tên, ngày sinh, nơi ở. Tài khoản đã được khóa.",
    )
    page.fill("[name=found_at]", f"{found:%Y-%m-%dT%H:%M}")
    page.fill("[name=since]", f"{found - timedelta(days=7):%Y-%m-%dT%H:%M}")
    page.fill("[name=account]", "canbo.phuong")
    page.locator("main form [type=submit], form.reasoned [type=submit]").last.click()
    page.wait_for_load_state("networkidle")


def _save(page: Page, file: Path, width: int, longest: int) -> None:
    tall = min(int(page.evaluate("document.documentElement.scrollHeight")), longest)
    clip: FloatRect = {"x": 0, "y": 0, "width": width, "height": tall}
    data = page.screenshot(full_page=True, clip=clip)
    Image.open(io.BytesIO(data)).save(file, "WEBP", quality=80, method=6)
    page.close()


if __name__ == "__main__":
    main(*(sys.argv[1:] or ["http://127.0.0.1:8000"]))
