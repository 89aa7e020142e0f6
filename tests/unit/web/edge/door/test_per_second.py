"""So many in a second, in virtual time."""

from zoom_ops.web.edge.door.per_second import PerSecond


def test_rate_is_used_up_and_comes_back() -> None:
    per_second = PerSecond(2)

    def take(now: float) -> bool:
        is_used_up = per_second.is_used_up(now)
        if not is_used_up:
            per_second.count()
        return not is_used_up

    assert [take(now) for now in (9, 9, 9, 9.4, 9.5, 9.5, 99, 99, 99)] == [
        *(True, True, False), *(False, True, False), *(True, True, False),
    ]  # fmt: skip
