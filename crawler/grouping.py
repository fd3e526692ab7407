"""Many small pieces of work are done together: each stage does all of a group before the next one begins.

An engine's hop between two stages, and what each stage has to fetch into the processor's cache, then cost once a group.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, TypeVar

from crawler.items import Group

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Sequence

T = TypeVar("T")

# A group ends at whichever comes first, so that memory stays flat and a run that is told to stop does so at once.
MOST_MEMBERS = 64
MOST_BYTES = 8 * 2**20
MOST_SECONDS = 0.25


def grouped(
    items: Iterable[T],
    size: Callable[[T], int],
    *,
    most: int = MOST_MEMBERS,
    most_bytes: int = MOST_BYTES,
    most_seconds: float = MOST_SECONDS,
) -> Generator[list[T], None, None]:
    """`items` in their order, in lists of one or more.

    A list ends with the item with which it has `most` of them or `most_bytes` (as `size` counts them), or with the
    one that came when it had been waited for `most_seconds` for the list. What `items` raises is raised after what
    came before it.
    """
    group: list[T] = []
    held = 0
    begun = time.monotonic()
    try:
        for item in items:
            group.append(item)
            held += size(item)
            if len(group) >= most or held >= most_bytes or time.monotonic() - begun >= most_seconds:
                yield group
                group, held, begun = [], 0, time.monotonic()
    except Exception:
        if group:
            yield group
        raise
    if group:
        yield group


def members_of(item: Any) -> Sequence[Any]:
    """The members of a group; of any other item itself."""
    return item.members if isinstance(item, Group) else (item,)


def for_each(item: Any, work: Callable[[Any], None]) -> Any:
    """Does `work` with every member of an item, and gives the item.

    A member of a group for which `work` raises leaves the group, which keeps the error: the others go on.
    """
    if not isinstance(item, Group):
        work(item)
        return item
    left = []
    for member in item.members:
        try:
            work(member)
        except Exception as fault:
            fault.add_note(f"at {member!r:.200}")
            item.faults.append(fault)
        else:
            left.append(member)
    item.members = left
    return item
