# ruff: noqa: T201 - it is a program
"""Throws captures at every reader for so many minutes, and keeps what breaks one in tests/hostile/.

    make fuzz MINUTES=10            or: python tests/fuzz/run.py --minutes 10 [--only pages,markdown] [--seed N]

What is kept is made as small as hypothesis can make it; give it its reason in tests/hostile/expected.json once the
fault is mended. Exits with 1 where anything was found.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import signal
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]

from fuzzing import HOSTILE, TARGETS, captures  # noqa: E402 - the path is set above
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings  # noqa: E402

if TYPE_CHECKING:
    from types import FrameType

ROUND = 200  # examples between two looks at the clock
PATIENCE = 60  # seconds that one example may take


def _too_long(_signum: int, _frame: FrameType | None) -> None:
    raise AssertionError(f"it did not end within {PATIENCE} s")


def round_of(target: str, number: int, tried: Counter[str]) -> tuple[bytes, BaseException] | None:
    """Throws one round at a target; gives the smallest content that breaks it, and how."""
    broken: list[tuple[bytes, BaseException]] = []

    @seed(number)
    @settings(
        max_examples=ROUND,
        deadline=None,
        database=None,
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )
    @given(captures(target))
    def throw(content: bytes) -> None:
        tried[target] += 1
        signal.alarm(PATIENCE)
        try:
            TARGETS[target](content)
        except Exception as fault:
            broken.append((content, fault))
            raise
        finally:
            signal.alarm(0)

    try:
        throw()
    except Exception:
        # Hypothesis ends with the smallest.
        return broken[-1] if broken else None
    return None


def main() -> int:
    """Prints what was thrown and what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--only", default=",".join(TARGETS))
    parser.add_argument("--seed", type=int, default=None, help="the first round's; a new one each time if not given")
    options = parser.parse_args()
    chosen = options.only.split(",")
    if unknown := set(chosen) - TARGETS.keys():
        parser.error(f"no such target: {', '.join(sorted(unknown))}; there are {', '.join(TARGETS)}")
    first = random.SystemRandom().randrange(2**32) if options.seed is None else options.seed
    signal.signal(signal.SIGALRM, _too_long)
    print(f"{options.minutes:g} minutes at {', '.join(chosen)}; seed {first}", flush=True)
    tried: Counter[str] = Counter()
    faults: dict[str, str] = {}
    end = time.monotonic() + options.minutes * 60
    number = first
    while time.monotonic() < end:
        target = chosen[(number - first) % len(chosen)]
        found = round_of(target, number, tried)
        number += 1
        if found is None:
            continue
        content, fault = found
        about = f"{type(fault).__name__}: {str(fault)[:300]}"
        if about in faults.values():
            continue
        file = HOSTILE / f"found-{target}-{hashlib.sha256(content).hexdigest()[:12]}.bin"
        file.write_bytes(content)
        faults[file.name] = about
        print(f"FOUND {file.relative_to(ROOT)} ({len(content)} bytes): {about}", flush=True)
    print(", ".join(f"{target} {count}" for target, count in tried.items()) + " captures thrown")
    print(f"{len(faults)} faults found")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
