"""The named predicates of which officials build a rule's conditions, and what each is given.

A predicate has parameters of closed types; how it asks the facts is SQL of ours in
`procedures.detection.conditions`. To add one: describe it here, compile it there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from citizens.enums import AuthorityBasis, CredentialStatus, LifeEventKind


class Type(StrEnum):
    """What a parameter takes; codes are checked in their form here, against lists on release."""

    INTEGER = "integer"
    DECIMAL = "decimal"
    TEXT = "text"
    DAY = "day"
    CHOICE = "choice"
    TEXTS = "texts"
    CHOICES = "choices"


class Codes(StrEnum):
    """The list of which a parameter's texts are members."""

    UNITS = "units"
    PAPERS = "papers"
    REGISTERS = "registers"
    PROCEDURES = "procedures"


Named = tuple[str, str, str]  # value, Vietnamese, English


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: a number within `low` … `high`, a text, a day, or members of `choices`.

    Parameters of one `comparison` say how a value is compared: at least one of them is given.
    """

    name: str
    type: Type
    vi: str
    en: str
    is_required: bool = False
    is_comparison: bool = False
    choices: tuple[Named, ...] = ()
    codes: Codes | None = None
    low: int = 0
    high: int = 10**9


@dataclass(frozen=True, slots=True)
class Predicate:
    """One predicate: its parameters, its sentences, and an example that is checked by the tests.

    `vi` and `en` have a place ``{given}`` for the parameters in words; `missing_vi` and
    `missing_en` say which fact is not there where it cannot be answered.
    """

    key: str
    vi: str
    en: str
    missing_vi: str
    missing_en: str
    parameters: tuple[Parameter, ...]
    example: Mapping[str, Any]

    def parameter(self, name: str) -> Parameter | None:
        """Return the parameter of that name."""
        return next((one for one in self.parameters if one.name == name), None)


_COMPARISONS = (
    Parameter("equals", Type.TEXT, "bằng", "is", is_comparison=True),
    Parameter("in", Type.TEXTS, "là một trong", "is one of", is_comparison=True),
    Parameter("min", Type.DECIMAL, "từ", "at least", is_comparison=True, low=-(10**9)),
    Parameter("max", Type.DECIMAL, "đến", "at most", is_comparison=True, low=-(10**9)),
    Parameter("before", Type.DAY, "trước ngày", "before", is_comparison=True),
    Parameter("after", Type.DAY, "sau ngày", "after", is_comparison=True),
)
_PAPER = Parameter(
    "kind", Type.TEXT, "loại giấy tờ", "kind of paper", is_required=True, codes=Codes.PAPERS
)
_PROCEDURE = Parameter(
    "procedure", Type.TEXT, "mã thủ tục", "procedure", is_required=True, codes=Codes.PROCEDURES
)
_FIELD = Parameter("field", Type.TEXT, "trường", "field", is_required=True)
_WITHIN = Parameter("within_days", Type.INTEGER, "trong số ngày", "within days", low=1, high=3660)
_EVENTS: tuple[Named, ...] = (
    (LifeEventKind.BIRTH_NOTIFIED, "báo sinh", "a birth was notified"),
    (LifeEventKind.BIRTH_REGISTERED, "đăng ký khai sinh", "a birth was registered"),
    (LifeEventKind.DEATH_NOTIFIED, "báo tử", "a death was notified"),
    (LifeEventKind.DEATH_REGISTERED, "đăng ký khai tử", "a death was registered"),
    (LifeEventKind.CONSTRUCTION_PERMIT_ISSUED, "cấp giấy phép xây dựng", "a permit was issued"),
    (LifeEventKind.CREDENTIAL_LOST_OR_DAMAGED, "mất, hỏng giấy tờ", "a paper was lost"),
    (LifeEventKind.MOVED, "chuyển nơi cư trú", "somebody moved"),
    (LifeEventKind.MARRIAGE, "kết hôn", "somebody married"),
    (LifeEventKind.INCOME_SHOCK_OR_DISASTER, "mất thu nhập, thiên tai", "income was lost"),
    (LifeEventKind.BUSINESS_REGISTERED, "đăng ký kinh doanh", "a business was registered"),
    (LifeEventKind.HOUSEHOLD_STATUS_CHANGED, "đổi diện hộ", "a household's status changed"),
)
_STATUSES: tuple[Named, ...] = (
    (CredentialStatus.VALID, "còn giá trị", "valid"),
    (CredentialStatus.REVOKED, "bị thu hồi", "revoked"),
    (CredentialStatus.LOST, "đã báo mất", "reported lost"),
    (CredentialStatus.SUPERSEDED, "đã được thay", "superseded"),
)
_BASES: tuple[Named, ...] = (
    (AuthorityBasis.PARENT, "cha, mẹ", "parent"),
    (AuthorityBasis.GUARDIAN, "người giám hộ", "guardian"),
    (AuthorityBasis.REPRESENTATIVE, "người đại diện", "representative"),
    (AuthorityBasis.POWER_OF_ATTORNEY, "người được ủy quyền", "by power of attorney"),
)
_WHOSE: tuple[Named, ...] = (
    ("own", "chính người đó", "the person"),
    ("parents", "cha hoặc mẹ", "a parent"),
)
_STATES: tuple[Named, ...] = (
    ("open", "đang giải quyết", "open"),
    ("granted", "đã được giải quyết", "granted"),
    ("refused", "bị từ chối", "refused"),
    ("withdrawn", "đã rút", "withdrawn"),
    ("any", "bất kỳ", "of any outcome"),
)
_HOMES: tuple[Named, ...] = (
    ("poor", "hộ nghèo", "poor"),
    ("near_poor", "hộ cận nghèo", "near-poor"),
    ("none", "không thuộc diện", "neither"),
)

_ALL = (
    Predicate(
        "unit",
        "Cư trú (trụ sở) tại đơn vị {given}",
        "Lives (has its seat) in {given}",
        "chưa rõ nơi cư trú (trụ sở)",
        "the place of residence (seat) is not known",
        (
            Parameter(
                "codes",
                Type.TEXTS,
                "mã xã, phường",
                "codes of communes",
                is_required=True,
                codes=Codes.UNITS,
            ),
        ),
        {"codes": ["20194", "20195"]},
    ),
    Predicate(
        "age",
        "Tuổi {given}",
        "Age {given}",
        "chưa biết đủ ngày sinh",
        "the day of birth is not fully known",
        (
            Parameter("min", Type.INTEGER, "từ đủ", "at least", is_comparison=True, high=130),
            Parameter("max", Type.INTEGER, "đến hết", "at most", is_comparison=True, high=130),
            Parameter(
                "at",
                Type.CHOICE,
                "tính vào",
                "counted on",
                choices=(
                    ("due", "ngày đến hạn", "the due date"),
                    ("today", "hôm nay", "the day itself"),
                ),
            ),
        ),
        {"min": 60, "at": "due"},
    ),
    Predicate(
        "paper_class",
        "Giấy tờ thuộc {given}",
        "The paper is of {given}",
        "chưa có dữ liệu về hạng của giấy tờ",
        "the class of the paper is not on record",
        (
            Parameter("classes", Type.TEXTS, "hạng", "class", is_required=True),
            Parameter("kind", Type.TEXT, "loại giấy tờ", "kind of paper", codes=Codes.PAPERS),
        ),
        {"classes": ["B", "C1"]},
    ),
    Predicate(
        "status",
        "Giấy tờ gần nhất có trạng thái {given}",
        "The latest paper has the status {given}",
        "chưa có dữ liệu về loại giấy tờ này",
        "papers of this kind are not on record here",
        (
            _PAPER,
            Parameter("statuses", Type.CHOICES, "là", "being", is_required=True, choices=_STATUSES),
        ),
        {"kind": "passport", "statuses": ["lost"]},
    ),
    Predicate(
        "other_credential",
        "Đang có giấy tờ còn hạn: {given}",
        "Holds a paper that is in force: {given}",
        "chưa có dữ liệu về loại giấy tờ này",
        "papers of this kind are not on record here",
        (
            _PAPER,
            Parameter(
                "days_left", Type.INTEGER, "còn ít nhất (ngày)", "days left at least", high=3660
            ),
        ),
        {"kind": "driving_licence", "days_left": 30},
    ),
    Predicate(
        "matter",
        "Có hồ sơ {given}",
        "Has a dossier {given}",
        "chưa có dữ liệu về hồ sơ",
        "dossiers are not on record",
        (
            _PROCEDURE,
            Parameter("state", Type.CHOICE, "đã", "that is", is_required=True, choices=_STATES),
            Parameter("whose", Type.CHOICE, "của", "of", choices=_WHOSE),
            _WITHIN,
        ),
        {"procedure": "3.000347", "state": "refused", "within_days": 365},
    ),
    Predicate(
        "household_status",
        "Hộ gia đình {given}",
        "The household is {given}",
        "chưa có dữ liệu về hộ gia đình hoặc diện của hộ",
        "the household or its status is not on record",
        (Parameter("in", Type.CHOICES, "thuộc diện", "one of", is_required=True, choices=_HOMES),),
        {"in": ["poor", "near_poor"]},
    ),
    Predicate(
        "event",
        "Đã có sự kiện: {given}",
        "It has happened: {given}",
        "chưa có dữ liệu về loại sự kiện này",
        "events of this kind are not on record here",
        (
            Parameter("kind", Type.CHOICE, "sự kiện", "event", is_required=True, choices=_EVENTS),
            _WITHIN,
        ),
        {"kind": "moved", "within_days": 90},
    ),
    Predicate(
        "event_fact",
        "Sự kiện ghi {given}",
        "The event says {given}",
        "sự kiện không ghi thông tin này",
        "the event does not say this",
        (_FIELD, *_COMPARISONS),
        {"field": "kind", "equals": "Nhà ở riêng lẻ"},
    ),
    Predicate(
        "authority",
        "Có người được thay mặt: {given}",
        "Somebody may act for them: {given}",
        "chưa có dữ liệu về người thay mặt",
        "who may act for them is not on record",
        (Parameter("basis", Type.CHOICES, "là", "as", is_required=True, choices=_BASES),),
        {"basis": ["guardian"]},
    ),
    Predicate(
        "record",
        "Dữ liệu {given}",
        "The register says {given}",
        "cơ sở dữ liệu chưa có thông tin này",
        "the register does not say this",
        (
            Parameter(
                "register", Type.TEXT, "của", "register", is_required=True, codes=Codes.REGISTERS
            ),
            Parameter("kind", Type.TEXT, "bảng", "table", is_required=True),
            _FIELD,
            *_COMPARISONS,
        ),
        {"register": "HEALTH", "kind": "cme", "field": "hours", "min": 120},
    ),
    Predicate(
        "exemption",
        "Được miễn theo {given}",
        "Exempt under {given}",
        "chưa đủ thông tin để biết có được miễn hay không",
        "what is known does not decide the exemption",
        (
            _PROCEDURE,
            Parameter("key", Type.TEXT, "trường hợp", "case", is_required=True),
        ),
        {"procedure": "1.013225", "key": "house_under_seven_storeys"},
    ),
    Predicate(
        "stated",
        "Người dân cho biết {given}",
        "The person says {given}",
        "cần người dân cho biết",
        "only the person can say this",
        (_FIELD, *_COMPARISONS),
        {"field": "storeys", "max": 6},
    ),
)
PREDICATES: Mapping[str, Predicate] = MappingProxyType({one.key: one for one in _ALL})
