"""Makes captures that look like real ones: saved pages of four eras (0.05 to 4 MB), dumps on one line, records.

    python -m bench.generate FOLDER [--pages 60] [--dumps 0] [--records 0] [--seed 1]

What costs time in a real page is in these in the same measure: number and size of scripts (of the modern page nine
tenths, most of it libraries that many pages share), style sheets, tags and style attributes in the content, a second
copy of the content in a script, escaped; the text of an article between prompts, credits and a footer.
"""

from __future__ import annotations

import argparse
import json
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from bench import articles

if TYPE_CHECKING:
    from collections.abc import Iterator

START = 1_420_070_400  # the first of January 2015
ACCOUNTS = 40
_TOWNS = "安平 临江 永丰 长宁 青田 石门 凤台 兴隆 双河 泰和".split()  # noqa: SIM905 - a table of words
_TEMPLATES = Path(__file__).with_name("templates")
_STYLES = (
    "margin: 0px 8px;padding: 0px;max-width: 100%;box-sizing: border-box;overflow-wrap: break-word !important;",
    "white-space: normal;line-height: 1.75em;text-align: justify;letter-spacing: 1px;",
    "margin-bottom: 16px;line-height: 2;text-indent: 2em;",
    "text-align: center;margin-top: 10px;margin-bottom: 10px;",
)
_SPANS = (
    "font-size: 15px;color: rgb(63, 63, 63);letter-spacing: 1px;",
    "font-size: 16px;font-family: 微软雅黑, &quot;Microsoft YaHei&quot;;",
    "color: rgb(51, 51, 51);max-width: 100%;box-sizing: border-box;overflow-wrap: break-word !important;",
)
_WORDS = (  # noqa: SIM905 - a table of words
    "function return var this window document length prototype toString call apply push exports require default value "
    "key name type data event target style className getAttribute setAttribute addEventListener appendChild parentNode "
    "onload onerror undefined null true false void typeof instanceof Object Array String Number Promise then catch "
    "resolve reject report img video player config options callback params url href location userAgent match replace"
).split()


class Era(NamedTuple):
    """The measures of pages of one time."""

    template: str
    share: float  # of all pages
    scripts: tuple[int, ...]  # kB of each library
    styles: int  # kB of style sheets
    wraps: int  # sections around each paragraph
    length: tuple[int, int]  # letters of the article
    is_written_twice: bool  # the content stands in a script, too


ERAS = (
    Era("2016", 0.25, (14, 7, 5, 2, 1, 1, 1, 1), 0, 2, (200, 1500), is_written_twice=False),
    Era("2019", 0.25, (25, 15, 14, 13, 8, 6, 2, 2, 1), 24, 4, (800, 8000), is_written_twice=False),
    Era("2022", 0.2, (), 183, 6, (2000, 10000), is_written_twice=False),
    Era("2025", 0.3, (1459, 237, 226, 164, 95, 78, 60, 40, 30, 20, 19, 14), 0, 6, (300, 9000), is_written_twice=True),
)


@cache
def library(kilobytes: int) -> str:
    """Minified JavaScript, always the same of one size."""
    rng = Random(kilobytes)
    size, pieces = 0, []
    stock: list[str] = []
    while size < kilobytes * 1000:
        if stock and rng.random() < 0.75:
            piece = rng.choice(stock)
        else:
            names = rng.choices("abcdefghijklmnopqrstuvwxyz", k=3)
            words = rng.choices(_WORDS, k=6)
            piece = (
                f"function({names[0]},{names[1]}){{var {names[2]}={names[0]}.{words[0]}||{rng.randrange(999)};"
                f'return {names[2]}.{words[1]}("{words[2]}",{names[1]}.{words[3]}),{words[4]}.{words[5]}}},'
            )
            stock.append(piece)
        pieces.append(piece)
        size += len(piece)
    return "!function(e){" + "".join(pieces) + "}(window);"


@cache
def style_sheet(kilobytes: int) -> str:
    """A style sheet as SingleFile puts it into a page."""
    rng = Random(kilobytes)
    rules, size = [], 0
    while size < kilobytes * 1000:
        words = rng.choices(_WORDS, k=2)
        look = f"margin:{rng.randrange(30)}px;color:#{rng.randrange(4096):03x}"
        rule = f".{words[0]}_{words[1]}{rng.randrange(90)}{{{look}}}"
        rules.append(rule)
        size += len(rule)
    return "".join(rules)


class Post(NamedTuple):
    """One invented article with all that a page says of it."""

    number: int
    account: int
    title: str
    author: str
    paragraphs: list[str]
    published: int  # Unix seconds

    @property
    def biz(self) -> str:
        """The account's id."""
        return f"Mzk{self.account:08}MA=="

    @property
    def mid(self) -> str:
        """The message's id."""
        return str(2_247_480_000 + self.number)

    @property
    def nickname(self) -> str:
        """The account's name."""
        return f"{_TOWNS[self.account % len(_TOWNS)]}小报{self.account}"


