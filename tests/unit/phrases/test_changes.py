"""Lines that call an event off, put it off, or correct its date or time."""

import pytest

from zoom_ops.phrases.changes import change_said
from zoom_ops.phrases.titles import inner_titles


@pytest.mark.parametrize(
    "line",
    [
        "UPDATE: moved to 12 May 2027, same time.",
        "Talk on 12 May 2027 instead.",
        "Attention: start is at 18:00 UTC, not 16:00.",
        "Please note the changed time: 5 pm.",
        "Correction: it starts at five.",
        "We had to cancel it.",
        "The event will not go ahead.",
        "It begins an hour later.",
        "La conférence est décalée au 21 janvier",
        "Der Vortrag fällt krankheitsbedingt aus.",
        "TERMINVERSCHIEBUNG!",
        "La charla se traslada al 12 de mayo",
        "La conferenza è spostata al 12 maggio",
        "A palestra mudou para 12 de maio",
        "De lezing is verplaatst naar 12 mei",
        "ПЕРЕНОС!",
        "【活動取消】",
        "因故改为5月12日",
        "يتم تأجيل المحاضرة",
    ],
)
def test_change_is_found(line: str) -> None:
    assert change_said(line)
    assert change_said(f"The sea is wide. {line}")


@pytest.mark.parametrize(
    "line",
    [
        "She moved to Berlin in 1990 and changed the field.",
        "Climate change has changed the world.",
        "Please note that the seminar is not recorded.",
        "Registration is now open until 3 May.",
        "17:30 Update on the project",
        "If you cannot come, please cancel your booking.",
        "Noise cancellation in hearing aids",
        "Last updated: 3 April 2027",
    ],
)
def test_sentence_about_something_else_is_no_change(line: str) -> None:
    assert not change_said(line)


@pytest.mark.parametrize(
    "title",
    [
        'We invite you to the webinar "Rivers of sand"',
        "Приглашаем на вебинар «Rivers of sand»",
        "[Webinar] Rivers of sand [FREE]",
        "【讲座通知】Rivers of sand",
        "FW: Reminder: Rivers of sand",
        "Rivers of sand - REGISTER NOW!",
    ],
)
def test_title_inside_another_is_found(title: str) -> None:
    assert inner_titles(title) == ("Rivers of sand",)


@pytest.mark.parametrize(
    "title", ['Launch of the report "Rivers of sand"', "Rivers [and seas] of sand", "How?", "US - UN"]
)
def test_whole_title_holds_no_other(title: str) -> None:
    assert inner_titles(title) == ()
