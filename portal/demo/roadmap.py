"""Stages of services and a list of integrated ones: made up for the trial, and saying so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from citizens.models import Agency, User
from portal.common import clock
from portal.reporting.integration.enums import Stage
from portal.reporting.integration.listing import COLUMNS, load_integrated, national_code
from portal.reporting.integration.models import ServiceStage
from portal.reporting.integration.reading import Service, all_services, with_parts
from portal.reporting.integration.setting import owners, set_stage

_SOURCE = "Số liệu giả lập của bản dùng thử"
_OTHERS = (
    ("1.999001", "Dịch vụ của bản dùng thử chưa có trong danh mục, thứ nhất"),
    ("1.999002", "Dịch vụ của bản dùng thử chưa có trong danh mục, thứ hai"),
    ("2.999003", "Dịch vụ của bản dùng thử chưa có trong danh mục, thứ ba"),
)
# Of every eight services: the days before today on which a stage was written, and its day from
# then on. Whatever stands last holds; a plan whose day is over is one of them.
_PATHS: Sequence[Sequence[tuple[int, Stage, int]]] = (
    ((330, Stage.PLANNED, 60), (260, Stage.PILOT, 0), (120, Stage.LIVE, 0)),
    ((330, Stage.PLANNED, 90), (200, Stage.PILOT, -3)),
    ((150, Stage.PLANNED, 330),),
    (),
    ((300, Stage.PLANNED, 120), (150, Stage.LIVE, -1)),
    ((250, Stage.PLANNED, 200),),
    ((90, Stage.PLANNED, 200),),
    (),
)


def lay_roadmap(*, now: datetime) -> int:
    """Write the stages of the catalogue's services as of `now`; return how many there are."""
    editor, day = User.objects.get(username="bientap"), clock.civil_date(now)
    services = with_parts(all_services(day=day))
    departments = list(owners(day=day).select_related("kind"))
    for at, service in enumerate(services):
        owner, seen = _owner(service, departments), 0
        for ago, stage, days in _PATHS[at % len(_PATHS)]:
            then = now - timedelta(days=ago)
            seen = set_stage(
                procedure=service.procedure,
                stage=stage,
                effective_on=clock.civil_date(then) + timedelta(days=days),
                owner=owner.code,
                user=editor,
                note="",
                seen=seen,
                now=then,
            ).pk
    load_integrated(_lines(services), source=_SOURCE)
    return ServiceStage.objects.count()


def _owner(service: Service, departments: Sequence[Agency]) -> Agency:
    """Return the department that decides on it, else the People's Committee of the province."""
    decides = service.version.definition["competent_agency"]["key"] if service.version else ""
    of_kind = {one.kind_id: one for one in departments}
    return of_kind.get(decides) or of_kind["ubnd_tinh"]


def _lines(services: Sequence[Service]) -> Iterator[str]:
    yield ",".join(COLUMNS)
    for at, service in enumerate(services):
        if at % 2 == 0 and service.is_national and national_code(service.procedure.code):
            yield f"{service.procedure.code},,,"
    for code, name in _OTHERS:
        yield f'{code},"{name}",,'
