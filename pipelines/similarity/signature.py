"""MinHash signatures: texts that share shingles share slots, and by chance whole bands of them.

A signature is `SLOTS` unsigned 32-bit numbers, little endian. The share of slots in which two agree estimates the
Jaccard similarity of their shingles. Signatures are the same on every machine: rensa hashes the UTF-8 of shingles
with a fixed seed and numbers its algorithm; 64-bit machines are assumed, and a test holds a known signature.
"""

from __future__ import annotations

import struct
from functools import lru_cache

from rensa import RMinHash

from pipelines.similarity.shingles import shingle_list

SLOTS = 64
SLOT_BYTES = 4
SEED = 20150401
# Two texts of Jaccard similarity s share a band with 1 - (1 - s**5)**12: .99 at .8, .62 at .6, .03 at .3.
BANDS = 12
BAND_SLOTS = 5
LEAST_LENGTH = 20  # code points of a compacted body; shorter ones are like too many others
# So many that bands of unlike texts hardly ever meet, so few that SQLite holds each in six bytes.
_BAND_VALUES = 8_796_093_022_151  # a prime below 2**43
_FORM = struct.Struct(f"<{SLOTS}I")
_BAND_BYTES = BAND_SLOTS * SLOT_BYTES

# A database whose signatures are of another version has them made anew.
VERSION = f"1.{RMinHash.ALGORITHM_VERSION}"


def signature(compacted: str) -> bytes:
    """The signature of a compacted body; b"" of one that is too short to be compared."""
    if len(compacted) < LEAST_LENGTH:
        return b""
    minhash = RMinHash(SLOTS, SEED)
    # A lone surrogate has no UTF-8.
    minhash.update(shingle_list(compacted.encode("utf-8", "replace").decode("utf-8")))
    return _FORM.pack(*minhash.digest())


@lru_cache(maxsize=8192)  # the members of a large bucket are compared again and again
def band_values(signed: bytes) -> tuple[int, ...]:
    """The values by which a signature's bands are found: one a band, below 2**47, the band's number in them."""
    return tuple(
        int.from_bytes(signed[start : start + _BAND_BYTES], "little") % _BAND_VALUES * BANDS + number
        for number, start in enumerate(range(0, BANDS * _BAND_BYTES, _BAND_BYTES))
    )


def agreement(one: bytes, other: bytes) -> float:
    """In what share of their slots two signatures agree, 0 to 1."""
    return sum(map(int.__eq__, _FORM.unpack(one), _FORM.unpack(other))) / SLOTS
