"""Who looked at the data of the reader and of those they act for: office and purpose, no name."""

from __future__ import annotations

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from citizens.models import AccessLog, Citizen
from citizens.selectors.seals import looks_at
from portal.api.bodies import LookBody
from portal.api.openapi import operation
from portal.api.paging import page_of_log
from portal.api.readers import CitizenView, own_rows


class Looks(CitizenView):
    """The log of views."""

    @operation(
        "Who looked at the person's data, the latest first",
        answers=LookBody,
        is_page=True,
        errors=(400,),
    )
    @own_rows
    def get(self, request: Request, citizen: Citizen) -> Response:
        """Return a page of it."""
        parties = [citizen.party, *(citizen.represented or ())]
        names = {one.pk: one.public_id for one in parties}
        rows: QuerySet[AccessLog] = looks_at(parties=names)
        return page_of_log(
            request,
            rows,
            by="recorded_at",
            shape=lambda found: [
                LookBody(
                    at=row.recorded_at,
                    office=row.office.name_vi if row.office else None,
                    purpose=row.purpose,
                    reference=row.reference,
                    fields=list(row.fields),
                    about=[names[key] for key in row.subject_ids if key in names],
                )
                for row in found
            ],
        )
