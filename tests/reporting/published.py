"""Count the published figures again from the published files: `python published.py URL [PERIOD]`.

It knows the portal's addresses and nothing of its code: what stands on the pages must follow from
the CSVs alone. Nothing but the standard library is needed.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from base64 import b64decode
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from html.parser import HTMLParser
from itertools import dropwhile, takewhile
from urllib.request import urlopen

NAMES = ("early", "on_time", "late", "overdue")
Answer = tuple[bytes, Mapping[str, str]]
Fetch = Callable[[str], Answer]
Counts = Counter[tuple[str, str, str, str]]  # unit, field, month of settling, outcome


@dataclass
class Page(HTMLParser):
    """What stands on a page: lines of tables (unit of the link, cells), counts, codes, links."""

    lines: list[tuple[str, list[str]]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._into: list[str] | None = None
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if self._silent or "below" in (given.get("class") or "").split():
            self._silent += 1
        if tag == "a" and given.get("href"):
            self.links.append(given["href"] or "")
            if self.lines and tag == "a" and self._into is self.lines[-1][1]:
                self.lines[-1] = (unit_of(given["href"] or ""), self.lines[-1][1])
        if tag == "tr":
            self.lines.append(("", []))
        into = {"td": self._line, "th": self._line, "dd": self.told, "code": self.codes}.get(tag)
        if into is not None:
            self._into = into
            into.append("")

    @property
    def _line(self) -> list[str]:
        return self.lines[-1][1] if self.lines else []

    def handle_endtag(self, tag: str) -> None:
        if self._silent:
            self._silent -= 1
        elif tag in ("td", "th", "dd", "code"):
            self._into = None

    def handle_data(self, data: str) -> None:
        if self._into is not None and not self._silent:
            self._into[-1] += data

    def units(self) -> dict[str, list[str]]:
        """Return the cells of each unit's line, by its code."""
        return {code: cells for code, cells in self.lines if code}


def unit_of(href: str) -> str:
    """Return the code of the unit that an address is about, else nothing."""
    found = re.match(r"/map/(\w+)/(?:\?|$)", href)
    return found[1] if found and found[1] not in ("kept", "meanings", "overdue", "reported") else ""


def number(text: str) -> int:
    """Return the number that a cell tells, whatever groups its digits."""
    return int(re.sub(r"\D", "", text))


