"""From where somebody signed in, in words: the kind of device and the program."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrPromise

# The first mark that the browser's name for itself holds decides; a program that is built on
# another one says both names, so the special ones stand first.
_DEVICES: tuple[tuple[str, StrPromise | str], ...] = (
    ("iPad", "iPad"),
    ("iPhone", "iPhone"),
    ("Android", gettext_lazy("Android phone or tablet")),
    ("CrOS", gettext_lazy("Chromebook computer")),
    ("Windows", gettext_lazy("Windows computer")),
    ("Macintosh", gettext_lazy("Mac computer")),
    ("Linux", gettext_lazy("Linux computer")),
)
_PROGRAMS = (
    ("Zalo", "Zalo"),
    ("FBAN", "Facebook"),
    ("FBAV", "Facebook"),
    ("coc_coc", "Cốc Cốc"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("FxiOS", "Firefox"),
    ("Firefox", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)


def device_name(user_agent: str) -> str:
    """Return "Máy tính Windows, Edge"; what cannot be told is left out or called unknown."""
    device = next((str(name) for mark, name in _DEVICES if mark in user_agent), "")
    program = next((name for mark, name in _PROGRAMS if mark in user_agent), "")
    return ", ".join(filter(None, (device, program))) or _("Unknown device")
