"""Whatever column a desk shows has a word that can be translated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.urls import reverse
from django.utils.functional import Promise

from portal.office.filters import NamedRelatedFilter
from tests.office.places import Place, signed_in

DESKS = sorted(admin.site._registry, key=lambda model: model._meta.label)


def unnamed(model: type[Model], names: Iterable[object]) -> Iterator[str]:
    """Yield the columns of the table that Django calls by their English names."""
    for name in names:
        try:
            field = model._meta.get_field(str(name))
        except FieldDoesNotExist:
            continue
        if not isinstance(getattr(field, "verbose_name", ""), Promise):
            yield field.name


@pytest.mark.parametrize("model", DESKS, ids=lambda model: model._meta.label)
def test_what_the_table_does_not_name_the_desk_does(model: type[Model]) -> None:
    desk = admin.site._registry[model]
    filters = [entry if isinstance(entry, tuple) else (entry, None) for entry in desk.list_filter]
    listed = [name for name, kind in filters if kind is not NamedRelatedFilter]
    shown = flatten_fieldsets(desk.fieldsets or [(None, {"fields": desk.fields or ()})])
    titled = [name for name, kind in filters if kind is NamedRelatedFilter]

    assert list(unnamed(model, [*desk.list_display, *listed])) == []
    assert set(unnamed(model, [*shown, *titled])) <= set(desk.labels)  # type: ignore[attr-defined]
    for inline in desk.inlines:
        assert set(unnamed(inline.model, inline.fields or ())) <= set(inline.labels)  # type: ignore[attr-defined]


@pytest.mark.django_db
@pytest.mark.ignore_template_errors
def test_a_citizens_page_is_in_vietnamese(here: Place) -> None:
    page = reverse("admin:citizens_citizen_change", args=[here.citizen.pk])

    html = signed_in(here.user).get(page).content.decode()

    for word in ("Register", "Person", "Kind", "Household", "Light", "Dark", "Filters"):
        assert f">{word}<" not in "".join(html.split()), word
    assert "Cơ sở dữ liệu gốc" in html
    assert "Sáng" in html
