"""What splitting articles into body and boilerplate costs, against the floor of only looking at their lines.

    python -m bench.normalise [--articles 400] [--characters 2000] [--times 5] [--profile]

The articles are invented: a head and a tail as accounts of many trades have them around a body of paragraphs and
subheadings, no two alike, drawn with a fixed seed. As in real articles, a word of some rule stands in about half of
the body's lines. One core, processor time.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import random
import time
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.text import join_lines
from pipelines.boilerplate import Context, load_rules, split

if TYPE_CHECKING:
    from collections.abc import Callable

_WORDS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
_HEADS = [
    ["点击上方蓝字关注我们"],
    ["点击“{name}”关注，每天一个小城故事", "文｜{writer} 图｜{editor}"],
    ["来源：{name}"],
    [],
    ["{name}", "有温度的本地生活号"],
    ["作者：{writer}", "编辑：{editor}"],
    ["本文约2000字，阅读需要5分钟"],
]
_TAILS = [
    ["编辑：{editor}", "审核：{reviewer}", "投稿邮箱：tougao@example.com", "长按识别二维码关注{name}"],
    ["—END—", "往期推荐", "老街的裁缝铺", "一座桥的三次改名", "渡口最后的船工", "点个在看，分享给更多人"],
    ["免责声明：本文内容仅供参考，不构成任何投资建议。", "如有侵权，请联系我们删除。", "扫码加入读者交流群"],
    ["参考资料", "[1] 林渡. 河志. 2012.", "[2] https://example.org/12", "点击阅读原文，查看完整报告"],
    [
        "作者简介：{writer}，自由撰稿人，现居小城。",
        "本文经作者授权转载，版权归原作者所有",
        "{name}",
        "新闻热线：0000-8800123",
    ],
    ["小城写作课第三期招生中，名额有限", "原价199元，限时优惠价99元", "立即扫码报名"],
    ["你家过年吃什么？欢迎在评论区告诉我们", "觉得不错就点个在看吧"],
    ["特此公告。", "小城水利站", "2021年4月2日"],
]
_STAFF = ("writer", "editor", "reviewer")
_HEADINGS = ["一、水位", "二、桥与船", "修复建议", "三个问题", "背景", "后来"]


def article(number: int, characters: int, staff: int = 0) -> str:
    """The full text of the invented article of this number, of about so many code points, made by people so drawn."""
    draw, people = random.Random(number), random.Random(f"{number} {staff}")
    names = {"name": f"小城{draw.choice('食记戏影书旅')}志"} | {role: _person(people) for role in _STAFF}
    tail = [line.format(**names) for line in draw.choice(_TAILS)]
    lines = [line.format(**names) for line in draw.choice(_HEADS)]
    wanted = characters - sum(map(len, tail))
    length = sum(map(len, lines))
    while length < wanted:
        line = _paragraph(draw) if draw.random() < 0.85 else draw.choice(_HEADINGS)
        lines.append(line)
        length += len(line) + 1
    return join_lines([*lines, *tail])


def _person(draw: random.Random) -> str:
    surname: str = draw.choice(_WORDS["surnames"])
    return surname + "".join(draw.choices(_WORDS["given"], k=draw.randint(1, 2)))


def _paragraph(draw: random.Random) -> str:
    sentences = [
        f"{draw.choice(_WORDS['times'])}，{draw.choice(_WORDS['subjects'])}{draw.choice(_WORDS['deeds'])}，{draw.choice(_WORDS['remarks'])}。"
        for _ in range(draw.randint(1, 4))
    ]
    return "".join(sentences)


def _rate(work: Callable[[str], object], rounds: list[list[str]]) -> float:
    """Texts a second of processor time: each text's best of all rounds, so that what else runs counts little.

    Other people are credited in every round: what is remembered of one round's credits is of no help in the next.
    """
    best = [float("inf")] * len(rounds[0])
    for texts in rounds:
        for number, text in enumerate(texts):
            begun = time.process_time_ns()
            work(text)
            best[number] = min(best[number], time.process_time_ns() - begun)
    return len(best) / sum(best) * 1e9


def main() -> int:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=400)
    parser.add_argument("--characters", type=int, default=2000)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--profile", action="store_true", help="also print where the time goes")
    options = parser.parse_args()
    numbers = range(options.articles)
    rounds = [[article(number, options.characters, staff) for number in numbers] for staff in range(options.times)]
    texts = rounds[0]
    rules = load_rules()
    context = Context(account="小城食志", title="河边的人家", evidence="text")

    def normalise(text: str) -> object:
        return split(text, context=context, rules=rules)

    spans = sum(len(split(text, context=context, rules=rules).spans) for text in texts)  # compiles what it needs, too
    floor = _rate(str.splitlines, rounds)
    mean = sum(map(len, texts)) / len(texts)
    print(f"{len(texts)} articles of {mean:.0f} characters, {spans / len(texts):.1f} spans each; rules {rules.version}")
    print(f"normalised {_rate(normalise, rounds):.0f} articles/s; floor (lines only) {floor:.0f}")
    if options.profile:
        profile = cProfile.Profile()
        profile.runcall(_rate, normalise, rounds[:1])
        pstats.Stats(profile).sort_stats("tottime").print_stats(25)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