def post(rng: Random, number: int, length: tuple[int, int]) -> Post:
    """An article between its prompts, credits and footer."""
    body = articles.lines(articles.prose(rng, rng.randint(*length)), rng).split("\n")
    account = number % ACCOUNTS
    head = ["点击上方蓝字关注我们"] if rng.random() < 0.6 else []
    town = _TOWNS[account % len(_TOWNS)]
    tail = [f"来源：{town}日报", f"编辑：{articles.name(rng)} 审核：{articles.name(rng)}"]
    tail += ["版权归原作者所有，如有侵权请联系删除"] if rng.random() < 0.3 else []
    tail += [f"长按二维码关注第{account}号小报", "点分享 点收藏 点在看"] if rng.random() < 0.7 else []
    published = START + rng.randrange(350_000_000)
    return Post(number, account, articles.title(rng), articles.name(rng), [*head, *body, *tail], published)


def content(rng: Random, made: Post, wraps: int) -> str:
    """The content area's inside, as an editor writes it."""
    parts = []
    for number, paragraph in enumerate(made.paragraphs):
        pieces = paragraph.replace("。", "。\0").split("\0")
        inner = "".join(f'<span style="{rng.choice(_SPANS)}">{piece}</span>' for piece in pieces if piece)
        for _ in range(wraps):
            inner = f'<section style="{rng.choice(_STYLES)}">{inner}</section>'
        parts.append(f'<p style="{rng.choice(_STYLES)}">{inner}</p>')
        if rng.random() < 0.3:
            url = f"https://mmbiz.qpic.cn/mmbiz_jpg/bench{made.number:06}{number:04}/640?wx_fmt=jpeg"
            size = f'data-ratio="0.66{number}" data-type="jpeg" data-w="1080"'
            parts.append(f'<p style="text-align: center;"><img class="rich_pages wxw-img" {size} data-src="{url}"></p>')
        if rng.random() < 0.4:
            parts.append("<p><br></p>")
    return "".join(parts)


def _escaped(html: str) -> str:
    """Markup as it stands in a script."""
    return html.replace("<", r"\x3c").replace(">", r"\x3e").replace('"', r"\x22").replace("&", r"\x26")


def page(rng: Random, number: int, era: Era) -> str:
    """A saved page."""
    made = post(rng, number, era.length)
    inside = content(rng, made, era.wraps)
    scripts = "\n".join(f'<script type="text/javascript">{library(size)}</script>' for size in era.scripts)
    text = (_TEMPLATES / f"{era.template}.html").read_text("utf-8")
    values = {
        "TITLE": made.title,
        "AUTHOR": made.author,
        "NICKNAME": made.nickname,
        "BIZ": made.biz,
        "MID": made.mid,
        "GHID": f"gh_{made.account:012x}",
        "CT": str(made.published),
        "URL": f"https://mp.weixin.qq.com/s/{made.number:022}",
        "STYLES": style_sheet(era.styles) if era.styles else "",
        "SCRIPTS": scripts,
        "ESCAPED": _escaped(inside) if era.is_written_twice else "",
        "CONTENT": inside,
    }
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    return text


def dump(rng: Random, number: int, length: int = 2000) -> str:
    """A page's text on one line, of about `length` letters."""
    made = post(rng, number, (length - 300, length))
    text = "".join(made.paragraphs)
    return (
        f"微信号\nxiaobao{made.account}\n功能介绍\n{made.nickname}的消息\n{text}微信扫一扫关注该公众号"
        if number % 2
        else text
    )


def record(rng: Random, number: int, length: int = 2000) -> str:
    """One line of JSON: a dump with what its archive knows of it."""
    made = post(rng, number, (length - 300, length))
    fields = {"title": made.title, "nickname": made.nickname, "wechat_num": f"xiaobao{made.account}"}
    return json.dumps({**fields, "content": "".join(made.paragraphs)}, ensure_ascii=False)


def eras(count: int) -> Iterator[Era]:
    """The eras of `count` pages, each with its share, mixed."""
    owed = dict.fromkeys(ERAS, 0.0)
    for _ in range(count):
        for era in ERAS:
            owed[era] += era.share
        most = max(ERAS, key=lambda era: owed[era])
        owed[most] -= 1
        yield most


def make_pages(folder: Path, count: int, seed: int = 1) -> None:
    """Writes `count` saved pages."""
    rng = Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    for number, era in enumerate(eras(count)):
        (folder / f"{number:05}.html").write_text(page(rng, number, era), "utf-8")


def make_dumps(folder: Path, count: int, seed: int = 2) -> None:
    """Writes `count` dumps."""
    rng = Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        (folder / f"{number:06}.txt").write_text(dump(rng, number), "utf-8")


def make_records(file: Path, count: int, seed: int = 3, first: int = 0) -> None:
    """Writes `count` records, numbered from `first`, as JSON Lines."""
    rng = Random(seed)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8") as out:
        for number in range(first, first + count):
            out.write(record(rng, number) + "\n")


def main() -> int:
    """Writes what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    for name, default in (("pages", 60), ("dumps", 0), ("records", 0), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args()
    if options.pages:
        make_pages(options.folder / "pages", options.pages, options.seed)
    if options.dumps:
        make_dumps(options.folder / "dumps", options.dumps, options.seed + 1)
    if options.records:
        make_records(options.folder / "records.jsonl", options.records, options.seed + 2)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
