"""What the locks say: every package with its version and hashes, and that they are what pyproject.toml asks for."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
RUNTIME, DEVELOPMENT = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
_PIN = re.compile(r"(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;\\]+)(?:\s*;\s*(?P<marker>[^\\]+?))?\s*\\?")
_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Pin:
    """One package of a lock."""

    name: str
    version: str
    marker: str | None  # where it is needed at all
    hashes: int

    @property
    def is_for_here(self) -> bool:
        """Is it installed on this system?"""
        return self.marker is None or Marker(self.marker).evaluate()


def pins(lock: Path) -> dict[str, Pin]:
    """The packages of a lock by their normal names. Raises ValueError for a line that is none of a lock's."""
    found: dict[str, Pin] = {}
    current = None
    for number, line in enumerate(lock.read_text("utf-8").splitlines(), 1):
        plain = line.partition(" #")[0].strip() if not line.lstrip().startswith("#") else ""
        if match := _PIN.fullmatch(plain):
            current = str(canonicalize_name(match["name"]))
            found[current] = Pin(current, match["version"], match["marker"], 0)
        elif current and _HASH.match(plain):
            pin = found[current]
            found[current] = Pin(pin.name, pin.version, pin.marker, pin.hashes + len(_HASH.findall(plain)))
        elif plain:
            raise ValueError(f"{lock.name}:{number}: {line.strip()[:80]!r} is no pinned package and no hash")
    return found


def wanted(*extras: str) -> list[Requirement]:
    """What pyproject.toml asks for, with these extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = [*project["dependencies"]]
    for extra in extras:
        names += project["optional-dependencies"][extra]
    return [Requirement(name) for name in names]


def unmet(found: dict[str, Pin], asked: list[Requirement], *, by: str) -> Iterator[str]:
    """What `asked` for and the lock does not give."""
    for requirement in asked:
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        pin = found.get(str(canonicalize_name(requirement.name)))
        if pin is None:
            yield f"{by} asks for {requirement}, which the lock has not"
        elif not requirement.specifier.contains(pin.version, prereleases=True):
            yield f"{by} asks for {requirement}, the lock has {pin.version}"


def faults() -> Iterator[str]:
    """All that is wrong with the locks."""
    for lock, extras in ((RUNTIME, ("browse",)), (DEVELOPMENT, ("browse", "dev"))):
        text = lock.read_text("utf-8")
        for word in ("--index-url", "--extra-index-url", "--find-links", "--trusted-host", "://", " @ "):
            if word in text:
                yield f"{lock.name} names a place ({word.strip()}): `make lock` writes it without"
        found = pins(lock)
        yield from (f"{lock.name}: {pin.name} has no hash" for pin in found.values() if not pin.hashes)
        yield from (f"{lock.name}: {line}" for line in unmet(found, wanted(*extras), by="pyproject.toml"))
        for pin in found.values():
            if not pin.is_for_here:
                continue
            try:
                asked = metadata.requires(pin.name) or []
            except metadata.PackageNotFoundError:
                yield f"{lock.name}: {pin.name} is not installed: make test installs it"
                continue
            needs = [need for need in map(Requirement, asked) if need.marker is None or "extra" not in str(need.marker)]
            yield from (f"{lock.name}: {line}" for line in unmet(found, needs, by=pin.name))
    both = pins(RUNTIME), pins(DEVELOPMENT)
    for name, pin in both[0].items():
        if name in both[1] and both[1][name].version != pin.version:
            yield f"{name} is {pin.version} in one lock and {both[1][name].version} in the other"


def main() -> int:
    """Prints what is wrong; exits with 1 where anything is."""
    found = list(faults())
    for line in found:
        print(line)  # noqa: T201
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
