"""Makes archives of invented articles whose likeness is known: copies, series on one frame, and all the rest.

Articles of one *text* are copies of each other: edited, reprinted between other headers and footers, cut short, added
to. Articles of one *frame* but of other texts are a series: the same sentences with other numbers, dates and names,
or a column's standing words around other contents. Whatever shares neither is unrelated.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import partial
from itertools import count as count_from
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WORDS: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("articles.toml").read_text("utf-8"))

SPREAD = 1000  # articles


@dataclass(frozen=True, slots=True)
class Made:
    """One invented article."""

    body: str
    title: str | None
    day: int  # of publication, counted from a first day
    account: int
    frame: int  # articles of one frame are a series or copies; 0 to n
    text: int  # articles of one text are copies


def word(random: Random, kind: str) -> str:
    """A word of a kind of `articles.toml`."""
    return random.choice(WORDS[kind])


def sentence(random: Random) -> str:
    """A sentence of 15 to 50 letters."""
    pick = partial(word, random)
    core = f"{pick('people')}{pick('manners')}{pick('deeds')}了{pick('things')}"
    match random.randrange(5):
        case 0:
            return f"{pick('times')}，{pick('places')}的{core}，{pick('asides')}。"
        case 1:
            return f"{pick('links')}，{core}，{pick('asides')}，{pick('asides')}。"
        case 2:
            return f"在{pick('places')}，{core}。"
        case 3:
            cost, days = random.randrange(12, 9000), random.randrange(2, 90)
            return f"{core}，花费{cost}元，历时{days}天，{pick('asides')}。"
        case _:
            who = f"{pick('places')}的{pick('people')}"
            return f"“{pick('asides')}。”{who}说，{pick('times')}他{pick('deeds')}过{pick('things')}。"


def prose(random: Random, length: int) -> list[str]:
    """Sentences of about `length` letters in all."""
    found: list[str] = []
    size = 0
    while size < length:
        found.append(sentence(random))
        size += len(found[-1])
    return found


def lines(sentences: list[str], random: Random) -> str:
    """The sentences in paragraphs of one to five."""
    paragraphs, rest = [], list(sentences)
    while rest:
        count = random.randrange(1, 6)
        paragraphs.append("".join(rest[:count]))
        rest = rest[count:]
    return "\n".join(paragraphs)


def title(random: Random) -> str:
    """A headline."""
    return f"{word(random, 'places')}：{word(random, 'people')}{word(random, 'deeds')}{word(random, 'things')}"


# Copies: each takes a body and gives another of the same text.


def with_slips(random: Random, body: str) -> str:
    """Letters replaced, left out, doubled or swapped, in up to two of a hundred places."""
    letters = list(body)
    for _ in range(max(1, int(len(letters) * random.uniform(0.001, 0.02)))):
        place = random.randrange(1, len(letters) - 1)
        match random.randrange(4):
            case 0:
                letters[place] = word(random, "slips")
            case 1:
                letters[place] = ""
            case 2:
                letters[place] += word(random, "slips")
            case _:
                letters[place], letters[place - 1] = letters[place - 1], letters[place]
    return "".join(letters)


def reprinted(random: Random, body: str) -> str:
    """Another header and another footer."""
    source = f"{word(random, 'towns')}{random.choice(['日报', '发布', '在线', '晚报', '之声'])}"
    heads = [
        f"来源：{source}",
        f"本文转自{source}，作者{name(random)}",
        f"编者按：{word(random, 'asides')}。",
        f"{random.randrange(2015, 2026)}-{random.randrange(1, 13):02}-{random.randrange(1, 29):02} 09:30",
    ]
    feet = [
        f"图文整理{name(random)}",
        f"摄影｜{name(random)}",
        f"感谢{word(random, 'people')}供稿。",
        f"{source}出品",
    ]
    head = random.sample(heads, random.randrange(1, 3))
    return "\n".join([*head, body, *random.sample(feet, random.randrange(0, 3))])


def cut_short(random: Random, body: str) -> str:
    """The beginning alone."""
    return body[: int(len(body) * random.uniform(0.72, 0.97))]


def added_to(random: Random, body: str) -> str:
    """A sentence or two more, somewhere."""
    parts = body.split("。")
    for _ in range(random.randrange(1, 3)):
        parts.insert(random.randrange(len(parts)), sentence(random).rstrip("。"))
    return "。".join(parts)


def reset(random: Random, body: str) -> str:
    """Set in other type: width of punctuation, line breaks, blanks."""
    for narrow, wide in ((",", "，"), ("!", "！"), (":", "：")):
        if random.random() < 0.5:
            body = body.replace(wide, narrow)
    return body.replace("\n", random.choice(["\n\n", " ", "\n　　"]))


def moved(random: Random, body: str) -> str:
    """One paragraph elsewhere."""
    parts = body.split("\n")
    part = parts.pop(random.randrange(len(parts)))
    parts.insert(random.randrange(len(parts) + 1), part)
    return "\n".join(parts)


def as_is(_: Random, body: str) -> str:
    """Letter for letter."""
    return body


COPYING: tuple[Callable[[Random, str], str], ...] = (
    with_slips,
    with_slips,
    reprinted,
    reprinted,
    cut_short,
    added_to,
    reset,
    moved,
    as_is,
)


def copied(random: Random, body: str) -> str:
    """A copy, made in one or two ways."""
    for way in random.sample(COPYING, random.choice([1, 1, 2])):
        body = way(random, body) or body
    return body


# Series: each gives a function that makes one issue, body and title.


def name(random: Random) -> str:
    """A person's name."""
    return word(random, "surnames") + "".join(random.sample(WORDS["given"], random.randrange(1, 3)))


