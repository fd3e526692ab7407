"""Learned rules: lines and sentences that recur at the head or tail of one account's articles.

Most of what stands under an account's articles is that account's own and verbatim: its slogan, address, standing
statements. What recurs there is boilerplate whatever it says, if it stands at the very edge or next to other
boilerplate; what recurs inside the articles (headings of a weekly column) is content. The rules found are ordinary
rules with an `account`, written to a file that a person reads, edits and copies.
"""

from __future__ import annotations

import hashlib
import re
import statistics
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from crawler.text import compact_hash
from pipelines.boilerplate.headings import is_heading, without_number
from pipelines.boilerplate.learn_edges import masked, pieces_of
from pipelines.boilerplate.learn_places import Seen, Side, count_places, read_text
from pipelines.boilerplate.learn_words import guess_kind, kind_by_cue
from pipelines.boilerplate.learned_file import write_rules
from pipelines.boilerplate.splitting import Context

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from crawler.items import BoilerplateKind, Evidence
    from pipelines.boilerplate.ruleset import RuleSet

__all__ = ["LearnArticle", "LearnedRule", "learn", "write_rules"]

_SIDES: tuple[Side, Side] = ("head", "tail")
_ROUNDS = 6  # of narrowing the recurring lines down; two or three are enough in practice
_SHARE = 0.08  # of an account's articles that a short line must stand under ...
_STEADY = 0.6  # of the next line's articles, the share that the innermost line of a block needs
_SENTENCES_SHARE = 0.3  # more than this for a sentence in lines that say other things too
_ENOUGH = 10  # ... or so many of them
_LONG = 18  # folded characters from which on chance no longer makes a line recur
_PARAGRAPH = 80  # folded characters from which on it is a standing paragraph even where few articles have it
_AT_EDGE = 0.7  # of a line's articles, the share in which it stands at the edge
_BESIDE_OTHERS = 0.5  # of its places at the edge, the share where other boilerplate stands in the same run
_ALREADY = 0.8  # of its places, the share that other rules took: then nothing is to be learned
_SHORTEST = 4  # letters of a line that is learned
_SLOGAN = 9  # letters of a line that is learned at the head without any cue
_NEEDS_NEIGHBOUR = 8  # letters below which a rule holds only at the very edge or next to something that goes
_SEVERAL = re.compile(r"[。!?;…].")


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnArticle:
    """One article as `learn` needs it."""

    key: str
    account: str  # the account's name or label, as rules name it; "" is passed over
    full_text: str
    title: str | None = None
    evidence: Evidence = "text"  # of the capture: some rules hold for dumps or pages only


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedRule:
    """An ordinary rule (ruleset.Rule), and for people: in how many articles of how many, and how far in."""

    id: str
    kind: BoilerplateKind
    account: str
    where: Literal["head", "tail", "edge"]
    line: str  # the exact text, or "" where `pattern` stands
    pattern: str  # on folded text; for lines that differ in numbers only
    near: int | None  # at most so many characters of body between it and the edge (Rule.near); None: any number
    example: str
    support: int  # articles that it stands at the edge of
    of: int  # articles of the account
    position: int  # lines from the edge, 1 is the outermost; the median


def learn(
    articles: Iterable[LearnArticle],
    *,
    rules: RuleSet,
    min_support: int = 3,
    min_articles: int = 4,
) -> list[LearnedRule]:
    """The rules that each account's articles teach, by account and then by place.

    Args:
        articles: held in memory, all of them; the same text twice counts once. Their order does not matter.
        rules: the built-in ones and the user's own, without those learned before (which would then be missing
            from the new ones). What they cut needs no rule, and what stands beside it is the more suspect.
        min_support: articles at whose edge a line has to stand, at least; a short line more (see `_SHARE`).
        min_articles: an account with fewer distinct texts teaches nothing.
    """
    by_account: dict[str, dict[str, LearnArticle]] = defaultdict(dict)
    for article in articles:
        if article.account.strip():
            known = by_account[article.account]
            text = compact_hash(article.full_text)
            known[text] = min(known.get(text, article), article, key=lambda a: a.key)
    learned: list[LearnedRule] = []
    for account, texts in sorted(by_account.items()):
        if len(texts) >= min_articles:
            learned += _learn_account(account, [texts[k] for k in sorted(texts)], rules, min_support)
    return learned


def _learn_account(
    account: str, articles: Sequence[LearnArticle], rules: RuleSet, min_support: int
) -> list[LearnedRule]:
    spread = _spread(articles)
    recurring = {
        core
        for core, count in spread.items()
        if count >= _needed(core, len(articles), min_support) and _may(core, usual=2 * count >= len(articles))
    }
    seen: dict[Side, dict[str, Seen]] = {"head": {}, "tail": {}}
    texts = [
        read_text(a.full_text, Context(account=a.account, title=a.title, evidence=a.evidence), rules) for a in articles
    ]
    for lines_only in (True, False):
        # Lines of several sentences first: as long as one is a candidate, its sentences are not looked at.
        for _ in range(_ROUNDS):
            seen = {side: count_places(texts, side, recurring) for side in _SIDES}
            kept = {
                core
                for core in recurring
                if (lines_only and not _SEVERAL.search(core))
                or any(
                    _is_boilerplate(core, seen[side], side, spread[core], len(articles), min_support) for side in _SIDES
                )
            }
            if kept == recurring:
                break
            recurring = kept
    return sorted(
        _rules(account, recurring, seen, len(articles), spread, min_support),
        key=lambda r: (r.where != "head", r.position, r.id),
    )


