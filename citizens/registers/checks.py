"""What is wrong with rows that only shows beside other rows or beside the facts that stand.

Each check is one statement over all rows. A row with a mistake goes to the table `problem` (line,
column, kind, reason in both languages) and leaves `resolved`; what two registers disagree about,
without anything being wrong with the row, goes to the table `found` and the row stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from django.db import connection

from citizens.registers.formats import Format, Target
from citizens.registers.writing.deaths import CANCELLED

_TABLES = """
DROP TABLE IF EXISTS problem, found, twice, caught_up;
CREATE TEMPORARY TABLE problem (
  line integer, col text, code text, vi text, en text
);
CREATE TEMPORARY TABLE found (
  line integer, subject_id bigint, kind text, tbl text, object_id bigint, col text,
  register text, other_register text, held text, stated text
);
CREATE TEMPORARY TABLE caught_up (correction_id bigint);
"""

_OF_CELLS = """
INSERT INTO problem
SELECT line, p ->> 0, p ->> 1, p ->> 2, p ->> 3
  FROM staged, jsonb_array_elements(problems) p WHERE problems IS NOT NULL
"""

# F26: a number that stands twice with different words is nobody's until an officer has looked.
_REPEATED = """
CREATE TEMPORARY TABLE twice AS
SELECT key, min(line) AS first, min(content) = max(content) AS is_same
  FROM staged WHERE problems IS NULL GROUP BY key HAVING count(*) > 1;
INSERT INTO problem
SELECT s.line, %(key_column)s,
       CASE WHEN is_same THEN 'repeated' ELSE 'contradicts' END,
       CASE WHEN is_same THEN format('lặp lại dòng %%s', first)
            WHEN s.line = first THEN 'có dòng khác cùng số này mà nội dung khác'
            ELSE format('cùng số với dòng %%s mà nội dung khác', first) END,
       CASE WHEN is_same THEN format('repeats line %%s', first)
            WHEN s.line = first THEN 'another line has the same number and says otherwise'
            ELSE format('same number as line %%s, which says otherwise', first) END
  FROM staged s JOIN twice USING (key)
 WHERE s.problems IS NULL AND (NOT is_same OR s.line > first);
UPDATE staged SET problems = '[]' FROM problem p WHERE p.line = staged.line AND problems IS NULL;
"""

_UNKNOWN_UNIT = """
INSERT INTO problem
SELECT line, 'unit_code', CASE WHEN is_split THEN 'unit_split' ELSE 'unit_unknown' END,
       CASE WHEN is_split THEN 'mã đơn vị cũ đã chia cho nhiều đơn vị mới; ghi mã mới'
            ELSE 'không có đơn vị hành chính nào mang mã này' END,
       CASE WHEN is_split THEN 'the former unit went into several; write the new code'
            ELSE 'no administrative unit has this code' END
  FROM resolved
 WHERE unit_code IS NOT NULL AND (unit_id IS NULL OR is_split)
"""

_UNKNOWN_SUBJECT = """
INSERT INTO problem
SELECT line, %(subject_column)s, 'subject_unknown',
       'chưa có trong dữ liệu đang lưu; nhập lại dòng này sau khi có',
       'is not among the facts held; import this row again once it is'
  FROM resolved WHERE subject_id IS NULL
"""

_PERSON_DATES = """
INSERT INTO problem
SELECT line, 'died_on', 'died_before_birth', 'ngày mất trước ngày sinh', 'died before the birth'
  FROM resolved WHERE died_on < birth_date
UNION ALL
SELECT line, 'birth_date', 'born_after_death',
       'ngày sinh sau ngày mất đang lưu', 'born after the day of death that is held'
  FROM resolved WHERE held_died_on < birth_date AND NOT is_stale
UNION ALL
SELECT line, 'emigrated_on', 'emigrated_before_birth',
       'ngày xuất cảnh trước ngày sinh', 'emigrated before the birth'
  FROM resolved WHERE emigrated_on < birth_date
"""

_PAPER_DATES = """
INSERT INTO problem
SELECT line, 'expires_on', 'expires_before_issue',
       'ngày hết hạn trước ngày cấp', 'expires before it was issued'
  FROM resolved WHERE expires_on < issued_on
UNION ALL
SELECT line, 'issued_on', 'issued_before_birth',
       'ngày cấp trước ngày sinh của người này', 'issued before the holder was born'
  FROM resolved WHERE issued_on < subject_birth
