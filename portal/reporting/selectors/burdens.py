"""Where procedures hurt: the steps and papers that make people wait, and what each one costs.

Of the dossiers settled in a period, from their events and requests for papers alone. Hours are
elapsed ones, nights and holidays too: so long somebody waited.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dossiers.enums import Status
from portal.common.sql import Statement
from portal.reporting.selectors.assumptions import Assumption
from portal.reporting.selectors.settled import Months

# Of a procedure, step or paper that fewer dossiers met nothing is told.
FEWEST = 5
STEPS = (
    Status.REGISTERED,
    Status.RECEIVED,
    Status.PROCESSING,
    Status.SUPPLEMENT_REQUESTED,
    Status.PAYMENT_REQUESTED,
)
_Assumed = Mapping[str, Assumption]
_SPENT = """
WITH step AS (
  SELECT e.dossier_id, c.procedure, e.status_after AS status, e.happened_at,
    e.status_before IS DISTINCT FROM e.status_after AS is_entered,
    lead(e.happened_at) OVER (PARTITION BY e.dossier_id ORDER BY e.id) AS until
  FROM reporting_counteddossier AS c JOIN dossiers_dossierevent AS e USING (dossier_id)
  WHERE c.finished_on BETWEEN %s AND %s
), dossier AS (
  SELECT procedure, dossier_id, sum(extract(epoch FROM until - happened_at) / 3600) AS hours, {own}
  FROM step WHERE until IS NOT NULL AND status = ANY(%s) GROUP BY procedure, dossier_id
)
SELECT procedure, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY hours), {told}
FROM dossier GROUP BY procedure
"""
_OWN = """
coalesce(
  sum(extract(epoch FROM until - happened_at) / 3600) FILTER (WHERE status = {n}), 0
) AS h{n},
count(*) FILTER (WHERE status = {n} AND is_entered) AS t{n}"""
_TOLD = """
count(*) FILTER (WHERE t{n} > 0), sum(t{n}), sum(h{n}),
percentile_cont(0.5) WITHIN GROUP (ORDER BY hours - h{n})"""
_SPENT_BY_STEP = _SPENT.format(  # our own numbers, nothing given
    own=",".join(_OWN.format(n=int(step)) for step in STEPS),
    told=",".join(_TOLD.format(n=int(step)) for step in STEPS),
)
_PAPERS = """
WITH settled AS (
  SELECT dossier_id, procedure FROM reporting_counteddossier WHERE finished_on BETWEEN %s AND %s
), asked AS (
  SELECT s.procedure, named.code, count(*) AS requests, count(DISTINCT s.dossier_id) AS dossiers,
    sum(waited.hours) AS hours, count(*) FILTER (WHERE cardinality(codes) = 1) AS alone,
    coalesce(sum(waited.hours) FILTER (WHERE cardinality(codes) = 1), 0) AS alone_hours
  FROM settled AS s JOIN dossiers_supplementrequest AS r USING (dossier_id)
  CROSS JOIN LATERAL (
    SELECT array_agg(DISTINCT one) AS codes FROM jsonb_array_elements_text(r.components) AS one
  ) AS listed
  CROSS JOIN LATERAL unnest(listed.codes) AS named (code)
  CROSS JOIN LATERAL (
    SELECT extract(epoch FROM r.answered_at - r.asked_at) / 3600 AS hours
  ) AS waited
  WHERE r.answered_at IS NOT NULL GROUP BY s.procedure, named.code
), paper AS (
  SELECT s.procedure, p.component_code AS code, max(p.name_vi) AS name,
    count(*) FILTER (WHERE p.document_id IS NOT NULL) AS handed
  FROM settled AS s JOIN dossiers_dossierpaper AS p USING (dossier_id)
  GROUP BY s.procedure, p.component_code
)
SELECT procedure, code, name, handed, coalesce(requests, 0), coalesce(dossiers, 0),
  coalesce(hours, 0), coalesce(alone, 0), coalesce(alone_hours, 0)
