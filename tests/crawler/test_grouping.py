from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crawler.grouping import for_each, grouped, members_of
from crawler.items import Group, Ignored

if TYPE_CHECKING:
    from collections.abc import Iterator


def sizes(*given: int, **limits: float) -> list[list[int]]:
    return list(grouped(given, lambda size: size, **limits))  # type: ignore[arg-type]


def test_a_group_ends_with_so_many_members_or_so_many_bytes() -> None:
    assert sizes() == []
    assert sizes(1, 2, 3, 4, 5, most=2) == [[1, 2], [3, 4], [5]]
    assert sizes(1, 2, 3, 4, 5, most_bytes=3) == [[1, 2], [3], [4], [5]]


def test_a_group_ends_when_it_has_been_waited_for_long_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("crawler.grouping.time.monotonic", lambda: now[0])

    def slow() -> Iterator[int]:
        for number in range(5):
            now[0] += 0.1
            yield number

    assert list(grouped(slow(), lambda _: 0, most_seconds=0.25)) == [[0, 1, 2], [3, 4]]


def test_what_came_before_an_error_comes_before_it() -> None:
    def broken() -> Iterator[int]:
        yield 1
        yield 2
        raise OSError("gone")

    groups = grouped(broken(), lambda _: 0)
    assert next(groups) == [1, 2]
    with pytest.raises(OSError, match="gone"):
        next(groups)


def test_every_member_of_a_group_is_worked_on() -> None:
    members = [Ignored(count=number) for number in range(3)]
    seen: list[Ignored] = []
    group = Group(members=list(members))
    assert for_each(group, seen.append) is group
    assert seen == members == list(members_of(group))
    assert not group.faults
    assert for_each(members[0], seen.append) is members[0]
    assert list(members_of(members[0])) == [members[0]]


def test_a_member_that_work_fails_on_leaves_alone() -> None:
    def work(item: Ignored) -> None:
        if item.count == 1:
            raise ValueError("one")

    group = Group(members=[Ignored(count=number) for number in range(3)])
    for_each(group, work)
    assert [member.count for member in group.members if isinstance(member, Ignored)] == [0, 2]
    assert [str(fault) for fault in group.faults] == ["one"]
    assert "count=1" in group.faults[0].__notes__[0]
    with pytest.raises(ValueError, match="one"):
        for_each(Ignored(count=1), work)


def test_a_group_is_short_in_a_log() -> None:
    assert repr(Group(members=[])) == "<Group of 0: >"
    assert repr(Group(members=[Ignored(count=7)])) == "<Group of 1: Ignored(count=7)>"
    assert repr(Group(members=[Ignored(count=n) for n in range(9)])) == (
        "<Group of 9: Ignored(count=0) to Ignored(count=8)>"
    )