def _spread(articles: Sequence[LearnArticle]) -> Counter[str]:
    """In how many articles each line and sentence stands, anywhere; those with numbers also with masked ones."""
    spread: Counter[str] = Counter()
    for article in articles:
        cores = {piece.core for piece in pieces_of(article.full_text)}
        spread.update(cores)
        spread.update({mask for core in cores if (mask := masked(core))})
    return spread


def _needed(core: str, articles: int, min_support: int) -> int:
    if len(core) >= _LONG:
        return min_support
    return max(min_support, min(round(_SHARE * articles), _ENOUGH))


def _may(core: str, *, usual: bool) -> bool:
    """Whether a line can be learned at all; a very short one only if it is `usual`, in half of all articles."""
    letters = sum(character.isalpha() for character in core)
    if letters < (1 if usual else _SHORTEST) or not without_number(core) or is_heading(core):
        return False
    # Sentences of news are the same but for their numbers; only a word of boilerplate tells a prompt from them.
    return "\0" not in core or kind_by_cue(core) is not None


def _is_boilerplate(
    core: str, places: dict[str, Seen], side: Side, spread: int, articles: int, min_support: int
) -> bool:
    """Whether what recurs at this edge is there to stay, and not a piece of what the articles say."""
    seen = places.get(core)
    if seen is None or seen.count < _needed(core, articles, min_support) or seen.count < _AT_EDGE * spread:
        return False
    in_most = seen.count >= articles / 2
    usual = in_most or (seen.in_block >= _BESIDE_OTHERS * seen.count and _is_steady(seen, places))
    if 2 * seen.alone < seen.count and seen.count <= _SENTENCES_SHARE * articles:
        return False  # a sentence beside others that are the article's may be the article's itself
    if _SEVERAL.search(core) and len(core) < _PARAGRAPH and not (in_most or (usual and _is_enclosed(seen))):
        return False  # its sentences are looked at one by one
    return _stands(core, seen, side, usual=usual)


def _is_enclosed(seen: Seen) -> bool:
    """Whether something else that is boilerplate stands further in, as a rule."""
    return seen.enclosed >= _BESIDE_OTHERS * seen.count


def _is_steady(seen: Seen, places: dict[str, Seen]) -> bool:
    """Whether a line of a block stands there about as often as the next one; if not, some articles just end with it."""
    if not seen.outward or _is_enclosed(seen):
        return True
    next_one = min(seen.outward.items(), key=lambda item: (-item[1], item[0]))[0]
    return next_one not in places or seen.count >= _STEADY * places[next_one].count


def _stands(core: str, seen: Seen, side: Side, *, usual: bool) -> bool:
    """Whether a line that recurs often enough is boilerplate there; `usual`: in most articles, or in a block."""
    letters = sum(character.isalpha() for character in core)
    enclosed = _is_enclosed(seen)
    if letters < _SHORTEST:
        return usual and enclosed  # a piece of a line that is broken where a link or a bold word stands
    if kind_by_cue(core):
        return True
    if seen.beside.total() >= _BESIDE_OTHERS * seen.count:
        # A sentence that some news end with is none, whatever stands below it, nor is the last item of a list.
        return usual or len(core) >= _PARAGRAPH or (enclosed and len(core) < _LONG)
    return usual and (letters >= _SLOGAN if side == "head" else seen.after_sentence >= _AT_EDGE * seen.count)


def _rules(
    account: str,
    recurring: set[str],
    seen: dict[Side, dict[str, Seen]],
    articles: int,
    spread: Counter[str],
    min_support: int,
) -> Iterator[LearnedRule]:
    for core in recurring:
        sides = [
            side for side in _SIDES if _is_boilerplate(core, seen[side], side, spread[core], articles, min_support)
        ]
        if not sides or all(seen[s][core].already >= _ALREADY * seen[s][core].count for s in sides):
            continue
        places = [seen[side][core] for side in sides]
        # Of texts printed equally often the smallest: the order of the articles does not matter.
        text = min(sum((p.texts for p in places), Counter()).items(), key=lambda item: (-item[1], item[0]))[0]
        pattern = _pattern(core) if "\0" in core else ""
        yield LearnedRule(
            id=f"learned.{hashlib.sha256(f'{account}/{core}'.encode()).hexdigest()[:12]}",
            kind=guess_kind(text, sum((p.beside for p in places), Counter()), sides[0]),
            account=account,
            where="edge" if len(sides) == 2 else sides[0],
            line="" if pattern else text,
            pattern=pattern,
            near=0 if len(core) < _NEEDS_NEIGHBOUR else None,
            example=text,
            support=sum(p.count for p in places),
            of=articles,
            position=int(statistics.median_low([n for p in places for n in p.positions])),
        )


def _pattern(mask: str) -> str:
    """A masked line as a pattern on folded text: each number stands for any of up to nine digits."""
    return r"\d{1,9}".join(re.escape(part) for part in mask.split("\0"))