FROM paper LEFT JOIN asked USING (procedure, code)
"""
_NAMES = """
SELECT DISTINCT ON (c.procedure) c.procedure, v.name_vi, v.name_en
FROM reporting_counteddossier AS c
JOIN dossiers_dossier AS d ON d.id = c.dossier_id
JOIN procedures_procedureversion AS v ON v.id = d.procedure_version_id
WHERE c.finished_on BETWEEN %s AND %s ORDER BY c.procedure, v.number DESC
"""


@dataclass(frozen=True, slots=True)
class StepBurden:
    """Hours that dossiers spent in a step, and half of them in all, had it not been there."""

    status: Status
    dossiers: int
    times: int
    hours: float
    median_without: float


@dataclass(frozen=True, slots=True)
class PaperBurden:
    """A paper: handed in so often, asked for afterwards so often, and the hours waited for it.

    `alone` are the requests that asked for nothing else: without the paper there were none.
    """

    code: str
    name: str
    handed: int
    requests: int
    dossiers: int
    hours: float
    alone: int
    alone_hours: float


@dataclass(frozen=True, slots=True)
class Burden:
    """A procedure: dossiers settled, hours that half of them took at most, its steps and papers."""

    procedure: str
    name_vi: str
    name_en: str
    dossiers: int
    median: float
    steps: tuple[StepBurden, ...]
    papers: tuple[PaperBurden, ...]

    @property
    def worst_step(self) -> StepBurden | None:
        """The step with most waiting; not the processing, which is the work itself."""
        waits = [one for one in self.steps if one.status != Status.PROCESSING and one.hours]
        return max(waits, key=lambda one: one.hours, default=None)

    @property
    def worst_paper(self) -> PaperBurden | None:
        """The paper most waited for; where none was asked for, the one most often handed in."""
        rank = ("hours", "requests", "handed")
        return max(self.papers, key=lambda one: [getattr(one, name) for name in rank], default=None)


@dataclass(frozen=True, slots=True)
class Saved:
    """What would not have been: hours of work, elapsed hours of waiting, and money for the work."""

    citizen_hours: float
    office_hours: float
    waited_hours: float
    vnd: int


def burdens(*, months: Months) -> list[Burden]:
    """Return the procedures with enough settled dossiers, those with most hours waited first."""
    days = months.first, months.last
    papers = _papers(days)
    names = {code: (vi, en) for code, vi, en in Statement(_NAMES, days).fetch()}
    rows = Statement(_SPENT_BY_STEP, (*days, [int(step) for step in STEPS])).fetch()
    found = [
        Burden(
            procedure,
            *names[procedure],
            dossiers,
            float(median),
            tuple(_steps(told)),
            tuple(papers[procedure]),
        )
        for procedure, dossiers, median, *told in rows
        if dossiers >= FEWEST
    ]
    return sorted(found, key=lambda one: (-_waited(one), one.procedure))


def without_step(step: StepBurden, assumed: _Assumed) -> Saved:
    """Return what the period would have been spared without a step."""
    each = _STEP_WORK.get(step.status, ((), ()))
    citizen, office = (sum(assumed[name].value for name in names) for names in each)
    return _saved(step.times * citizen, step.times * office, step.hours, assumed)


def without_paper(paper: PaperBurden, assumed: _Assumed) -> Saved:
    """Return what the period would have been spared had nobody needed a paper.

    A request that named other papers too would have been made all the same.
    """
    value = {name: one.value for name, one in assumed.items()}
    return _saved(
        paper.handed * value["fetch_paper"] + paper.alone * value["answer_request"],
        paper.handed * value["check_paper"] + paper.alone * value["ask_papers"],
        paper.alone_hours,
        assumed,
    )


def complying(burden: Burden, assumed: _Assumed) -> float:
    """Return what papers and requests cost the citizen a dossier, in VND; fees are not in it."""
    value = {name: one.value for name, one in assumed.items()}
    asked = [one.times for one in burden.steps if one.status == Status.SUPPLEMENT_REQUESTED]
    handed = sum(one.handed for one in burden.papers)
    hours = handed * value["fetch_paper"] + sum(asked) * value["answer_request"]
    return hours * value["citizen_hour"] / burden.dossiers


# What an occurrence of a step takes: the citizen, the office.
_STEP_WORK: Mapping[Status, tuple[tuple[str, ...], tuple[str, ...]]] = {
    Status.REGISTERED: ((), ("receive",)),
    Status.RECEIVED: ((), ("hand_on",)),
    Status.SUPPLEMENT_REQUESTED: (("answer_request",), ("ask_papers",)),
    Status.PAYMENT_REQUESTED: (("pay",), ()),
}


def _saved(citizen: float, office: float, waited: float, assumed: _Assumed) -> Saved:
    money = citizen * assumed["citizen_hour"].value + office * assumed["office_hour"].value
    return Saved(citizen, office, waited, round(money))


def _waited(burden: Burden) -> float:
    return burden.worst_step.hours if burden.worst_step else 0.0


def _steps(told: list[Any]) -> Iterable[StepBurden]:
    for at, status in enumerate(STEPS):
        dossiers, times, hours, without = told[at * 4 : at * 4 + 4]
        if dossiers >= FEWEST:
            yield StepBurden(status, dossiers, int(times), float(hours), float(without))


def _papers(days: tuple[Any, Any]) -> Mapping[str, list[PaperBurden]]:
    """Return by procedure; of a paper that few were asked for only that it was handed in."""
    found: dict[str, list[PaperBurden]] = defaultdict(list)
    for procedure, code, name, handed, *asked in sorted(Statement(_PAPERS, days).fetch()):
        requests, dossiers, hours, alone, alone_hours = asked
        if dossiers < FEWEST:
            requests, dossiers, hours, alone, alone_hours = 0, 0, 0, 0, 0
        if handed >= FEWEST or dossiers:
            asked_for = (requests, dossiers, float(hours), alone, float(alone_hours))
            found[procedure].append(PaperBurden(code, name, handed, *asked_for))
    return found
