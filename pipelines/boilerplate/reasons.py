"""Rule ids of what no entry of a rule file finds: told by its form, by what stands beside it, by its wording.

They are stored, shown and switched off like the ids of the files. docs/boilerplate.md lists them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from crawler.items import BoilerplateKind

if TYPE_CHECKING:
    from collections.abc import Collection

Beside = Literal[
    "behind_credits", "behind_the_end", "between", "block", "mark",
    "name_above", "question", "rest_of_sentence", "trailing",
]  # fmt: skip
BY_WORDING = "by_wording"
DIVIDER = "decoration.divider"
PLACEHOLDER = "decoration.placeholder"
ORNAMENT = "decoration.ornament"

# Id -> what it takes.
BY_FORM: dict[str, str] = {
    "credits.address_below": "a URL below who wrote a text, or where it stood first",
    "credits.beside": "a short line of names beside credits",
    "credits.introduced": "a role, a colon and a life: `作者：甲，1979年生，…`",
    "credits.likely": "one role and a short name at the very end",
    "credits.role_above_name": "roles and names that take turns, each on a line of its own",
    "credits.roles": "nothing but roles and names",
    "copyright.law_quoted_below": "articles of a law below a disclaimer",
    DIVIDER: "a line of nothing but signs that divide",
    ORNAMENT: "a line of nothing but symbols",
    PLACEHOLDER: "a word that stands for each picture, alone on several lines",
    "decoration.title_repeated": "the title above the text",
    "follow_prompt.account_banner": "the account's name with a few words beside it",
    "follow_prompt.account_card": "an account's card, as the page marks it",
    "follow_prompt.account_name": "the account's name alone",
    "follow_prompt.reprint_card": "a reprinted account's name below where WeChat names it",
    "follow_prompt.slogan_with_our_name": "a slogan that ends with the account's name, a greeting in it",
    "page_chrome.account_name": "the account's name among a dump's buttons",
    "page_chrome.albums": "what an article is collected in: `#渡口 19个`",
    "page_chrome.block": "what stands between the buttons at a dump's end",
    "page_chrome.button": "a button's word alone on its line, in a dump",
    "page_chrome.closing": "a dump's end from the page's own first button on",
    "page_chrome.title_repeated": "the title among a dump's buttons",
    "promotion.program_card": "a mini program's card, as the page marks it",
}
# Ending of an id, behind the kind of what stands beside it -> what it takes.
BY_NEIGHBOURS: dict[Beside, str] = {
    "behind_credits": "what stands below the people who made an article ready, where it ends with a find",
    "behind_the_end": "what follows the marker that an article is over",
    "between": "a little between two finds",
    "block": "what belongs to the last block of boilerplate",
    "mark": "a line of nothing but marks between or behind finds",
    "name_above": "a name, an ordinal or a heading above a find",
    "question": "a question before the request to answer it",
    "rest_of_sentence": "the line to which a find's sentence runs on",
    "trailing": "a last line or two below several prompts",
}


def beside(kind: BoilerplateKind, why: Beside) -> str:
    """The id of what goes for what stands beside it, which is of this kind."""
    return f"{kind}.{why}"


def by_wording(kind: BoilerplateKind) -> str:
    """The id of what goes by its wording."""
    return f"{kind}.{BY_WORDING}"


def is_by_wording(rule: str) -> bool:
    """Whether a span's rule (ids joined by `+`) says that it, or a part of it, went by its wording."""
    return any(one.endswith(f".{BY_WORDING}") for one in rule.split("+"))


def unknown(ids: Collection[str], entries: Collection[str]) -> list[str]:
    """Those of `ids` that name nothing: none of `entries` (ids of a rule set), none of the above. In order."""
    kinds: tuple[BoilerplateKind, ...] = get_args(BoilerplateKind)
    known = {BY_WORDING, *entries, *BY_FORM, *map(by_wording, kinds)}
    known.update(beside(kind, why) for kind in kinds for why in BY_NEIGHBOURS)
    return sorted(set(ids) - known)
