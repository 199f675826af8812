"""What finished dossiers saved people, read row by row or counted for many by the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    DateField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncDate

from citizens.models import Citizen
from dossiers.enums import PaymentState, PaymentWay, Status
from dossiers.models import Dossier, DossierPaper, Payment
from dossiers.savings import GENERATED, Saving, Story, saving_of
from portal.common import clock
from procedures.enums import FilingChannel, TriggerKind

# What was given back later had been brought to the counter all the same.
_TAKEN = (PaymentState.PAID, PaymentState.REFUNDED)
_FROM_AFAR = (FilingChannel.ONLINE, FilingChannel.POSTAL)
_EXPIRY = TriggerKind.CREDENTIAL_EXPIRY


@dataclass(frozen=True)
class Saved:
    """What many dossiers saved together; `fields` is of those whose form was counted."""

    dossiers: int
    told: int
    asking: int
    filing: int
    collecting: int
    fields: int
    fields_known: int
    papers_known: int

    @property
    def trips(self) -> int:
        """All trips that were not needed."""
        return self.asking + self.filing + self.collecting


def saving_for(*, dossier: Dossier) -> Saving | None:
    """Return what one dossier saved, None before its result was handed over."""
    if dossier.status != Status.RETURNED:
        return None
    row = with_stories(Dossier.objects.filter(pk=dossier.pk)).first()
    return None if row is None else saving_of(_story(row))


def saved_in_year(*, citizen: Citizen, year: int) -> Saved:
    """Return what the dossiers that this person filed saved whose results came in a civil year."""
    mine = Dossier.objects.filter(applicant=citizen)
    return saved_by(returned_between(mine, date(year, 1, 1), date(year, 12, 31)))


def returned_between(dossiers: QuerySet[Dossier], first: date, last: date) -> QuerySet[Dossier]:
    """Return those of `dossiers` handed over on civil days from `first` to `last`."""
    day = TruncDate("returned_at", tzinfo=clock.CIVIL_ZONE)
    return dossiers.annotate(returned_on=day).filter(returned_on__gte=first, returned_on__lte=last)


def saved_by(dossiers: QuerySet[Dossier]) -> Saved:
    """Return what all of `dossiers` saved: one query, whatever their number."""
    sums = with_stories(dossiers).order_by().aggregate(**_SUMS)
    return Saved(**{name: sums[name] or 0 for name in Saved.__dataclass_fields__})


def saved_by_groups(dossiers: QuerySet[Dossier], *by: str) -> dict[tuple[Any, ...], Saved]:
    """Return the same for each group of the columns `by`: one query."""
    rows = with_stories(dossiers).order_by().values(*by).annotate(**_SUMS)
    return {
        tuple(row[name] for name in by): Saved(
            **{name: row[name] or 0 for name in Saved.__dataclass_fields__}
        )
        for row in rows
    }


def with_stories(dossiers: QuerySet[Dossier]) -> QuerySet[Any]:
    """Return the handed over ones with the parts of their `Story` as columns."""
    counter = Payment.objects.filter(
        dossier=OuterRef("pk"), state__in=_TAKEN, way=PaymentWay.COUNTER
    )
    known = (
        DossierPaper.objects.filter(dossier=OuterRef("pk"))
        .exclude(satisfied_by__in=("", GENERATED))
        .order_by()
        .values("dossier")
        .annotate(count=Count("pk"))
        .values("count")
    )
    expiry = Case(
        When(suggestion__rule__kind=_EXPIRY, then=F("suggestion__due_on")),
        default=None,
        output_field=DateField(),
    )
    return dossiers.filter(status=Status.RETURNED).annotate(
        was_told=_true(suggestion__isnull=False),
        from_afar=_true(channel__in=_FROM_AFAR),
        back_from_afar=_true(returned_by__in=_FROM_AFAR),
        paid_at_counter=Exists(counter),
        papers_count=Coalesce(Subquery(known), 0, output_field=IntegerField()),
        expires_on=expiry,
    )


def _true(**condition: Any) -> Case:
    return Case(
        When(Q(**condition), then=Value(True)), default=Value(False), output_field=BooleanField()
    )


def _story(row: Any) -> Story:
    filed_on = clock.civil_date(row.submitted_at)
    return Story(
        was_told=row.was_told,
        from_afar=row.from_afar,
        paid_at_counter=row.paid_at_counter,
        back_from_afar=row.back_from_afar,
        fields=row.field_count,
        fields_known=row.known_field_count,
        papers_known=row.papers_count,
        days_before=(row.expires_on - filed_on).days if row.expires_on else None,
    )


_SUMS = {
    "dossiers": Count("pk"),
    "told": Count("pk", filter=Q(was_told=True)),
    "asking": Count("pk", filter=Q(was_told=True)),
    "filing": Count("pk", filter=Q(from_afar=True, paid_at_counter=False)),
    "collecting": Count("pk", filter=Q(back_from_afar=True)),
    "fields": Sum("field_count"),
    "fields_known": Sum("known_field_count"),
    "papers_known": Sum("papers_count"),
}