UNION ALL
SELECT line, 'reported_on', 'reported_before_issue',
       'ngày báo mất, hỏng trước ngày cấp', 'reported before it was issued'
  FROM resolved WHERE occurred_on < issued_on
UNION ALL
SELECT line, 'number', 'other_holder', 'số giấy tờ này đang ghi cho người khác; cần cán bộ xem',
       'the number is held by somebody else; an officer must look'
  FROM resolved WHERE held_id IS NOT NULL AND held_subject_id <> subject_id AND NOT is_stale
"""

_EVENT_DATES = """
INSERT INTO problem
SELECT line, %(day_column)s, 'event_before_birth',
       'ngày xảy ra trước ngày sinh của người này', 'happened before the person was born'
  FROM resolved WHERE occurred_on < subject_birth
"""

# A notice that now names somebody else would leave the first one dead, or a mother, by mistake.
_OTHER_SUBJECT = """
INSERT INTO problem
SELECT line, %(key_column)s, 'other_subject',
       'số này đang ghi cho người khác; cần cán bộ xem',
       'the number stands for somebody else; an officer must look'
  FROM resolved
 WHERE %(has_event)s AND held_subject_id <> subject_id AND NOT is_stale
   AND NOT EXISTS (SELECT FROM citizens_citizen merged
                    WHERE merged.party_id = held_subject_id AND merged.survivor_id = subject_id)
"""

# A tie without the other person says nothing.
_TIE = """
INSERT INTO problem
SELECT line, 'relative_pin', 'relative_unknown',
       'người thân chưa có trong dữ liệu đang lưu; nhập lại dòng này sau khi có',
       'the relative is not among the facts held; import this row again once they are'
  FROM resolved r
 WHERE event_relative IS NOT NULL
   AND NOT EXISTS (SELECT FROM citizens_citizen c WHERE c.pin_index = r.event_relative)
UNION ALL
SELECT line, 'until', 'ends_before_start', 'ngày kết thúc không sau ngày bắt đầu',
       'does not end after it began'
  FROM resolved
 WHERE event_relative IS NOT NULL AND (body ->> 'valid_to')::date <= occurred_on
"""

# F26: the same number with another name is never written over what is held.
_OTHER_NAME = """
INSERT INTO found
SELECT line, held_id, 'identity', 'citizen', held_id, 'full_name', %(register)s, %(register)s,
       held_name, full_name
  FROM resolved
 WHERE held_id IS NOT NULL AND NOT is_stale AND held_name <> full_name
   AND held_fold <> portal_fold(full_name);
INSERT INTO problem
SELECT line, 'full_name', 'identity_conflict',
       'số định danh này đang ghi cho một tên khác; cần cán bộ xem',
       'the number is held under another name; an officer must look'
  FROM found WHERE kind = 'identity';
"""

_LEAVE = """
DELETE FROM resolved USING problem WHERE problem.line = resolved.line
"""

# The number's form tells sex and year of birth; registers really err there: warn, never block.
_AGAINST_NUMBER = """
INSERT INTO found
SELECT line, held_id, 'gender', 'citizen', held_id, 'gender', %(register)s, NULL, gender, pin_gender
  FROM resolved
 WHERE gender <> pin_gender AND NOT is_stale AND (held_id IS NULL OR is_changed)
UNION ALL
SELECT line, held_id, 'birth_date', 'citizen', held_id, 'birth_date', %(register)s, NULL,
       birth_date::text, pin_year::text
  FROM resolved
 WHERE pin_year <> extract(year FROM birth_date) AND NOT is_stale
   AND (held_id IS NULL OR is_changed)
"""

# A register that goes on listing somebody whose death another one knows.
_ALIVE = """
INSERT INTO found
SELECT line, held_id, 'alive', 'citizen', held_id, 'died_on', 'CIVIL', %(register)s,
       held_died_on::text, coalesce(died_on::text, '')
  FROM resolved
 WHERE held_died_on IS NOT NULL AND NOT is_stale AND held_died_on < %(as_of)s
   AND died_on IS DISTINCT FROM held_died_on
"""

_AFTER_DEATH = """
INSERT INTO found
SELECT line, person_id, 'alive', 'citizen', person_id, 'died_on', 'CIVIL', %(register)s,
       person_died_on::text, ''
  FROM resolved
 WHERE person_died_on IS NOT NULL AND issued_on > person_died_on AND NOT is_stale
