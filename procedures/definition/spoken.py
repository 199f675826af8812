"""What people type when they look for a procedure, as the catalogue's words without accents."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

Term = tuple[str, ...]
"""What stands for one thing that was asked: any of these phrases, the fullest in front."""

_LONGEST_PHRASE = 4
_MOST_TERMS = 8

# Short forms, names of everyday and names of before; "" is a word that finds nothing by itself.
# The English words of an event stand in the searched text of what the event begins.
_SPOKEN: dict[str, Term] = {
    "gplx": ("giay phep lai xe",),
    "bang lai xe": ("giay phep lai xe",),
    "bang lai": ("giay phep lai xe",),
    "blx": ("giay phep lai xe",),
    "cccd": ("can cuoc",),
    "cmnd": ("can cuoc",),
    "cmt": ("can cuoc",),
    "can cuoc cong dan": ("can cuoc",),
    "chung minh nhan dan": ("can cuoc",),
    "chung minh thu": ("can cuoc",),
    "chung minh": ("can cuoc",),
    "pasport": ("ho chieu",),
    "passport": ("ho chieu", "passport"),
    "bhyt": ("bao hiem y te",),
    "the bao hiem": ("bao hiem y te", "bao hiem"),
    "bhxh": ("bao hiem xa hoi",),
    "dang ki": ("dang ky",),
    "shk": ("thuong tru",),
    "nhap ho khau": ("dang ky thuong tru",),
    "so ho khau": ("thuong tru",),
    "ho khau": ("thuong tru",),
    "chuyen khau": ("thuong tru",),
    "chuyen nha": ("thuong tru",),
    "nhap khau": ("dang ky thuong tru",),
    "cat khau": ("xoa dang ky thuong tru",),
    "gpxd": ("giay phep xay dung",),
    "xin phep xay dung": ("giay phep xay dung",),
    "phep xay nha": ("giay phep xay dung moi",),
    "xay nha": ("giay phep xay dung moi",),
    "hkd": ("ho kinh doanh",),
    "mo quan": ("ho kinh doanh",),
    "mo tiem": ("ho kinh doanh",),
    "mo cua hang": ("ho kinh doanh",),
    "buon ban": ("ho kinh doanh",),
    "hdv": ("huong dan vien",),
    "hdvdl": ("huong dan vien du lich",),
    "sinh con": ("khai sinh",),
    "moi sinh": ("khai sinh",),
    "em be": ("khai sinh", "tre em"),
    "lam dam cuoi": ("ket hon",),
    "dang ky cuoi": ("ket hon",),
    "cuoi": ("ket hon",),
    "ma chay": ("mai tang",),
    "dam tang": ("mai tang",),
    "qua doi": ("khai tu", "death"),
    "chet": ("khai tu", "death"),
    "luong huu": ("huu tri",),
    "tien gia": ("huu tri xa hoi",),
    "nguoi gia": ("huu tri xa hoi",),
    "lop mot": ("lop 1",),
    "vao lop mot": ("lop 1",),
    "di hoc": ("lop 1", "giao duc"),
    "mac dien": ("cap dien",),
    "cau dien": ("cap dien",),
    "mac nuoc": ("dau noi nuoc", "nuoc"),
    "trich luc": ("trich luc",),
    "bi mat": ("lost",),
    "bi roi": ("lost",),
    "danh mat": ("lost",),
    "mat": ("lost", "mat"),
    "roi": ("lost", "roi"),
    "lam lai": ("cap lai",),
    "hong": ("damaged", "hong"),
    "rach": ("damaged", "rach"),
    "xin": ("",),
    "lam": ("",),
    "muon": ("",),
    "toi": ("",),
    "thu tuc": ("",),
}


def folded(text: str) -> str:
    """Return a text in small letters without accents: "Đổi thẻ" as "doi the".

    The same that `portal_fold` makes of it in the database.
    """
    letters = unicodedata.normalize("NFD", text.lower())
    bare = "".join(letter for letter in letters if not "\u0300" <= letter <= "\u036f")
    return bare.replace("đ", "d")


def terms_of(typed: str) -> list[Term]:
    """Return what was asked for, a term each thing; [] where nothing like a word was typed.

    Words that say only that somebody wants something are left out, unless nothing else was typed.
    """
    words = re.findall(r"[a-z0-9]+(?:[.\-][a-z0-9]+)*", folded(typed))
    found = list(_terms(words))[:_MOST_TERMS]
    telling = [term for term in found if term != ("",)]
    return telling or [(word,) for word in words[:_MOST_TERMS]]


def _terms(words: list[str]) -> Iterator[Term]:
    at = 0
    while at < len(words):
        for length in range(min(_LONGEST_PHRASE, len(words) - at), 0, -1):
            phrase = " ".join(words[at : at + length])
            if phrase in _SPOKEN or length == 1:
                yield _SPOKEN.get(phrase, (phrase,))
                at += length
                break
