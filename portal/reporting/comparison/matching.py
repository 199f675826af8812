"""A partner's list beside our books, matched by the database: by national code, then by our own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import connection

from dossiers.enums import ExchangeState, Repair
from dossiers.models.exchange import ON_THE_WAY
from dossiers.partners.mapping import Owner, PartnerMapping
from portal.reporting.comparison.reading import Line


class Class(StrEnum):
    """What a comparison found; each line is of one, the first of these that fits."""

    DOUBLE = "double"
    ONLY_THERE = "only_there"
    ONLY_HERE = "only_here"
    UNDER_WAY = "under_way"
    STATUS = "status"
    DATE = "date"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Match:
    """A line with our dossier, or one of them; `differs` names every column that does."""

    found: Class
    number: int | None
    national: str
    code: str
    unit: str
    procedure: str
    differs: Sequence[str]
    here: int | None
    there: int | None
    repair: Repair | None


def compare(
    lines: Sequence[Line], *, mapping: PartnerMapping, since: date, until: date
) -> Iterator[Match]:
    """Yield what is found of every line, then our dossiers filed in these days that it lacks.

    A cell that the list leaves empty is not compared. A dossier of which the partner is still to be
    told something is under way, unless the partner refused something of it.
    """
    columns = [
        [getattr(line, name) for line in lines]
        for name in ("number", "national", "code", "status", "received", "due", "finished")
    ]
    params: dict[str, Any] = dict(zip("nocsrdf", columns, strict=True)) | {
        "partner": mapping.partner,
        "zone": settings.TIME_ZONE,
        "since": since,
        "until": until,
        "on_the_way": [str(state) for state in ON_THE_WAY],
        "refused": [str(ExchangeState.PARKED), str(ExchangeState.UNKNOWN)],
    }
    with connection.cursor() as cursor:
        cursor.execute(_MATCHED, params)
        rows = cursor.fetchall()
    for found, number, national, code, unit, procedure, key, differs, here, there, filed in rows:
        kind = Class(found)
        partners = key and mapping.matter(key, filed).owner is Owner.PARTNER
        repair = Repair.TAKE_THEIRS if kind is Class.STATUS and partners else _REPAIRS.get(kind)
        told = number, national, code, unit, procedure
        yield Match(kind, *told, tuple(differs), here, there, repair)


_REPAIRS = {
    Class.DOUBLE: Repair.REMOVE_THERE,
    Class.ONLY_THERE: Repair.BY_HAND,
    Class.ONLY_HERE: Repair.TELL_AGAIN,
    Class.STATUS: Repair.TELL_STATUS,
    Class.DATE: Repair.TELL_DATES,
}

_MATCHED = """
WITH line AS MATERIALIZED (
    SELECT * FROM unnest(
        %(n)s::int[], %(o)s::text[], %(c)s::text[], %(s)s::int[],
        %(r)s::date[], %(d)s::date[], %(f)s::date[]
    ) AS line (number, national, code, status, received, due, finished)
), matched AS MATERIALIZED (
    SELECT line.*, coalesce(link.dossier_id, own.id) AS dossier_id,
        link.dossier_id <> own.id AS is_torn
    FROM line
    LEFT JOIN dossiers_exchangelink link
        ON link.partner = %(partner)s AND link.their_code = line.national AND line.national <> ''
    LEFT JOIN dossiers_dossier own ON own.code = line.code
), counted AS (
    SELECT matched.*, is_torn
        OR dossier_id IS NOT NULL AND count(*) OVER (PARTITION BY dossier_id) > 1
        OR dossier_id IS NULL
            AND count(*) OVER (PARTITION BY dossier_id, national, code) > 1 AS is_double
    FROM matched
), moving AS MATERIALIZED (
    SELECT dossier_id FROM dossiers_exchangerow
    WHERE partner = %(partner)s AND dossier_id IS NOT NULL
        AND state = ANY(%(on_the_way)s || %(refused)s)
    GROUP BY dossier_id HAVING NOT bool_or(state = ANY(%(refused)s))
), beside AS (
    SELECT line.*, dossier.code AS our_code, dossier.status AS our_status,
        dossier.competent_id, dossier.procedure_version_id,
        (dossier.submitted_at AT TIME ZONE %(zone)s)::date AS filed,
        moving.dossier_id IS NOT NULL AS is_moving,
        array_remove(ARRAY[
            CASE WHEN line.status <> dossier.status THEN 'status' END,
            CASE WHEN line.received IS DISTINCT FROM dossier.clock_started_on
                AND line.received IS NOT NULL THEN 'received' END,
            CASE WHEN line.due IS DISTINCT FROM dossier.due_on
                AND line.due IS NOT NULL THEN 'due' END,
            CASE WHEN line.finished IS NOT NULL AND line.finished IS DISTINCT FROM
                (dossier.finished_at AT TIME ZONE %(zone)s)::date THEN 'finished' END
        ], NULL) AS differs
    FROM counted line
    LEFT JOIN dossiers_dossier dossier ON dossier.id = line.dossier_id
    LEFT JOIN moving ON moving.dossier_id = line.dossier_id
), lacking AS (
    SELECT link.their_code, dossier.*, (dossier.submitted_at AT TIME ZONE %(zone)s)::date AS filed,
        moving.dossier_id IS NOT NULL AS is_moving
    FROM dossiers_exchangelink link
    JOIN dossiers_dossier dossier ON dossier.id = link.dossier_id
    LEFT JOIN moving ON moving.dossier_id = dossier.id
    WHERE link.partner = %(partner)s
        AND (dossier.submitted_at AT TIME ZONE %(zone)s)::date BETWEEN %(since)s AND %(until)s
        AND NOT EXISTS (SELECT FROM matched WHERE matched.dossier_id = dossier.id)
), every AS (
    SELECT CASE
            WHEN is_double THEN 'double'
            WHEN dossier_id IS NULL THEN 'only_there'
            WHEN is_moving THEN 'under_way'
            WHEN 'status' = ANY(differs) THEN 'status'
            WHEN cardinality(differs) > 0 THEN 'date'
            ELSE 'same'
        END AS found, number, national, coalesce(our_code, code) AS code, competent_id,
        procedure_version_id, differs, our_status AS here, status AS there, filed
    FROM beside
    UNION ALL
    SELECT CASE WHEN is_moving THEN 'under_way' ELSE 'only_here' END, NULL, their_code, code,
        competent_id, procedure_version_id, '{}', status, NULL, filed
    FROM lacking
)
SELECT found, every.number, national, every.code,
    coalesce(unit.code, ''), coalesce(procedure.code, ''),
    procedure.key, differs, here, there, filed
FROM every
LEFT JOIN citizens_agency agency ON agency.id = every.competent_id
LEFT JOIN citizens_unit unit ON unit.id = agency.unit_id
LEFT JOIN procedures_procedureversion version ON version.id = every.procedure_version_id
LEFT JOIN procedures_procedure procedure ON procedure.id = version.procedure_id
ORDER BY every.number NULLS LAST, every.code
"""
