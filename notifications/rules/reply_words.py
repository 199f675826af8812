"""The words of answers, without marks, as the north, the middle and the south write them."""

from __future__ import annotations

import re

from notifications.enums import ReplyWord

SIGNS = {"👍": "ok", "👌": "ok", "✅": "ok"}
# Words that only their marks tell apart: đúng (right) is not dừng (stop), bạn (friend) not bận.
TOLD_BY_MARKS = {
    "đúng": "chinhxac",
    "dùng": "sudung",
    "dụng": "sudung",
    "bạn": "ban_be",
    "ờ": "u",
    "mồ": "mo",
}
_NO = ("ko", "k", "kg", "kh", "khg", "hok", "hong", "hem", "khum", "kong", "hk", "khon", "no")
_YES = ("oke", "okie", "oki", "okay", "okla", "okela", "okey", "oce", "uki", "okk", "okee")
_AYE = ("uh", "uhm", "um", "uk", "ua", "uhu", "u")
SPELLINGS = (
    dict.fromkeys(_NO, "khong")
    | dict.fromkeys(_YES, "ok")
    | dict.fromkeys(_AYE, "u")
    | dict.fromkeys(("dc", "dk", "duocc", "dcc"), "duoc")
    | dict.fromkeys(("dgy", "dongy", "dgi", "ddy"), "dong y")
    | dict.fromkeys(("lm", "man", "lamm"), "lam")
    | dict.fromkeys(("nt", "nhantin"), "nhan tin")
    | dict.fromkeys(("va", "vag", "vangg", "dzang"), "vang")
    | {"mot": "1", "hai": "2", "gium": "giup", "dum": "giup", "tui": "toi", "yess": "yes"}
)
TYPOS = {
    "dong i": "dong y",
    "doong y": "dong y",
    "dong yi": "dong y",
    "dog y": "dong y",
    "donng y": "dong y",
    "nhat chi": "nhat tri",
    "chap nhan a": "chap nhan",
    "ok la": "ok",
    "khong phai la": "khong phai",
}


def _each(text: str) -> frozenset[str]:
    """Return the words and phrases of a list with commas."""
    return frozenset(" ".join(part.split()) for part in text.split(","))


# Who speaks or is spoken to, and what makes a sentence polite: they change nothing.
_PARTICLES = _each("a, ah, ak, nhe, nhen, nha, nghe, hi, he, di, luon, em, con, chau, ban_be")
_PEOPLE = _each("toi, minh, bac, chu, anh, chi, ong, ba, gia, dinh, nha, can, bo, cac, i, please")
_CHOOSING = _each("so, chon, bam, tra, loi, soan, tin, nhan, gui")
_OTHERS = _each("da, thi, cho, voi, giup, het, cung, nho")
BESIDE = _PARTICLES | _PEOPLE | _CHOOSING | _OTHERS

YES = _each(
    """
    1, accept, agree, chinhxac, duoc, ok, sure, vang, yes, chap nhan, chinhxac roi, dong y, duoc
    roi, lam di, lam giup, lam luon, nhat tri, nho giup, ok roi, tien hanh, toi lam, xac nhan,
    chu lam di, dong y lam, gia han giup, giup toi voi, nho lam giup, u lam di, u rua di, u thi
    lam, gia han cho toi, rua thi lam di
    """
)
# A yes only when nothing but a polite word stands beside it: da may be đã (already), co có or cô.
_SHORT_YES = _each("da, u, co, y, o")
_POLITE = _each("a, ah, con, em, chau")

_ENOUGH = "(gui|nhan|nhan tin|goi|lam phien|phien|spam|tin)"
_STOP = re.compile(
    rf"\bdung {_ENOUGH}\b|\bdung (lai|di)$|\bngung {_ENOUGH}\b|\bngung (lai|di)$"
    r"|\bkhong (muon )?nhan\b(?! (duoc|ra|thay|biet))|\bhuy (dang ky|nhan|tin|bo|di|tin nhan)\b"
    r"|\btu choi\b|\bcham dut\b|\bstop\b|\bunsubscribe\b|\bno more\b"
)
_WRONG = re.compile(
    r"\b(nham|lon|sai) (so|nguoi|may)\b|\bkhong phai (so|nguoi)\b|\bkhong phai toi( dau)?$"
    r"|\btoi khong phai (nguoi|ba|ong|chu)\b|\bwrong number\b|\bnot me\b"
)
_BUSY = r"\b(dang|chu|ni|con|toi|van) ban\b|\bban (qua|lam|viec)\b|\b(di lam xa|nam vien)\b"
_DAYS = r"\bde (bua|hom|tuan|thang|mai)\b|\b(bua|hom|khi|dip|luc) khac\b|\bsang tuan\b"
_SOON = r"\b(bua|tuan|thang|hom) sau\b|\bmai mot\b|\bra tet\b|\bsau tet\b|\bkhi nao ranh\b"
_NOT = r"\b(khong|chua) (dong y|can|muon|muon lam|lam|ranh)\b|\bthoi khoi\b|\bkhoi (can|lam)\b"
LATER = re.compile(
    r"\bde sau\b|\bnhac (lai|sau|toi)\b|\btu tu\b|\bdoi da\b|\bcho toi vai\b|\blater\b"
    rf"|\bnot now\b|\btomorrow\b|\bremind\b|{_DAYS}|{_SOON}|{_BUSY}|{_NOT}"
)

# What asks, sets a condition, reports a death or says that it is done: for a person to read.
_UNSURE = re.compile(
    r"\b(gi|bao nhieu|nhieu tien|lam sao|the nao|rang|hay|hoac|neu|nhung|co can|co phai|free)\b"
    r"|\bkhong noi\b|\bkhong phai dong\b|\b(lam|nop|doi|co|xong) (duoc )?roi\b|\bmat roi\b"
    r"|\bchet\b|\bai\b|\bdong y khong\b|\bduoc khong\b|\b(lua dao|cong an)\b"
)
_BUT_LATER = re.compile(r"\bnhung (ma )?(de sau|mai|chua|ban|de mai)\b")
HELP = frozenset(
    {
        "help",
        "giup",
        "tro giup",
        "giup do",
        "huong dan",
        "huong dan toi",
        "huong dan toi voi",
        "menu",
    }
)
# The first that fits counts.
SAID_ANYWHERE = (
    (ReplyWord.WRONG_NUMBER, _WRONG),
    (ReplyWord.STOP, _STOP),
    (ReplyWord.LATER, _BUT_LATER),
    (ReplyWord.UNCLEAR, _UNSURE),
)
AROUND_ZERO = frozenset({"0", "so", "chon", "bam", "nhe", "nha", "a", "toi", "tra", "loi"})
_NO_ALONE = frozenset({"khong", "chua", "thoi", "khoi", "mai", "khong co", "2"})
SAID_WHOLE = (
    (ReplyWord.STOP, frozenset({"0", "khong so 0", "dung", "huy", "ngung", "chan"}), BESIDE),
    (ReplyWord.ACCEPT, YES, BESIDE | {"lam"}),
    (ReplyWord.ACCEPT, _SHORT_YES, _POLITE),
    (ReplyWord.LATER, _NO_ALONE, BESIDE | {"ok", "vang", "u", "de", "dau"}),
)
