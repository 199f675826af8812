"""Who can sign in to the demo: fixed names for journeys, one password, never in production."""

from __future__ import annotations

from dataclasses import dataclass

from citizens.enums import Role
from citizens.models import Citizen
from portal.demo import journeys

PASSWORD = "demo2026"  # noqa: S105  demo only; the command refuses to run in production


@dataclass(frozen=True)
class SignIn:
    """An account of the demo as its list shows it; `page` is where its story begins."""

    username: str
    password: str
    who_vi: str
    who_en: str
    page: str


@dataclass(frozen=True)
class CitizenAccount:
    """The account of a fixed person, by place in the plan."""

    username: str
    person: int
    who_vi: str
    who_en: str


@dataclass(frozen=True)
class Post:
    """An official's account: name, office (kind of agency, unit), role."""

    username: str
    name: str
    agency_kind: str
    unit: str
    role: Role
    position: str
    who_en: str


CITIZENS = (
    CitizenAccount(
        "lan",
        journeys.LAN,
        "Trần Thị Lan, 70 tuổi, giấy phép lái xe hạng B còn 60 ngày",
        "Trần Thị Lan, 70, class B driving licence runs out in 60 days",
    ),
    CitizenAccount(
        "minh",
        journeys.MINH,
        "Nguyễn Văn Minh, có con mới sinh và con sắp đủ 14 tuổi",
        "Nguyễn Văn Minh, father of a newborn and of a child soon 14",
    ),
    CitizenAccount(
        "hoa",
        journeys.HOA,
        "Phạm Khánh Hoa, bác sỹ, giấy phép hành nghề sắp đến hạn nộp hồ sơ gia hạn",
        "Phạm Khánh Hoa, doctor whose practice licence must be filed for",
    ),
    CitizenAccount(
        "tai",
        journeys.TAI,
        "Võ Đình Tài, đại diện hợp tác xã vận tải có 50 phù hiệu",
        "Võ Đình Tài, represents a transport cooperative with 50 badges",
    ),
)

