"""Pages a second of other extractors, each on HTML in memory. Stands alone: give it an interpreter that has them.

    python bench/rivals.py FOLDER [--most 60]

Prints one JSON object: name -> pages a second (processor time) of those that are installed.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def _trafilatura() -> Callable[[str], Any]:
    """With title, author and date, which we read too."""
    extract = import_module("trafilatura").extract
    return lambda html: extract(html, with_metadata=True, output_format="json")


def _trafilatura_text() -> Callable[[str], Any]:
    return import_module("trafilatura").extract  # type: ignore[no-any-return]


def _readability() -> Callable[[str], Any]:
    document = import_module("readability").Document
    return lambda html: document(html).summary()


def _wechat_article_parser() -> Callable[[str], Any]:
    parse = import_module("wechat_article_parser.parser")._parse_html
    return lambda html: parse("https://mp.weixin.qq.com/s/0000000000000000000000", html)


RIVALS: dict[str, tuple[str, Callable[[], Callable[[str], Any]]]] = {
    "trafilatura": ("trafilatura", _trafilatura),
    "trafilatura, text alone": ("trafilatura", _trafilatura_text),
    "readability-lxml": ("readability", _readability),
    "wechat-article-parser": ("wechat_article_parser", _wechat_article_parser),
}


def main() -> int:
    """Prints the rates."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--most", type=int, default=60)
    options = parser.parse_args()
    pages = [file.read_text("utf-8") for file in sorted(options.folder.glob("*.html"))[: options.most]]
    rates: dict[str, float] = {}
    for name, (module, load) in RIVALS.items():
        if find_spec(module) is None:
            continue
        try:
            extract = load()
            extract(pages[0])
        except Exception as fault:
            print(f"{name} cannot be measured: {type(fault).__name__}: {fault}", file=sys.stderr)
            continue
        begun = time.process_time()
        for page in pages:
            extract(page)
        rates[name] = len(pages) / (time.process_time() - begun)
    print(json.dumps(rates))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
