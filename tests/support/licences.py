"""The licences of all packages of the locks, as their own metadata names them, written to docs/licences.md.

make licences
"""

from __future__ import annotations

from importlib import metadata

from locks import DEVELOPMENT, ROOT, RUNTIME, pins

PAGE = ROOT / "docs" / "licences.md"
HEAD = """# Licences of dependencies

`make licences` writes this page from the packages' own metadata; `make lock-check` fails where a package of the locks
is missing here, or has another licence. Nothing of them is in this repository: pip fetches them.

| package | licence | used |
|---|---|---|
"""
ELSEWHERE = "(of other systems)"


def licence(name: str) -> str:
    """What a package's metadata says: its expression, else its classifiers, else its field."""
    about = metadata.metadata(name)
    expression = about.json.get("license_expression")
    if expression:
        return str(expression)
    classifiers = [line.split(" :: ") for line in about.json.get("classifier") or []]
    told = [words[-1] for words in classifiers if words[0] == "License" and words[-1] != "OSI Approved"]
    if told:
        return ", ".join(told)
    field = str(about.json.get("license") or "").strip().splitlines()
    return field[0][:60] if field else "not told"


def rows() -> dict[str, str]:
    """The rows of the page by package."""
    runtime, development = pins(RUNTIME), pins(DEVELOPMENT)
    found: dict[str, str] = {}
    listed = _listed()
    for name, pin in sorted((development | runtime).items()):
        used = "to run" if name in runtime else "to develop"
        # What is not installed here was looked up elsewhere.
        told = licence(name) if pin.is_for_here else listed.get(name, ELSEWHERE)
        found[name] = f"| {name} | {told} | {used} |"
    return found


def _listed() -> dict[str, str]:
    """Package -> licence, as the page has it."""
    lines = PAGE.read_text("utf-8").splitlines() if PAGE.exists() else []
    cells = [line.strip("| ").split(" | ") for line in lines if line.startswith("| ")]
    return {row[0]: row[1] for row in cells if len(row) == 3}


def main() -> int:
    """Writes the page."""
    PAGE.write_text(HEAD + "\n".join(rows().values()) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
