"""Fixtures of the browser tests: Debian's Chromium, pages that tell what went wrong on them.

A test that takes `page` or `open_page` is marked `browser` by itself and may talk to loopback.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, sync_playwright

from tests.browser_binary import ARGUMENTS, MISSING, find_chromium
from tests.debian import in_ci

_LOOPBACK = ["127.0.0.1", "::1", "localhost"]
_BROWSER_FIXTURES = frozenset({"chromium", "page", "open_page"})

OpenPage = Callable[..., Page]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what drives a browser, and let it and the live server use loopback."""
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        if names & _BROWSER_FIXTURES:
            item.add_marker(pytest.mark.browser)
        if names & _BROWSER_FIXTURES or "live_server" in names:
            item.add_marker(pytest.mark.allow_hosts(_LOOPBACK))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Chromium without a window; skipped with a reason where there is none, a failure in CI.

    It ends with its module: while Playwright's loop runs in this thread, no other test could start
    a loop of its own, as those of the dispatcher do.
    """
    binary = find_chromium()
    if binary is None:
        if in_ci():
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    # Playwright's synchronous face runs an event loop beside the test, which Django would refuse.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=binary, args=list(ARGUMENTS))
        yield browser
        browser.close()


class Diary:
    """What a page must not do: write errors to its console, ask another machine."""

    def __init__(self) -> None:
        self.errors: list[str] = []
        self.strangers: list[str] = []

    def watch(self, page: Page) -> None:
        """Begin to take notes of a page."""
        page.on("console", self._note_console)
        page.on("pageerror", self._note_error)
        page.on("request", self._note_request)

    def _note_console(self, message: ConsoleMessage) -> None:
        # A refused form (422) is a page like any other; the browser calls it an error all the same.
        if message.type == "error" and "status of 4" not in message.text:
            self.errors.append(message.text)

    def _note_error(self, error: Error) -> None:
        self.errors.append(str(error))

    def _note_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and parts.hostname not in _LOOPBACK:
            self.strangers.append(request.url)


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[OpenPage]:
    """Return a function that opens a page: `open_page(width=360, javascript=False, locale="en")`.

    At the end of the test no page may have written an error to its console (the content security
    policy reports there too) or asked another machine for anything.
    """
    diary, contexts = Diary(), []

    def open_one(*, width: int = 1280, javascript: bool = True, locale: str = "vi-VN") -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            java_script_enabled=javascript,
            locale=locale,
            timezone_id="Asia/Ho_Chi_Minh",
        )
        context.set_default_timeout(30_000)  # a busy machine is no fault of a page
        contexts.append(context)
        page = context.new_page()
        diary.watch(page)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert diary.errors == []
    assert diary.strangers == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A page of a desktop's width, in Vietnamese, with JavaScript."""
    return open_page()
