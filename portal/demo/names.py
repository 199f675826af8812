"""Vietnamese names as they are really spread; our own lists, so no real person is meant."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from random import Random
from typing import NamedTuple, TypeVar

from citizens.enums import Gender

Item = TypeVar("Item")


class Name(NamedTuple):
    """The three parts of a name; the given name is what a person is called by."""

    family: str
    middle: str
    given: str

    @property
    def full(self) -> str:
        """The whole name, in the order in which it is written."""
        return " ".join(part for part in self if part)


class Weighted:
    """Words with their shares, drawn at once by bisection."""

    def __init__(self, shares: str) -> None:
        pairs = [part.rsplit(" ", 1) for part in shares.split(", ")]
        self.words = [word for word, _share in pairs]
        self._steps = list(accumulate(float(share) for _word, share in pairs))

    def draw(self, random: Random) -> str:
        """Return one word."""
        return random.choices(self.words, cum_weights=self._steps)[0]


# Shares of family names in the country in per mille, the long tail cut.
FAMILY = Weighted(
    "Nguyễn 315, Trần 109, Lê 90, Phạm 59, Huỳnh 51, Võ 49, Phan 45, Đặng 28, Bùi 24, Trương 22, "
    "Đỗ 19, Hồ 17, Ngô 17, Dương 15, Đinh 10, Đoàn 9, Mai 8, Lý 6, Lương 6, Hà 6, Hoàng 20, "
    "Tạ 4, Văn 4, Thái 5, Cao 5, Châu 4, Tống 2, Từ 2, Ông 3, Kiều 2, Doãn 1, Thân 2"
)
HIGHLAND_FAMILY = Weighted(
    "A Lăng 24, Zơ Râm 14, Bhling 12, Briu 12, Hôih 8, Pơ Loong 10, Coor 8, A Rất 8, Ríah 6, "
    "Hồ 20, Nguyễn 12, Lê 6, Đinh 10, Bnướch 4, Hiên 6"
)
_MALE_MIDDLE = Weighted(
    "Văn 240, Hữu 60, Đức 60, Minh 70, Quang 60, Ngọc 50, Thanh 60, Công 50, Đình 50, Xuân 40, "
    "Quốc 60, Anh 30, Gia 30, Tấn 40, Viết 20, Thế 20, Bá 20, Hoàng 40"
)
_OLD_FEMALE_MIDDLE = Weighted("Thị 800, Ngọc 60, Thị Thu 40, Thị Kim 50, Thị Ngọc 50")
_YOUNG_FEMALE_MIDDLE = Weighted(
    "Thị 240, Thị Thu 60, Thị Ngọc 70, Ngọc 120, Thanh 70, Thùy 60, Kim 50, Minh 60, Như 60, "
    "Khánh 50, Bảo 60, Phương 50, Thảo 30, Hoài 20"
)
_MALE_GIVEN = Weighted(
    "Hùng 30, Dũng 28, Tuấn 28, Cường 22, Long 20, Nam 22, Sơn 22, Hải 22, Bình 20, Thắng 18, "
    "Phúc 20, Khang 14, Huy 28, Khoa 16, Đạt 18, Tài 16, Lộc 12, Thịnh 12, Vinh 14, Quân 14, "
    "Kiệt 10, Phong 14, Nghĩa 12, Tín 8, Trí 10, Trung 16, Tâm 12, Thành 18, Toàn 12, Tùng 10, "
    "Việt 12, Vũ 12, Ân 4, Ẩn 1, Điền 2, Đông 4, Hiếu 16, Hoàng 20, Khánh 12, Lâm 10, Minh 26, "
    "Nhân 12, Phước 14, Sang 8, Thái 8, Thuận 10, Tiến 14, Tú 8, Ý 2, An 10"
)
_FEMALE_GIVEN = Weighted(
    "Lan 22, Hoa 20, Hương 26, Hằng 18, Hạnh 18, Hà 20, Mai 20, Nga 14, Ngọc 18, Nhung 14, "
    "Phương 22, Thảo 22, Thu 14, Thủy 20, Trang 24, Tuyết 12, Vân 18, Yến 14, Anh 24, Ánh 8, "
    "Ân 3, Bích 8, Chi 14, Dung 14, Diễm 6, Đào 8, Giang 10, Hiền 18, Huệ 10, Khuê 3, Linh 26, "
    "Loan 12, Ly 10, My 14, Mỹ 8, Nhi 18, Như 10, Oanh 8, Quyên 10, Quỳnh 14, Sương 6, Tâm 10, "
    "Thanh 14, Thư 14, Tiên 8, Trâm 10, Trinh 8, Uyên 8, Vy 18, Xuân 10, An 8"
)
YOUNG = 40


def draw_name(random: Random, *, gender: Gender, age: int, family: str) -> Name:
    """Return a name of that family; women's middle names have changed with the generations."""
    if gender == Gender.MALE:
        return Name(family, _MALE_MIDDLE.draw(random), _MALE_GIVEN.draw(random))
    middle = _YOUNG_FEMALE_MIDDLE if age < YOUNG else _OLD_FEMALE_MIDDLE
    return Name(family, middle.draw(random), _FEMALE_GIVEN.draw(random))


def draw_family(random: Random, *, highland: bool) -> str:
    """Return a family name as they are spread in the plain or in the highlands."""
    return (HIGHLAND_FAMILY if highland else FAMILY).draw(random)


def pick(random: Random, items: Sequence[Item]) -> Item:
    """Return one of `items`; quicker than `choice` for long loops."""
    return items[int(random.random() * len(items))]
