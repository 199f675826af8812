"""Whatever our code says has Vietnamese words, and what runs (.mo) is what people edit (.po)."""

from __future__ import annotations

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import allauth
import pytest
from django.utils.translation.template import templatize

ROOT = Path(__file__).parents[2]
ROOMS = ("portal", "citizens", "procedures", "notifications", "dossiers")
CATALOGUES = sorted((ROOT / "locale").glob("**/LC_MESSAGES/django.po"))
Said = tuple[str, str]  # context or "", text

# Where the text stands among the arguments, and whether a context stands before it.
CALLS = {
    "_": 0,
    "gettext": 0,
    "gettext_lazy": 0,
    "ngettext": 0,
    "ngettext_lazy": 0,
    "pgettext": 1,
    "pgettext_lazy": 1,
    "npgettext": 1,
    "npgettext_lazy": 1,
}


_TEXT = r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\""""
_CALL_IN_TEMPLATE = re.compile(rf"""\b(n?p?gettext|_)(\((?:{_TEXT}|[^()'"])*\))""")


def said_in_code(source: str) -> Iterator[Said]:
    """Yield what Python source hands to gettext as a literal."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name not in CALLS or len(node.args) <= CALLS[name]:
            continue
        values = [arg.value if isinstance(arg, ast.Constant) else None for arg in node.args]
        text = values[CALLS[name]]
        if isinstance(text, str):
            yield (str(values[0]) if CALLS[name] else "", text)


def said_in_template(source: str) -> Iterator[Said]:
    """Yield what a template translates, by way of Django's own reading of it."""
    for name, rest in _CALL_IN_TEMPLATE.findall(templatize(source)):
        yield from said_in_code(f"{name}{re.sub(r',count', ',1', rest)}")


def everything_said() -> dict[Said, str]:
    """Return all that our code and templates say, with one place where each is said."""
    said: dict[Said, str] = {}
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            for text in said_in_code(path.read_text()):
                said.setdefault(text, path.relative_to(ROOT).as_posix())
    for path in (ROOT / "templates").rglob("*.html"):
        for text in said_in_template(path.read_text()):
            said.setdefault(text, path.relative_to(ROOT).as_posix())
    return said


# Of allauth: the pages that portal.web.account_urls serves, and the code that speaks on them.
ALLAUTH = Path(allauth.__file__).parent
ALLAUTH_PAGES = (
    "account/base_*.html",
    "account/log*.html",
    "account/signup_closed.html",
    "account/*reauthenticate.html",
    "account/password_change.html",
    "account/messages/log*.txt",
    "account/messages/password_*.txt",
    "mfa/**/*.html",
    "mfa/messages/*.txt",
)
ALLAUTH_CODE = ("account/forms.py", "account/adapter.py", "mfa/adapter.py", "mfa/**/forms.py")
# One for signing up by a passkey, which nobody can; one for trusting a browser, which we do not.
NOT_SERVED = {"signup_form.html", "trust.html"}


def said_by_allauth() -> dict[Said, str]:
    """Return what allauth says on the pages that are served, unless a template of ours does."""
    said: dict[Said, str] = {}
    texts = ALLAUTH / "templates"
    for pattern in ALLAUTH_PAGES:
        for path in texts.glob(pattern):
            name = path.relative_to(texts).as_posix()
            if path.name in NOT_SERVED or (ROOT / "templates" / name).exists():
                continue
            said |= dict.fromkeys(said_in_template(path.read_text()), name)
    for pattern in ALLAUTH_CODE:
        for path in ALLAUTH.glob(pattern):
            name = path.relative_to(ALLAUTH).as_posix()
            said |= dict.fromkeys(said_in_code(path.read_text()), name)
    return said


def entries(path: Path) -> Iterator[tuple[str, str, str]]:
    """Yield context, text and translation of each living entry of a .po file."""
    for fields in blocks(path):
        if "msgid" in fields:
            words = fields.get("msgstr", fields.get("msgstr[0]", ""))
            yield fields.get("msgctxt", ""), fields["msgid"], words


def blocks(path: Path) -> Iterator[dict[str, str]]:
    """Yield each entry of a .po file as it is written, by the names of its parts."""
    for block in re.split(r"\n\s*\n", path.read_text()):
        fields: dict[str, str] = {}
        key = ""
        for line in block.splitlines():
            if line.startswith("#"):
                continue
            found = re.match(r"(msg[a-z_]+(?:\[0\])?) (\".*)", line)
            if found:
                key, line = found[1], found[2]
            fields[key] = fields.get(key, "") + ast.literal_eval(line)
        yield fields


def spoken(path: Path) -> dict[Said, str]:
    """Return what a compiled catalogue answers."""
    with path.open("rb") as file:
        read = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    answers: dict[Said, str] = {}
    for key, words in read.items():
        text = key[0] if isinstance(key, tuple) else key
        context, _mark, plain = text.rpartition("\x04")
        answers[context, plain] = words
    return answers


def test_the_reading_of_sources_finds_every_form() -> None:
    code = 'x = _("a") + pgettext("c", "b") + ngettext("one", "many", n) + other("no")'
    html = (
        '{% translate "d" %}{% blocktranslate count n=n trimmed %}{{ n }} e{% plural %}'
        '{{ n }} es{% endblocktranslate %}{% translate "f" context "g" %}{% translate "h (i) j" %}'
    )

    assert set(said_in_code(code)) == {("", "a"), ("c", "b"), ("", "one")}
    assert list(said_in_template(html)) == [("", "d"), ("", "%(n)s e"), ("g", "f"), ("", "h (i) j")]


def test_everything_has_vietnamese_words() -> None:
    known = {
        (context, text) for path in CATALOGUES for context, text, words in entries(path) if words
    }
    said = everything_said()

    missing = {text: place for text, place in said.items() if text not in known}

    assert len(said) > 500
    assert missing == {}


def test_what_allauth_says_on_our_pages_has_vietnamese_words() -> None:
    known = {
        (context, text) for path in CATALOGUES for context, text, words in entries(path) if words
    }
    said = said_by_allauth()

    assert len(said) > 100
    assert {text: place for text, place in said.items() if text not in known} == {}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-4])
def test_what_runs_is_what_is_written(path: Path) -> None:
    written = {(context, text): words for context, text, words in entries(path) if words}

    running = spoken(path.with_suffix(".mo"))

    assert {key: running.get(key) for key in written if key[1]} == {
        key: words for key, words in written.items() if key[1]
    }
    assert set(running) == set(written)


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-4])
def test_placeholders_survive_translation(path: Path) -> None:
    named = re.compile(r"%\(\w+\)[sd]")

    plurals = {one.get("msgid", ""): one.get("msgid_plural", "") for one in blocks(path)}

    broken = {
        text: words
        for _context, text, words in entries(path)
        if words and not set(named.findall(words)) <= set(named.findall(text + plurals[text]))
    }

    assert broken == {}