CITY, WARD = "48", journeys.WARD
_TRAFFIC = "cong_an_tinh_csgt"
POSTS = (
    Post("canbo", "Lê Quang Thắng", _TRAFFIC, CITY, Role.CASE_OFFICER, "Cán bộ xử lý hồ sơ",
         "case officer, traffic police office"),
    Post("tiepnhan", "Ngô Thị Yến", _TRAFFIC, CITY, Role.RECEPTIONIST, "Cán bộ tiếp nhận",
         "receptionist, traffic police office"),
    Post("truongphong", "Phan Đức Hải", _TRAFFIC, CITY, Role.HEAD_OF_UNIT, "Trưởng phòng",
         "head of the traffic police office"),
    Post("canbo.phuong", "Hồ Thị Thanh Vân", "ubnd_xa", WARD, Role.CASE_OFFICER, "Công chức",
         "case officer of Hải Châu ward"),
    Post("tiepnhan.phuong", "Bùi Anh Tuấn", "ubnd_xa", WARD, Role.RECEPTIONIST, "Công chức",
         "receptionist of Hải Châu ward"),
    Post("congan.phuong", "Đặng Quốc Bình", "cong_an_xa", WARD, Role.CASE_OFFICER, "Cán bộ",
         "case officer of the police of Hải Châu ward"),
    Post("canbo.xnc", "Trương Minh Khoa", "cong_an_tinh_qlxnc", CITY, Role.CASE_OFFICER, "Cán bộ",
         "case officer, immigration office"),
    Post("canbo.yte", "Đỗ Thị Hạnh", "so_y_te", CITY, Role.CASE_OFFICER, "Chuyên viên",
         "case officer, Department of Health"),
    Post("canbo.dulich", "Mai Xuân Phong", "so_vhttdl", CITY, Role.CASE_OFFICER, "Chuyên viên",
         "case officer, Department of Culture, Sports and Tourism"),
    Post("canbo.thuy", "Dương Hữu Phước", "so_nnmt", CITY, Role.CASE_OFFICER, "Chuyên viên",
         "case officer, Department of Agriculture and Environment"),
    Post("canbo.vantai", "Đoàn Công Tín", "so_xay_dung", CITY, Role.CASE_OFFICER, "Chuyên viên",
         "case officer, Department of Construction"),
    Post("lanhdao", "Huỳnh Tấn Vinh", "ubnd_tinh", CITY, Role.PROVINCIAL_LEADER, "Lãnh đạo UBND",
         "provincial leader"),
    Post("bientap", "Võ Thị Ngọc Trâm", "ubnd_tinh", CITY, Role.CATALOGUE_EDITOR, "Chuyên viên",
         "catalogue editor"),
    Post("pheduyet", "Trần Đình Nghĩa", "ubnd_tinh", CITY, Role.APPROVER, "Chánh Văn phòng",
         "approver"),
    Post("pheduyet.pho", "Phan Thị Minh Châu", "ubnd_tinh", CITY, Role.APPROVER,
         "Phó Chánh Văn phòng", "second approver, who lets a stopped rule go on"),
    Post("dulieu", "Lương Thị Như Quỳnh", "ubnd_tinh", CITY, Role.DATA_STEWARD, "Chuyên viên",
         "data steward"),
    Post("vanhanh", "Cao Thế Lộc", "ubnd_tinh", CITY, Role.OPERATOR, "Kỹ sư", "operator"),
    Post("kiemtra", "Thái Thị Bích Loan", "ubnd_tinh", CITY, Role.AUDITOR, "Thanh tra viên",
         "auditor"),
    Post("quantri", "Nguyễn Gia Khang", "ubnd_tinh", CITY, Role.ADMINISTRATOR, "Quản trị viên",
         "administrator"),
    Post("bhxh.phuong", "Tạ Thị Kim Oanh", "bhxh_co_so", WARD, Role.CASE_OFFICER, "Viên chức",
         "case officer of the social insurance of Hải Châu ward"),
    Post("dkkd.phuong", "Lâm Văn Thịnh", "dkkd_xa", WARD, Role.CASE_OFFICER, "Công chức",
         "case officer, business registration of Hải Châu ward"),
    Post("lanhdao.phuong", "Nguyễn Thanh Hà", "ubnd_xa", WARD, Role.HEAD_OF_UNIT, "Phó Chủ tịch",
         "head of the People's Committee of Hải Châu ward"),
)  # fmt: skip
_ROLE_VI = {
    Role.CASE_OFFICER: "cán bộ xử lý",
    Role.RECEPTIONIST: "cán bộ tiếp nhận",
    Role.HEAD_OF_UNIT: "trưởng đơn vị",
    Role.PROVINCIAL_LEADER: "lãnh đạo thành phố",
    Role.CATALOGUE_EDITOR: "người biên tập danh mục",
    Role.APPROVER: "người phê duyệt",
    Role.DATA_STEWARD: "quản lý dữ liệu",
    Role.OPERATOR: "vận hành",
    Role.AUDITOR: "kiểm tra",
    Role.ADMINISTRATOR: "quản trị",
}
_WHERE_VI = {
    "bhxh.phuong": "cán bộ bảo hiểm xã hội phường Hải Châu",
    "dkkd.phuong": "cán bộ đăng ký kinh doanh phường Hải Châu",
    "lanhdao.phuong": "lãnh đạo UBND phường Hải Châu",
    "tiepnhan.phuong": "cán bộ tiếp nhận phường Hải Châu",
}
MAIN = (
    "canbo", "tiepnhan", "truongphong", "canbo.phuong", "tiepnhan.phuong", "congan.phuong",
    "bhxh.phuong", "dkkd.phuong", "lanhdao.phuong",
    "lanhdao", "bientap", "pheduyet", "pheduyet.pho", "dulieu", "kiemtra", "quantri",
)  # fmt: skip


def demo_sign_ins() -> list[SignIn]:
    """Return the accounts that the sign-in page and `make run` list, citizens first."""
    citizens = [
        SignIn(account.username, PASSWORD, account.who_vi, account.who_en, "/")
        for account in CITIZENS
    ]
    posts = {post.username: post for post in POSTS}
    return citizens + [_official(posts[name]) for name in MAIN]


def _official(post: Post) -> SignIn:
    who_vi = f"{post.name}, {_WHERE_VI.get(post.username, _ROLE_VI[post.role])}"
    return SignIn(post.username, PASSWORD, who_vi, f"{post.name}, {post.who_en}", "/admin/")


def card_to_type() -> str:
    """Return the number on Lan's card, for whoever tries the counter; "" without her."""
    lan = Citizen.objects.filter(user__username=CITIZENS[0].username).first()
    return (lan.pin or "") if lan else ""