class Check:
    """Counts again and collects what does not agree; `compared` is how much was looked at."""

    def __init__(self, fetch: Fetch) -> None:
        self.fetch = fetch
        self.wrong: list[str] = []
        self.compared = 0

    def same(self, what: str, page: object, counted: object) -> None:
        """Note it where a figure of a page is not what was counted."""
        self.compared += 1
        if page != counted:
            self.wrong.append(f"{what}: {page} on the page, {counted} by the rows")

    def page(self, path: str) -> Page:
        """Return a page as it is read."""
        found = Page()
        found.feed(self.fetch(path)[0].decode())
        return found

    def rows(self, path: str) -> tuple[Counts, str]:
        """Return the rows of a file, counted, and its SHA-256; its own header names that too."""
        whole, headers = self.fetch(path)
        digest = sha256(whole)
        named = re.fullmatch(r"sha-256=:(.+):", headers["Repr-Digest"])
        self.same(f"{path}: Repr-Digest", named and b64decode(named[1]), digest.digest())
        counts: Counts = Counter()
        for row in csv.DictReader(io.StringIO(whole.decode("utf-8-sig"))):
            counts[row["unit"], row["field"], row["settled_in"], row["outcome"]] += 1
        return counts, digest.hexdigest()

    def live(self, period: str) -> Counts:
        """Compare the map of a period, its file of figures and each unit's page with the rows."""
        asked = f"?period={period}"
        counts, digest = self.rows(f"/map/rows.csv{asked}")
        self._figures(f"/map/figures.csv{asked}", counts, digest)
        page = self.page(f"/map/{asked}")
        self._totals(f"/map/{asked}", page, counts)
        for code in sorted({unit for unit, *_ in counts}):
            self._unit(f"/map/{code}/{asked}", code, counts)
        return counts

    def kept(self, month: str) -> None:
        """Compare every version of a month with its rows, and with the version before it."""
        listed = self.page(f"/map/kept/?period={month}")
        pages = sorted({link for link in listed.links if re.search(r"/kept/[\d-]+/\d+/$", link)})
        before: Counts | None = None
        for path in sorted(pages, key=lambda link: int(link.rstrip("/").rsplit("/", 1)[1])):
            page = self.page(path)
            counts, digest = self.rows(f"{path}rows.csv")
            self.same(f"{path}: SHA-256", page.codes[0], digest)
            self.same(f"{path}: in the list", digest in listed.codes, True)
            self._figures(f"{path}figures.csv", counts, digest)
            self._totals(path, page, counts)
            if before is not None:
                self._changes(path, page, counts, before)
            before = counts

    def _changes(self, path: str, page: Page, counts: Counts, before: Counts) -> None:
        moved: Counter[tuple[str, str, str]] = Counter()
        for (unit, its, _month, outcome), count in counts.items():
            moved[unit, its, outcome] += count
        for (unit, its, _month, outcome), count in before.items():
            moved[unit, its, outcome] -= count
        mine = {key: count for key, count in moved.items() if count}
        text = self.fetch(f"{path}changes.csv")[0].decode("utf-8-sig")
        told = {
            (row["unit"], row["field"], row["outcome"]): int(row["change"])
            for row in csv.DictReader(io.StringIO(text))
        }
        self.same(f"{path}changes.csv", told, mine)
        last = [cells[-1] for _code, cells in page.lines if cells]
        signed = [_signed(one) for one in last if re.fullmatch(r"[+−][\d.]+", one)]
        shown = [told[key] for key in sorted(told)][: len(signed)]
        self.same(f"{path}: changes", signed, shown)
        self.same(f"{path}: shown", len(signed), min(len(told), 200))

    def year(self, year: str, months: Mapping[str, Counts]) -> None:
        """A year is what its months settled, and what was overdue at the end of the last one."""
        mine, _digest = self.rows(f"/map/rows.csv?period={year}")
        for one in sorted(months):
            settled = {key: count for key, count in months[one].items() if key[2]}
            part = {key: count for key, count in mine.items() if key[2] == one}
            self.same(f"{year}: settled in {one}", part, settled)
        last = months[max(months)]
        open_then = {key: count for key, count in last.items() if not key[2]}
        self.same(f"{year}: overdue", {k: n for k, n in mine.items() if not k[2]}, open_then)

    def services(self, period: str) -> None:
        """Count the score of each online service again from numerators and denominators."""
        text = self.fetch(f"/map/services.csv?period={period}")[0].decode("utf-8-sig")
        reached: defaultdict[str, float] = defaultdict(float)
        within: defaultdict[str, float] = defaultdict(float)
        codes = set()
        for row in csv.DictReader(io.StringIO(text)):
            codes.add(code := row["procedure"])
            if row["denominator"]:
                most = float(row["max_points"])
                points = int(row["numerator"]) / int(row["denominator"]) * most
                what = f"/map/services.csv {code} {row['indicator']}"
                self.same(what, row["points"], f"{points:.6f}")
                reached[code] += points
                within[code] += most
        page = self.page(f"/map/services/?period={period}")
        lines = {cells[1].strip(): cells for _unit, cells in page.lines if cells[1:]}
        for code in sorted(codes):
            got, most = reached[code], within[code]
            told = [one.strip() for one in lines.get(code, [])[2:4]]
            mine = [decimals(100 * got / (most or 1)), f"{decimals(got)} / {decimals(most)}"]
            self.same(f"/map/services/ {code}", told, mine if most else ["–", "–"])

    def simplifications(self) -> None:
        """Count the cost of complying before and after again from hours, values and times."""
        text = self.fetch("/map/simplifications.csv")[0].decode("utf-8-sig")
        costs: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
        for row in csv.DictReader(io.StringIO(text)):
            each = float(row["hours"]) * float(row["hour_value"]) + int(row["other_vnd"])
            for at, when in enumerate(("before", "after")):
                mine = round(int(row[f"times_{when}"]) * each) + int(row[f"fees_{when}"])
                what = f"/map/simplifications.csv {row['simplification']} {row['activity']} {when}"
                self.same(what, int(row[f"cost_{when}"]), mine)
                costs[row["simplification"]][at] += mine
        page = self.page("/map/simplifications/")
        lines = {cells[1].strip(): cells for _unit, cells in page.lines if cells[1:]}
        for one, (before, after) in costs.items():
            told = [number(cell) for cell in lines.get(one, [])[2:5]]
            self.same(f"/map/simplifications/ {one}", told, [before, after, before - after])

    def _figures(self, path: str, counts: Counts, digest: str) -> None:
        text = self.fetch(path)[0].decode("utf-8-sig")
        lines = {row["unit"]: row for row in csv.DictReader(io.StringIO(text))}
        missing = {unit for unit, *_ in counts} - lines.keys()
        self.same(f"{path}: units left out", missing, set())
        for code, row in lines.items():
            mine = of(counts, unit=code)
            self.same(f"{path} {code}: rows_sha256", row["rows_sha256"], digest)
            for name in (*NAMES, "no_term"):
                self.same(f"{path} {code}: {name}", int(row[name]), mine[name])
            in_time, whole = share_of(mine)
            self.same(
                f"{path} {code}", (int(row["in_time"]), int(row["counted"])), (in_time, whole)
            )
            told = f"{in_time / whole:.6f}" if whole else ""
            self.same(f"{path} {code}: share", row["share"], told)

    def _totals(self, path: str, page: Page, counts: Counts) -> None:
        whole = of(counts)
        self.same(
            f"{path}: counts", [number(one) for one in page.told[:4]], [whole[n] for n in NAMES]
        )
        lines = page.units()
        shares = {code: share_of(of(counts, unit=code)) for code in lines}
        better = sorted((a / b for a, b in shares.values() if b), reverse=True)
        for code, cells in lines.items():
            mine = of(counts, unit=code)
            in_time, counted = shares[code]
            told = [number(one) for one in cells[4:8]]
            self.same(f"{path} {code}", told, [mine[name] for name in NAMES])
            self.same(f"{path} {code}: of", parts(cells[3]), [in_time, counted])
            self.same(f"{path} {code}: %", cells[2].strip(), percent(in_time, counted))
            rank = str(better.index(in_time / counted) + 1) if counted else "–"
            self.same(f"{path} {code}: rank", cells[0].strip(), rank)

    def _unit(self, path: str, code: str, counts: Counts) -> None:
        page = self.page(path)
        mine = of(counts, unit=code)
        self.same(
            f"{path}: counts", [number(one) for one in page.told[:4]], [mine[n] for n in NAMES]
        )
        lines = {cells[0].strip(): cells for _code, cells in page.lines}
        for name in {its for unit, its, *_ in counts if unit == code}:
            in_time, counted = share_of(of(counts, unit=code, field=name))
            cells = lines.get(name, ["", "", ""])
            self.same(f"{path} {name}", parts(cells[2]), [in_time, counted])
            self.same(f"{path} {name}: %", cells[1].strip(), percent(in_time, counted))
        for month in {month for unit, _its, month, _outcome in counts if unit == code and month}:
            settled = Counter({key: n for key, n in counts.items() if key[2] == month})
            one = of(settled, unit=code)
            cells = lines.get(f"{month[5:]}/{month[:4]}", ["", "", "", "-1"])
            if share_of(one)[1]:
                self.same(f"{path} {month}", parts(cells[2]), list(share_of(one)))
            self.same(f"{path} {month}: late", number(cells[3]), one["late"])
        self._days(path, page, mine)
        self._late(path, page, mine)

    def _days(self, path: str, page: Page, outcomes: Counter[str]) -> None:
        text = self.fetch(path.replace("/?", "/days.csv?"))[0].decode("utf-8-sig")
        days = [
            int(row["days"])
            for row in csv.DictReader(io.StringIO(text))
            for _ in range(int(row["dossiers"]))
        ]
        self.same(f"{path}: settled", len(days), outcomes.total() - outcomes["overdue"])
        if not days:
            return
        days.sort()
        low, half, nine, high = (days[-(-len(days) * n // 100) - 1] for n in (5, 50, 90, 95))
        mean = sum(min(max(one, low), high) for one in days) / len(days)
        told = page.told[-3:]
        self.same(f"{path}: P50, P90", [number(one) for one in told[:2]], [half, nine])
        shown = float(told[2].split("\u00a0")[0].split()[0].replace(".", "").replace(",", "."))
        self.same(f"{path}: average", abs(shown - mean) <= 0.051, True)

    def _late(self, path: str, page: Page, outcomes: Counter[str]) -> None:
        """Compare days by cause and the corrected share with the late dossiers."""
        in_time, whole = share_of(outcomes)
        if not whole:
            return
        text = self.fetch(path.replace("/?", "/late.csv?"))[0].decode("utf-8-sig")
        reader = csv.DictReader(io.StringIO(text))
        kinds = list(reader.fieldnames or ())[3:-2]
        rows = [{name: int(cell) for name, cell in row.items()} for row in reader]
        late = sum(row["dossiers"] for row in rows)
        self.same(f"{path}: late", late, outcomes["late"] + outcomes["overdue"])
        for row in rows:
            if row["alike"]:
                made_up = row["days_granted"] > 0 and row["days_late"] <= row["days_granted"]
                told = row["dossiers"] if made_up else 0
                self.same(f"{path}: in time after all", row["in_time_after_all"], told)
        corrected = in_time + sum(row["in_time_after_all"] for row in rows)
        self.same(f"{path}: corrected", parts(page.told[7]), [corrected, whole])
        self.same(f"{path}: corrected %", page.told[6].strip(), percent(corrected, whole))
        days = {kind: sum(row[kind] for row in rows) for kind in kinds}
        rest = sum(row["days_late"] for row in rows) - sum(days.values())
        shown = _first_of_two_columns(page) if late else []
        causes = sorted((one for one in days.values() if one), reverse=True)
        mine = [*causes, rest] if rest else causes
        self.same(f"{path}: days by cause", shown if mine else [], mine)


def of(counts: Counts, *, unit: str = "", field: str = "") -> Counter[str]:
    """Return the outcomes of the rows of a unit and field, or of all."""
    found: Counter[str] = Counter()
    for (one, its, _month, outcome), count in counts.items():
        if unit in ("", one) and field in ("", its):
            found[outcome] += count
    return found


def share_of(outcomes: Counter[str]) -> tuple[int, int]:
    """Return numerator and denominator."""
    in_time = outcomes["early"] + outcomes["on_time"]
    return in_time, in_time + outcomes["late"] + outcomes["overdue"]


def percent(part: int, whole: int) -> str:
    """Return the percentage as a page writes it."""
    return f"{100 * part / whole:.2f}\u00a0%".replace(".", ",") if whole else "–"


def decimals(value: float) -> str:
    """Return a number as a page writes it: two decimals at most."""
    return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def parts(text: str) -> list[int]:
    """Return the numbers of "29.278 / 31.513"."""
    return [number(one) for one in text.split("/")] if "/" in text else []


def _first_of_two_columns(page: Page) -> list[int]:
    """Return the numbers of the first table with two columns: the causes."""
    after = dropwhile(lambda line: len(line[1]) != 2, page.lines)
    next(after, None)  # its headings
    table = takewhile(lambda line: len(line[1]) == 2 and re.search(r"\d", line[1][1]), after)
    return [number(cells[1]) for _code, cells in table]


def _signed(text: str) -> int:
    return number(text) * (-1 if text.startswith("−") else 1)


def over_http(base: str) -> Fetch:
    """Return what fetches from a server."""

    def fetch(path: str) -> Answer:
        with urlopen(base.rstrip("/") + path) as answer:  # noqa: S310 - whoever runs it says where
            return answer.read(), answer.headers

    return fetch


def periods_of(year: str) -> Iterator[str]:
    """Yield the months of a year as an address names them."""
    yield from (f"{year}-{month:02}" for month in range(1, 13))


def main(base: str, period: str) -> int:
    """Count again what a server publishes of a period; tell what does not agree."""
    check = Check(over_http(base))
    check.live(period)
    check.services(period)
    check.simplifications()
    for month in periods_of(period) if len(period) == 4 else [period]:
        check.kept(month)
    sys.stdout.write("".join(f"{one}\n" for one in check.wrong))
    sys.stdout.write(f"{check.compared} compared, {len(check.wrong)} wrong\n")
    return int(bool(check.wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "2026"))
