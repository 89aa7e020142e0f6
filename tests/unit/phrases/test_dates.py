"""Names of days and months that come from a library's data: another release must not change what is read."""

from datetime import date

import pytest

from zoom_ops.phrases.dates import find_dates, weekdays

WEDNESDAY = (
    "wed wednesday mercredi miercoles quarta-feira mittwoch mercoledi woensdag среда الاربعاء 周三 星期三 水 水曜日"
)
LEVANTINE = {"شباط": 2, "آذار": 3, "نيسان": 4, "أيار": 5, "حزيران": 6, "تموز": 7, "آب": 8, "أيلول": 9}


def test_weekdays_are_known_in_every_language() -> None:
    assert {name for name, day in weekdays().items() if day == 2} == set(WEDNESDAY.split())
    assert len(weekdays()) == 99


@pytest.mark.parametrize("month", LEVANTINE)
def test_months_of_the_levant_are_known(month: str) -> None:
    (found,) = find_dates(f"3 {month} 2031")

    assert found.day == date(2031, LEVANTINE[month], 3)
