"""Who is whose parent, spouse or guardian, and who may therefore act for whom.

What a register no longer says ends on its date; a right that somebody revoked stays revoked,
whatever a register goes on stating. About parents the register of civil status has the last word:
what it told or ended (an adoption) the population register neither ends nor revives. Death ends
nothing here: whoever reads asks who lives, so a death told by mistake takes nothing away.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from citizens.registers.writing.slices import ROWS, run

# Whose matters reach somebody else from now on: the scan looks at them again.
_NEWS = """
INSERT INTO citizens_factchange (kind, object_id, subject_id)
SELECT DISTINCT 'citizen', for_party_id, for_party_id FROM tied
"""
# Of ties joined as `{tie}`: those that the register of civil status wrote last.
_OF_CIVIL = """EXISTS (
  SELECT FROM citizens_batch b WHERE b.id = {tie}.batch_id AND b.register_id = 'CIVIL')"""
# Parents represent their child until 18 (Bộ luật Dân sự 91/2015/QH13, Điều 136), as long as the
# tie lasts: rows were tied before, and a tie that has ended gives no right.
_PARENTHOOD = f"""
WITH tied AS (
INSERT INTO citizens_authority (actor_id, for_party_id, basis, valid)
SELECT DISTINCT ON (parent.party_id, child.party_id) parent.party_id, child.party_id, 'parent',
       tie.valid * daterange(child.birth_date, (child.birth_date + interval '18 years')::date)
  FROM ({{pairs}}) pair
  JOIN citizens_citizen child ON child.party_id = pair.child_id
  JOIN citizens_citizen parent ON parent.party_id = pair.parent_id
  JOIN citizens_relation tie ON tie.person_id = parent.party_id
   AND tie.relative_id = child.party_id AND tie.kind IN ('father', 'mother')
   AND (upper_inf(tie.valid) OR upper(tie.valid) > %(as_of)s)
 WHERE child.birth_date + interval '18 years' > %(as_of)s
   AND parent.party_id <> child.party_id
   AND NOT EXISTS (
     SELECT FROM citizens_authority revoked
      WHERE revoked.actor_id = parent.party_id AND revoked.for_party_id = child.party_id
        AND revoked.basis = 'parent' AND revoked.revoked_at IS NOT NULL)
 ORDER BY parent.party_id, child.party_id, upper(tie.valid) DESC NULLS FIRST
ON CONFLICT (actor_id, for_party_id, basis) WHERE revoked_at IS NULL DO UPDATE
   SET valid = excluded.valid WHERE citizens_authority.valid <> excluded.valid
RETURNING for_party_id){_NEWS}
"""  # noqa: S608 - our own words

# Whom the rows of a slice name as their kin: looked up once, since all people are read for it. A
# divorced person names nobody as spouse; folding words is dear, most are told apart without it.
_NAMED = f"""
DROP TABLE IF EXISTS named;
CREATE TEMPORARY TABLE named AS
WITH told AS MATERIALIZED (
  SELECT r.party_id, r.birth_date, v.index, v.kind
    FROM resolved r
    CROSS JOIN LATERAL (VALUES (r.father, 'father'), (r.mother, 'mother'), (r.spouse, 'spouse'))
      AS v (index, kind)
   WHERE {ROWS} AND (v.index IS NOT NULL OR v.kind = 'spouse'
      AND r.body ->> 'marital_status' ILIKE '%%l_ h_n'
      AND portal_fold(r.body ->> 'marital_status') IN ('ly hon', 'da ly hon'))
)
SELECT told.party_id, told.birth_date, told.kind, kin.party_id AS kin_id
  FROM told LEFT JOIN citizens_citizen kin ON kin.pin_index = told.index
 WHERE kin.party_id IS NOT NULL OR told.index IS NULL;
