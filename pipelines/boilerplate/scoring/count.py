"""Counts the pairs of characters in the samples, and writes pairs.txt.

    python -m pipelines.boilerplate.scoring.count [--try]

`--try` writes nothing: it counts all files of samples but one, for each of them, and prints how much of that one's
boilerplate goes and how much of its body stays.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import sys
from collections import Counter
from typing import TYPE_CHECKING

from pipelines.boilerplate.ruleset import load_rules
from pipelines.boilerplate.scoring.pairs import UNKNOWN, Pairs, alike, pairs_in, save
from pipelines.boilerplate.scoring.samples import FOLDER, read_file, read_samples
from pipelines.boilerplate.splitting import NO_CONTEXT, split

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from crawler.items import BoilerplateKind
    from pipelines.boilerplate.scoring.samples import Sample

ADDED = 0.5  # to each count, so that what was never seen is possible
POSSIBLE = 60_000  # pairs that there are
MOST = 4.0  # that one pair may say
LEAST = 0.25  # weights nearer to that of an unknown pair are left out
LEAST_OF_KIND = 1.0  # the same of one kind's
# What a page prints is the same on every page, and told by rules.
_TOLD_BY_RULES: frozenset[BoilerplateKind] = frozenset({"page_chrome"})


def count(samples: Iterable[Sample], digest: str = "") -> Pairs:
    """What pairs of characters speak for, as far as `samples` show."""
    body: Counter[str] = Counter()
    kinds: dict[BoilerplateKind, Counter[str]] = {}
    for sample in samples:
        for text, kind in (piece for line in sample.lines for piece in line):
            if kind not in _TOLD_BY_RULES:
                counter = body if kind is None else kinds.setdefault(kind, Counter())
                counter.update(pairs_in(alike(text)))
    boilerplate: Counter[str] = Counter()
    for counted in kinds.values():
        boilerplate.update(counted)
    weights = _weights(boilerplate, body)
    return Pairs(
        samples=digest,
        weights={pair: weight for pair, weight in weights.items() if abs(weight - UNKNOWN) >= LEAST},
        kinds={kind: _of_kind(counted, boilerplate) for kind, counted in kinds.items()},
    )


def _weights(one: Counter[str], other: Counter[str]) -> dict[str, float]:
    """How much each pair speaks for what it was counted in as `one`, against what it was as `other`."""
    all_one, all_other = (sum(counted.values()) + ADDED * POSSIBLE for counted in (one, other))
    return {
        pair: max(
            -MOST, min(MOST, math.log((one[pair] + ADDED) / all_one) - math.log((other[pair] + ADDED) / all_other))
        )
        for pair in one.keys() | other.keys()
    }


def _of_kind(counted: Counter[str], boilerplate: Counter[str]) -> dict[str, float]:
    """How much each pair speaks for one kind, against the others; those that tell much, of those counted twice."""
    weights = _weights(counted, boilerplate - counted)
    return {pair: weight for pair, weight in weights.items() if boilerplate[pair] > 1 and abs(weight) >= LEAST_OF_KIND}


def digest_of(folder: Path = FOLDER) -> str:
    """A digest of all samples and of how they are counted."""
    found = hashlib.sha256(
        repr((ADDED, POSSIBLE, MOST, LEAST, LEAST_OF_KIND, UNKNOWN, sorted(_TOLD_BY_RULES))).encode()
    )
    for file in sorted(folder.glob("*.txt")):
        found.update(file.read_bytes())
    return found.hexdigest()[:16]


def _try(files: Sequence[Path]) -> None:
    by_file = {file: list(read_file(file)) for file in files}
    rules = load_rules()
    for file, samples in by_file.items():
        others = [sample for other in files if other != file for sample in by_file[other]]
        line = f"{file.name}:"
        for name, pairs in (("rules alone", Pairs("", {}, {})), ("and wording", count(others))):
            rules.index.pairs = pairs
            gone = stays = all_gone = all_stays = 0
            for sample in samples:
                kinds = sample.kinds()
                cut = [False] * len(kinds)
                for span in split(sample.full_text, context=NO_CONTEXT, rules=rules).spans:
                    cut[span.start : span.end] = [True] * (span.end - span.start)
                for letter, kind, goes in zip(sample.full_text, kinds, cut, strict=True):
                    if letter.isalnum():
                        all_gone += kind is not None
                        gone += kind is not None and goes
                        all_stays += kind is None
                        stays += kind is None and not goes
            line += f" {name}: goes {gone / max(1, all_gone):.3f}, body stays {stays / max(1, all_stays):.4f};"
        sys.stdout.write(f"{line.rstrip(';')}\n")


def main() -> int:
    """Counts and writes, or tries."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--try", action="store_true", dest="tries", help="write nothing; test on one file at a time")
    if parser.parse_args().tries:
        _try(sorted(FOLDER.glob("*.txt")))
        return 0
    samples = read_samples()
    pairs = count(samples, digest_of())
    save(pairs)
    sys.stdout.write(f"{len(samples)} samples: {len(pairs.weights)} pairs\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
