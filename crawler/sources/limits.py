"""How much a file of captures may give, and how its faults travel from the bytes to the capture."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.items import Rejected, RejectReason

MEBI = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLimits:
    """What one file may ask for; beyond it the member or the container is rejected, never cut short."""

    max_bytes: int = 16 * MEBI  # of one capture, decompressed
    max_members: int = 5_000_000  # of one container, records too
    # All members of one container together, decompressed: this many bytes, or that many times the file.
    max_total: int = 4096 * MEBI
    max_ratio: int = 200
    max_inner_zip: int = 64 * MEBI  # a .zip inside a container is held in memory while it is read


class DamagedError(Exception):
    """What lies at `owner` (member names from the file inwards) cannot be read on, and why."""

    def __init__(self, owner: tuple[str, ...], reason: RejectReason, detail: str) -> None:
        super().__init__(detail)
        self.owner = owner
        self.problem = Rejected(reason=reason, detail=detail)


class Budget:
    """Counts what one file on disk gives, all its containers together."""

    def __init__(self, limits: SourceLimits, file_size: int) -> None:
        self.limits = limits
        self._bytes_left = max(limits.max_total, limits.max_ratio * file_size)
        self._members_left = limits.max_members

    def spend(self, count: int) -> None:
        """Counts decompressed bytes. Raises DamagedError of the whole file when it is too much."""
        self._bytes_left -= count
        if self._bytes_left < 0:
            raise DamagedError(
                (), "oversize", "unpacks to far more than its size explains; unpack it yourself if you trust it"
            )

    def count_member(self) -> None:
        """Counts a member or record. Raises DamagedError of the whole file when it is too many."""
        self._members_left -= 1
        if self._members_left < 0:
            limit = self.limits.max_members
            raise DamagedError((), "oversize", f"has more than {limit} members; split it into smaller files")