ANALYZE named
"""  # noqa: S608 - our own words
# Somebody else stands now where a father, mother or spouse stood.
_FORMER = f"""
WITH over AS (
  SELECT o.id FROM citizens_relation o JOIN named s ON o.relative_id = s.party_id
   WHERE o.kind = s.kind AND o.person_id IS DISTINCT FROM s.kin_id
     AND (o.kind = 'spouse' OR NOT {_OF_CIVIL.format(tie="o")})
  UNION
  SELECT o.id FROM citizens_relation o JOIN named s ON o.person_id = s.party_id
   WHERE o.kind = 'spouse' AND s.kind = 'spouse' AND o.relative_id IS DISTINCT FROM s.kin_id
), former AS (
  UPDATE citizens_relation o
     SET valid = daterange(lower(o.valid), %(as_of)s), batch_id = %(batch)s
    FROM over
   WHERE o.id = over.id AND upper_inf(o.valid) AND lower(o.valid) < %(as_of)s
  RETURNING o.person_id, o.relative_id, o.kind
)
UPDATE citizens_authority a SET valid = daterange(lower(a.valid), %(as_of)s)
  FROM former
 WHERE former.kind IN ('father', 'mother') AND a.basis = 'parent' AND a.revoked_at IS NULL
   AND a.actor_id = former.person_id AND a.for_party_id = former.relative_id
   AND a.valid @> %(as_of)s::date AND lower(a.valid) < %(as_of)s
"""  # noqa: S608 - our own words

# What the register of civil status has ended (a divorce) the population register does not revive,
# and beside a father or mother of whom it told there is no other.
_STATED = f"""
INSERT INTO citizens_relation (person_id, relative_id, kind, valid, batch_id)
SELECT named.kin_id, named.party_id, named.kind,
       daterange(
         CASE WHEN named.kind = 'spouse' THEN %(as_of)s::date ELSE named.birth_date END, NULL),
       %(batch)s
  FROM named
 WHERE named.kin_id <> named.party_id AND (named.kind = 'spouse' OR NOT EXISTS (
   SELECT FROM citizens_relation told
    WHERE told.relative_id = named.party_id AND told.kind = named.kind
      AND told.person_id <> named.kin_id AND upper_inf(told.valid)
      AND {_OF_CIVIL.format(tie="told")}))
ON CONFLICT (person_id, relative_id, kind) DO UPDATE
   SET valid = daterange(lower(citizens_relation.valid), NULL), batch_id = excluded.batch_id
 WHERE NOT upper_inf(citizens_relation.valid) AND upper(citizens_relation.valid) <= %(as_of)s
   AND NOT {_OF_CIVIL.format(tie="citizens_relation")}
"""  # noqa: S608 - our own words

# What follows from a row of the population register, in this order.
KIN_OF_PEOPLE = (
    _NAMED,
    _FORMER,
    _STATED,
    _PARENTHOOD.format(
        pairs="SELECT kin_id AS parent_id, party_id AS child_id"
        " FROM named WHERE kind IN ('father', 'mother')"
    ),
)

# Who married each other, both ways round.
_MARRIED = f"""
INSERT INTO citizens_relation (person_id, relative_id, kind, valid, batch_id)
SELECT DISTINCT ON (pair.a, pair.b) pair.a, pair.b, 'spouse', daterange(r.occurred_on, NULL),
       %(batch)s
  FROM resolved r
  JOIN citizens_citizen other ON other.pin_index = r.event_spouse
  CROSS JOIN LATERAL (VALUES (r.subject_id, other.party_id), (other.party_id, r.subject_id))
    AS pair (a, b)
 WHERE {ROWS} AND pair.a <> pair.b
 ORDER BY pair.a, pair.b, r.line
ON CONFLICT (person_id, relative_id, kind) DO UPDATE
   SET valid = daterange(lower(excluded.valid), NULL), batch_id = excluded.batch_id
 WHERE upper(citizens_relation.valid) <= lower(excluded.valid)
"""  # noqa: S608 - our own words

_BORN_OF = f"""
SELECT parent.party_id AS parent_id, r.subject_id AS child_id
  FROM resolved r
  JOIN citizens_citizen parent ON parent.pin_index IN (r.event_father, r.event_mother)
 WHERE {ROWS}