"""

# A hospital that names another day than is held, and may not move it: it moves what it said itself,
# as long as the register of civil status has not spoken (`citizens.registers.writing.deaths`).
_OTHER_DAY = """
INSERT INTO found
SELECT line, person_id, 'alive', 'citizen', person_id, 'died_on', 'CIVIL', %(register)s,
       person_died_on::text, occurred_on::text
  FROM resolved r LEFT JOIN citizens_registerrecord notice ON notice.id = r.held_id
 WHERE %(event)s = 'death_notified' AND person_died_on <> occurred_on AND NOT is_stale
   AND coalesce(r.body ->> 'status', notice.body ->> 'status', '') <> %(cancelled)s
   AND (EXISTS (
     SELECT FROM citizens_eventparty p JOIN citizens_lifeevent e ON e.id = p.event_id
      WHERE p.party_id = r.person_id AND p.role = 'subject' AND e.kind = 'death_registered')
    OR NOT EXISTS (
     SELECT FROM citizens_lifeevent said
      WHERE said.kind = %(event)s AND said.occurred_on = r.person_died_on
        AND said.natural_key = encode(substring(r.event_key FOR 20), 'hex')))
"""

# Of births, what both know is compared, and what was said is shown: elders have a year alone.
_STATED = """
INSERT INTO found
SELECT line, person_id, 'name', 'citizen', person_id, 'full_name', person_register, %(register)s,
       person_name, stated_name
  FROM resolved
 WHERE stated_name <> person_name AND person_fold <> portal_fold(stated_name) AND NOT is_stale
UNION ALL
SELECT line, person_id, 'birth_date', 'citizen', person_id, 'birth_date', person_register,
       %(register)s,
       left(person_birth::text,
            CASE person_precision WHEN 'year' THEN 4 WHEN 'month' THEN 7 ELSE 10 END),
       left(stated_birth::text,
            CASE stated_precision WHEN 'year' THEN 4 WHEN 'month' THEN 7 ELSE 10 END)
  FROM resolved, LATERAL (
    SELECT CASE WHEN 'year' IN (person_precision, stated_precision) THEN 4
                WHEN 'month' IN (person_precision, stated_precision) THEN 7 ELSE 10 END AS known
  ) AS both_know
 WHERE left(stated_birth::text, known) <> left(person_birth::text, known) AND NOT is_stale
UNION ALL
SELECT line, person_id, 'address', 'citizen', person_id, 'current_address', person_register,
       %(register)s, person_address, stated_address
  FROM resolved
 WHERE stated_address <> person_address AND NOT is_stale
   AND portal_fold(stated_address) <> portal_fold(person_address)
"""

_BY_TARGET: Mapping[Target, tuple[str, ...]] = MappingProxyType(
    {
        Target.PERSON: (_UNKNOWN_UNIT, _PERSON_DATES, _OTHER_NAME, _LEAVE, _AGAINST_NUMBER, _ALIVE),
        Target.PAPER: (
            _UNKNOWN_UNIT,
            _UNKNOWN_SUBJECT,
            _PAPER_DATES,
            _LEAVE,
            _STATED,
            _AFTER_DEATH,
        ),
        Target.RECORD: (
            _UNKNOWN_SUBJECT,
            _EVENT_DATES,
            _OTHER_SUBJECT,
            _TIE,
            _LEAVE,
            _STATED,
            _OTHER_DAY,
        ),
        Target.ORGANISATION: (_UNKNOWN_UNIT, _LEAVE),
    }
)


def check_alone(declared: Format) -> None:
    """Note what is wrong with staged rows by themselves and beside each other."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        cursor.execute(_OF_CELLS)
        cursor.execute(_REPEATED, {"key_column": declared.row_key[0]})


def check_resolved(declared: Format, *, as_of: date) -> None:
    """Note what is wrong with resolved rows, and what registers disagree about."""
    parameters: dict[str, Any] = {
        "register": declared.register,
        "as_of": as_of,
        "subject_column": _named(declared, {"holder", "holder_code", "subject", "subject_code"}),
        "key_column": declared.row_key[0],
        "has_event": declared.event is not None,
        "event": None if declared.event is None else str(declared.event.kind),
        "cancelled": CANCELLED,
        "day_column": _named(declared, {"occurred_on"}),
    }
    with connection.cursor() as cursor:
        for statement in _BY_TARGET[declared.target]:
            cursor.execute(statement, parameters)
        cursor.execute("CREATE INDEX ON problem (line); ANALYZE problem")


def _named(declared: Format, places: set[str]) -> str:
    """Return the name of the column that goes to one of these places."""
    for column in declared.columns:
        if places & set(column.to.split("+")):
            return column.name
    return declared.row_key[0]
