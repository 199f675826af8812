"""Pages of long lists: nobody leafs through ten thousand rows, so nobody waits for their number."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, F, Func, QuerySet

MOST_COUNTED = 10_000


class _IsAnyOf(Func):
    template = "%(expressions)s)"
    arg_joiner = " = ANY ("
    output_field = BooleanField()


class ListPaginator(Paginator[Any]):
    """Pages of the first `most` rows; `is_cut` where there are more.

    To count a million rows takes longer than to show a page of them, and grows every year. The rows
    of a page are found by their keys before anything is joined to them.
    """

    template_name = "office/parts/list_pages.html"
    most: ClassVar[int] = MOST_COUNTED

    @property
    def count(self) -> int:
        """The rows that can be leafed through, at most `most`."""
        return min(self._found, self.most)

    @property
    def is_cut(self) -> bool:
        """Whether there are more rows than can be leafed through."""
        return self._found > self.most

    def page(self, number: int | str) -> Page[Any]:
        """Return one page; of a queryset its rows are read when they are asked for."""
        page = super().page(number)
        if isinstance(page.object_list, QuerySet) and isinstance(self.object_list, QuerySet):
            page.object_list = by_keys(self.object_list, page.object_list)
        return page

    @cached_property
    def _found(self) -> int:
        rows = self.object_list
        if isinstance(rows, QuerySet):
            return rows.order_by()[: self.most + 1].count()
        return len(rows)


def by_keys(rows: QuerySet[Any], some: QuerySet[Any]) -> QuerySet[Any]:
    """Return those of `rows` that `some` of them are, in one question that finds their keys first.

    Sorted with all that a row shows, ten times as much is moved; and of a dozen joined tables the
    planner no longer looks for the best order. An array is made before anything is joined, a plain
    subquery is one more table to join.
    """
    return rows.filter(_IsAnyOf(F("pk"), ArraySubquery(some.values("pk"))))


@dataclass(frozen=True)
class Found:
    """What a search found: rows by their keys, and whether there were more than are kept."""

    rows: QuerySet[Any]
    is_cut: bool


def found_once(among: QuerySet[Any], found: QuerySet[Any], most: int = MOST_COUNTED) -> Found:
    """Return the rows `found` by a search, of `among`, by their keys: the search is done but once.

    A page asks several times for what was found (its number, its rows, its tabs), and a name is
    looked for in every row. The first `most` in the order of `found` are kept, and one more, by
    which a ListPaginator sees that there were more.
    """
    keys = list(found.values_list("pk", flat=True)[: most + 1])
    return Found(among.filter(pk__in=keys), len(keys) > most)
