"""A small typed client of `/api/v1/`: one file on the standard library alone, to be copied.

    portal = Portal(HttpLine.signed_in("https://portal.example", "lan", "secret"))
    for suggestion in portal.suggestions():
        print(suggestion["reason"]["vi"])

A write has an Idempotency-Key of its own, and is sent again under it where the line broke.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar
from typing import Any, Protocol, TypedDict, cast
from urllib.parse import quote, urlencode
from uuid import uuid4

_API = "/api/v1"
_JSON = "application/json"
_TRIES = 3
_SECONDS = 30


class Words(TypedDict):
    """A text in Vietnamese, and in English where there is one."""

    vi: str
    en: str | None


class SuggestionBody(TypedDict):
    """A matter that was prepared."""

    id: str
    state: str
    answer: str
    about: str
    procedure: str | None
    bundle: str | None
    reason: Words
    due_on: str
    opened_on: str
    put_off_until: str | None


class FieldBody(TypedDict):
    """A field of a form: filled from `source`, or "" and asked for."""

    name: str
    label: Words
    kind: str
    is_required: bool
    choices: list[str]
    value: str
    source: str
    register: str | None
    as_of: str | None


class FormBody(TypedDict):
    """What one confirmation files; `missing` is what it asks for."""

    procedures: list[str]
    fields: list[FieldBody]
    missing: list[FieldBody]


class DossierBody(TypedDict):
    """A dossier; `status` is the national number."""

    id: str
    code: str
    version: int
    procedure: str
    title: Words
    owner: str
    status: int
    status_name: str
    office: str
    submitted_at: str
    due_on: str | None
    appointment_on: str | None
    finished_at: str | None


class SlotBody(TypedDict):
    """A paper to hand in and the file that is laid ready for it."""

    code: str
    name: str
    condition: str
    is_needed: bool
    document: str | None
    file: str
    check: str


class IssuedBody(TypedDict):
    """A signed paper that came out of a dossier."""

    id: str
    kind: str
    title: str
    number: str
    issued_on: str | None
    size: int
    code: str
    standing: str


@dataclass(frozen=True)
class Answer:
    """What the server answered, whatever its status; names of headers in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Line(Protocol):
    """A way to the server, signed in or not; OSError where it breaks."""

    def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Ask once."""
        ...


class ProblemError(Exception):
    """An answer that is an error (RFC 9457); `reasons` name what is at fault by `code`."""

    def __init__(self, status: int, said: Mapping[str, Any]) -> None:
        """Keep what was said."""
        super().__init__(f"{status} {said.get('title_en') or said.get('title') or ''}".strip())
        self.status = status
        self.reasons: list[dict[str, str]] = list(said.get("reasons") or ())


class HttpLine:
    """Over HTTP with the portal's session and its CSRF token, or with an app's token."""

    def __init__(self, base: str) -> None:
        """Begin without a session."""
        if not base.startswith(("https://", "http://")):
            raise ValueError("The address of a portal begins with https:// or http://.")
        self._base, self._jar, self._access = base.rstrip("/"), CookieJar(), ""
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._jar))

    @classmethod
    def signed_in(cls, base: str, login: str, password: str) -> HttpLine:
        """Return a line with the session of whoever signs in; PermissionError where they do not."""
        line, page = cls(base), "/accounts/login/"
        line.send("GET", page, {}, b"")
        form = {"login": login, "password": password, "csrfmiddlewaretoken": line._token()}
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        line.send("POST", page, kind, urlencode(form).encode())
        if line.send("GET", f"{_API}/me", {}, b"").status != 200:
            raise PermissionError("These words do not sign in.")
        return line

    @classmethod
    def for_app(cls, base: str, app: str, refresh: str, keep: Callable[[str], object]) -> HttpLine:
        """Return a line of an app, good for ten minutes; `keep` takes the next refresh token.

        Each refresh token is good once; PermissionError where the person ended the access.
        """
        line = cls(base)
        form = {"grant_type": "refresh_token", "client_id": app, "refresh_token": refresh}
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = line.send("POST", "/accounts/apps/token", kind, urlencode(form).encode())
        if answer.status != 200:
            raise PermissionError("The app has to ask the person anew.")
        said = json.loads(answer.body)
        keep(said["refresh_token"])
        line._access = said["access_token"]
        return line

    def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Ask once; a status that is an error is an answer too."""
        sent = {**headers, "Referer": f"{self._base}/", "X-CSRFToken": self._token()}
        request = urllib.request.Request(  # noqa: S310 - the scheme was looked at above
            self._base + path, body or None, sent, method=method
        )
        if self._access:  # never along a redirect
            request.add_unredirected_header("Authorization", f"Bearer {self._access}")
        try:
            with self._opener.open(request, timeout=_SECONDS) as answer:
                return _answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return _answer(error.code, error.headers, error.read())

    def _token(self) -> str:
        return next((one.value or "" for one in self._jar if one.name == "csrftoken"), "")