def slot(random: Random) -> Callable[[Random], str]:
    """A phrase with numbers, dates or names that are others in every issue."""
    place, thing = word(random, "places"), word(random, "things")
    forms: tuple[Callable[[Random], str], ...] = (
        lambda r: f"{place}新增{r.randrange(1, 400)}例，累计{r.randrange(400, 9000)}例",
        lambda r: f"截至{r.randrange(1, 13)}月{r.randrange(1, 29)}日{r.randrange(1, 24)}时",
        lambda r: f"经{name(r)}审定，由{name(r)}负责",
        lambda r: f"{word(r, 'towns')}县报告{thing}{r.randrange(2, 80)}处",
        lambda r: f"漏洞编号为CVE-{r.randrange(2015, 2026)}-{r.randrange(1000, 60000)}",
        lambda r: (
            f"{word(r, 'products')} {r.randrange(1, 9)}.{r.randrange(0, 20)}.{r.randrange(0, 20)}及以下版本受影响"
        ),
        lambda r: (
            f"同比增长{r.randrange(1, 40)}.{r.randrange(1, 9)}%，环比下降{r.randrange(1, 9)}.{r.randrange(1, 9)}%"
        ),
        lambda r: f"{name(r)}、{name(r)}、{name(r)}三位同志入选",
    )
    return random.choice(forms)


def bulletin(random: Random, length: int) -> Callable[[Random], tuple[str, str | None]]:
    """The same sentences each time; in some of them a phrase that is another each time."""
    share = random.uniform(0.12, 0.5)
    parts: list[tuple[str, Callable[[Random], str] | None]] = [
        (text, slot(random) if random.random() < share else None) for text in prose(random, length)
    ]
    parts[len(parts) // 2] = (parts[len(parts) // 2][0], slot(random))
    heading = title(random)
    numbered = random.random() < 0.5
    breaks = random.randrange(2, 5)

    def issue(r: Random) -> tuple[str, str | None]:
        sentences = [f"{fill(r)}，{text}" if fill else text for text, fill in parts]
        body = "\n".join("".join(sentences[i : i + breaks]) for i in range(0, len(sentences), breaks))
        return body, f"{heading}（第{r.randrange(1, 500)}期）" if numbered else heading

    return issue


def column(random: Random, length: int) -> Callable[[Random], tuple[str, str | None]]:
    """A column: standing words before and after, other contents between them, one title for all."""
    head, foot = prose(random, int(length * 0.4)), prose(random, int(length * 0.4))
    heading = title(random)
    share = random.uniform(0.1, 0.3)

    def issue(r: Random) -> tuple[str, str | None]:
        return "\n".join(["".join(head), lines(prose(r, int(length * share)), r), "".join(foot)]), heading

    return issue


def archive(count: int, seed: int = 1) -> Iterator[Made]:
    """`count` articles: about a third copies, a third of series, a third unrelated.

    What belongs together lies within `SPREAD` articles of each other, in a random order, so that an archive of any
    size is as dense as any other.
    """
    random = Random(seed)
    waiting: list[Made] = []
    frames, texts, given = count_from(1), count_from(1), 0
    while given < count:
        while len(waiting) < SPREAD:
            waiting.extend(_family(random, frames, texts))
        random.shuffle(waiting)
        yield from waiting[: count - given]
        given += len(waiting)
        waiting.clear()


def _family(random: Random, frames: Iterator[int], texts: Iterator[int]) -> list[Made]:
    """A series, a text and its copies, or three strangers."""
    length = int(random.choice([150, 300, 600, 1000, 1500, 2500]) * random.uniform(0.8, 1.4))
    day, account = random.randrange(3000), random.randrange(200)
    made = []
    kind = random.randrange(6)
    if kind == 0:
        frame = next(frames)
        make = random.choice([bulletin, bulletin, column])(random, length)
        for number in range(random.choice([2, 3, 5, 8, 12, 30])):
            (body, heading), text = make(random), next(texts)
            made.append(Made(body, heading, day + 7 * number, account, frame, text))
            if random.random() < 0.15:
                made.append(Made(copied(random, body), heading, day + 7 * number, account + 1, frame, text))
    elif kind == 1:
        frame, text, body, heading = next(frames), next(texts), lines(prose(random, length), random), title(random)
        made.append(Made(body, heading, day, account, frame, text))
        for _ in range(random.choice([1, 1, 2, 3, 6])):
            another = random.choice([heading, heading, None, f"转载｜{heading}", title(random)])
            made.append(Made(copied(random, body), another, day + random.randrange(30), account + 1, frame, text))
    else:
        for _ in range(3):
            body = lines(prose(random, length), random)
            made.append(Made(body, title(random), day, account, next(frames), next(texts)))
    return made