"""  # noqa: S608 - our own words
# A registered birth names the parents of a child that is known by now.
_BORN = f"""
INSERT INTO citizens_relation (person_id, relative_id, kind, valid, batch_id)
SELECT parent.party_id, child.party_id, v.kind, daterange(child.birth_date, NULL), %(batch)s
  FROM resolved r
  JOIN citizens_citizen child ON child.party_id = r.subject_id
  CROSS JOIN LATERAL (VALUES (r.event_father, 'father'), (r.event_mother, 'mother'))
    AS v (index, kind)
  JOIN citizens_citizen parent ON parent.pin_index = v.index
   AND parent.party_id <> child.party_id
 WHERE {ROWS}
ON CONFLICT (person_id, relative_id, kind) DO NOTHING
"""  # noqa: S608 - our own words

# A tie that a row names by itself: its kind, its first day and, once it has ended, its last.
_TIES = f"""
SELECT kin.party_id AS kin_id, r.subject_id, r.body ->> 'relation' AS relation, own.birth_date,
       daterange(r.occurred_on, (r.body ->> 'valid_to')::date) AS valid
  FROM resolved r
  JOIN citizens_citizen kin ON kin.pin_index = r.event_relative
  JOIN citizens_citizen own ON own.party_id = r.subject_id AND own.party_id <> kin.party_id
 WHERE {ROWS}
"""  # noqa: S608 - our own words
_TIED = f"""
WITH tie AS ({_TIES}), told AS (
  SELECT kin_id AS person_id, subject_id AS relative_id, valid,
         CASE relation WHEN 'Cha' THEN 'father' WHEN 'Mẹ' THEN 'mother'
              WHEN 'Giám hộ' THEN 'guardian' ELSE 'spouse' END AS kind
    FROM tie
  UNION ALL
  SELECT subject_id, kin_id, valid, 'spouse' FROM tie WHERE relation = 'Vợ hoặc chồng'
)
INSERT INTO citizens_relation (person_id, relative_id, kind, valid, batch_id)
SELECT DISTINCT ON (person_id, relative_id, kind) person_id, relative_id, kind, valid, %(batch)s
  FROM told ORDER BY person_id, relative_id, kind, valid
ON CONFLICT (person_id, relative_id, kind) DO UPDATE
   SET valid = excluded.valid, batch_id = excluded.batch_id
 WHERE citizens_relation.valid <> excluded.valid
"""  # noqa: S608 - our own words
# Minors and adults who cannot act for themselves have guardians (Bộ luật Dân sự, Điều 46–48).
_GUARDED = f"""
WITH tie AS ({_TIES}), tied AS (
INSERT INTO citizens_authority (actor_id, for_party_id, basis, valid)
SELECT DISTINCT ON (kin_id, subject_id, relation = 'Giám hộ') kin_id, subject_id,
       CASE relation WHEN 'Giám hộ' THEN 'guardian' ELSE 'parent' END,
       CASE WHEN birth_date + interval '18 years' > lower(valid)
            THEN valid * daterange(NULL, (birth_date + interval '18 years')::date)
            ELSE valid END
  FROM tie
 WHERE (relation = 'Giám hộ'
    OR relation IN ('Cha', 'Mẹ') AND birth_date + interval '18 years' > %(as_of)s)
   AND NOT EXISTS (
     SELECT FROM citizens_authority revoked
      WHERE revoked.actor_id = kin_id AND revoked.for_party_id = subject_id
        AND revoked.revoked_at IS NOT NULL
        AND (revoked.basis = 'guardian') = (relation = 'Giám hộ'))
ON CONFLICT (actor_id, for_party_id, basis) WHERE revoked_at IS NULL DO UPDATE
   SET valid = excluded.valid WHERE citizens_authority.valid <> excluded.valid
RETURNING for_party_id){_NEWS}
"""  # noqa: S608 - our own words


def tie_married(parameters: Mapping[str, Any]) -> None:
    """Tie the two of each marriage of a slice."""
    run(_MARRIED, parameters)


def tie_born(parameters: Mapping[str, Any]) -> None:
    """Tie the children of a slice of registered births to their parents."""
    run(_BORN, parameters)
    run(_PARENTHOOD.format(pairs=_BORN_OF), parameters)


def tie_kin(parameters: Mapping[str, Any]) -> None:
    """Write the ties of a slice whose rows name one each."""
    run(_TIED, parameters)
    run(_GUARDED, parameters)