class Portal:
    """The addresses of `/api/v1/`; each answers its JSON, or raises ProblemError."""

    def __init__(self, line: Line, *, language: str = "vi") -> None:
        """Ask along `line`; names and refusals come in `language`."""
        self._line, self._language = line, language

    # ------------------------------------------------------------------------- for everybody
    def procedures(self, query: str = "") -> Iterator[dict[str, Any]]:
        """Yield procedures in force, or what a search finds."""
        return self._pages("/procedures", q=query) if query else self._pages("/procedures")

    def track(self, code: str, fact: str) -> dict[str, Any]:
        """Return where a dossier is, by its code and one fact."""
        return self._write("POST", "/track", {"code": code, "fact": fact})

    def verify(self, code: str) -> dict[str, Any]:
        """Return whether a message or a paper is the portal's."""
        return self._write("POST", "/verify", {"code": code})

    # ------------------------------------------------------------------------ what was prepared
    def suggestions(self) -> Iterator[SuggestionBody]:
        """Yield what waits for an answer."""
        return cast(Iterator[SuggestionBody], self._pages("/suggestions"))

    def form(self, suggestion: str) -> FormBody:
        """Return what is known for a suggestion and what is still asked."""
        return cast(FormBody, self._read(f"/suggestions/{suggestion}/form"))

    def accept(self, suggestion: str, answers: Mapping[str, str]) -> list[DossierBody]:
        """File what was prepared and return the dossiers."""
        said = self._write("POST", f"/suggestions/{suggestion}/accept", {"answers": dict(answers)})
        return cast(list[DossierBody], said["dossiers"])

    def snooze(self, suggestion: str, until: str) -> SuggestionBody:
        """Hear nothing of it until a day."""
        path = f"/suggestions/{suggestion}/snooze"
        return cast(SuggestionBody, self._write("POST", path, {"until": until}))

    def dismiss(self, suggestion: str) -> SuggestionBody:
        """Take it off the list."""
        return cast(SuggestionBody, self._write("POST", f"/suggestions/{suggestion}/dismiss"))

    # --------------------------------------------------------------------------- what is begun
    def begin(self, procedure: str, answers: Mapping[str, str]) -> dict[str, Any]:
        """Begin a procedure of the catalogue, or go on with it; return the draft with its form."""
        return self._write("POST", "/drafts", {"procedure": procedure, "answers": dict(answers)})

    def file(self, draft: str) -> DossierBody:
        """File a draft as it stands now."""
        path = f"/drafts/{draft}"
        return cast(DossierBody, self._write("POST", f"{path}/file", tag=self._tag(path)))

    # ------------------------------------------------------------------------------------ papers
    def papers(self, kind: str, of: str) -> list[SlotBody]:
        """Return the papers that one of the `kind` suggestions, drafts or dossiers asks for."""
        return cast(list[SlotBody], self._read(f"/{kind}/{of}/papers")["papers"])

    def lay_ready(self, kind: str, of: str, code: str, data: bytes, *, media: str) -> None:
        """Send a photo or PDF for one of them."""
        path = f"/{kind}/{of}/papers/{quote(code, safe='')}"
        self._told(self._ask("PUT", path, {"Content-Type": media}, data))

    # ---------------------------------------------------------------------------------- dossiers
    def dossiers(self) -> Iterator[DossierBody]:
        """Yield what was filed, the newest first."""
        return cast(Iterator[DossierBody], self._pages("/dossiers"))

    def dossier(self, dossier: str) -> DossierBody:
        """Return one of them."""
        return cast(DossierBody, self._read(f"/dossiers/{dossier}"))

    def withdraw(self, dossier: str) -> DossierBody:
        """Take it back as it stands now."""
        return self._step(dossier, "withdraw")

    def supplement(self, dossier: str) -> DossierBody:
        """Hand in what an office asked for, as it is laid ready."""
        return self._step(dossier, "supplement")

    def fees(self, dossier: str) -> list[dict[str, Any]]:
        """Return its fees, and how to pay one that is due."""
        return cast(list[dict[str, Any]], self._read(f"/dossiers/{dossier}/fees")["fees"])

    def issued(self, dossier: str) -> list[IssuedBody]:
        """Return the signed papers that came out of it."""
        return cast(list[IssuedBody], self._read(f"/dossiers/{dossier}/issued")["papers"])

    def download(self, dossier: str, paper: str) -> bytes:
        """Return one of them as PDF."""
        path = f"/dossiers/{dossier}/issued/{paper}"
        answer = self._ask("GET", path, {"Accept": "application/pdf"})
        if answer.status != 200:
            self._told(answer)
        return answer.body

    def receive(self, dossier: str) -> DossierBody:
        """Take the signed result."""
        return cast(DossierBody, self._write("POST", f"/dossiers/{dossier}/receive"))

    # ------------------------------------------------------------------------------------- below
    def _step(self, dossier: str, verb: str) -> DossierBody:
        path = f"/dossiers/{dossier}"
        return cast(DossierBody, self._write("POST", f"{path}/{verb}", tag=self._tag(path)))

    def _pages(self, path: str, **query: str) -> Iterator[Any]:
        while True:
            said = self._read(f"{path}?{urlencode(query)}")
            yield from said["items"]
            if not said["next"]:
                return
            query["cursor"] = said["next"]

    def _read(self, path: str) -> Any:
        return self._told(self._ask("GET", path, {}))

    def _tag(self, path: str) -> str:
        answer = self._ask("GET", path, {})
        self._told(answer)
        return answer.headers["etag"]

    def _write(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, *, tag: str = ""
    ) -> dict[str, Any]:
        headers = {"Content-Type": _JSON, "Idempotency-Key": uuid4().hex}
        if tag:
            headers["If-Match"] = tag
        sent = json.dumps(body or {}).encode()
        return dict(self._told(self._ask(method, path, headers, sent)))

    def _ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        said = {"Accept": _JSON, "Accept-Language": self._language, **headers}
        for _broken in range(_TRIES - 1):
            try:
                return self._line.send(method, _API + path, said, body)
            except OSError:
                continue  # under the same key, so that nothing is done twice
        return self._line.send(method, _API + path, said, body)

    @staticmethod
    def _told(answer: Answer) -> Any:
        try:
            said = json.loads(answer.body)
        except ValueError:
            said = {}
        if not 200 <= answer.status < 300:
            raise ProblemError(answer.status, said if isinstance(said, dict) else {})
        return said


def _answer(status: int, headers: Any, body: bytes) -> Answer:
    return Answer(status, {name.lower(): value for name, value in headers.items()}, body)
