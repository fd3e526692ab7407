"""The body of an invented article, which no rule finds anything in: heads and tails are put around it, and split."""

from __future__ import annotations

from crawler.items import Mark
from pipelines.boilerplate import Context, load_rules, split

RULES = load_rules()
BODY = "\n".join(
    [
        "清晨的渡口起了雾，船工把缆绳解开，慢慢撑向对岸。",
        "对岸的村子里有一座老磨坊，水车每天从五点转到天黑。",
        "磨坊主人姓石，他说这座水车是祖父留下来的，木头换过三回。",
        "今年春天雨水多，河面宽了一倍，孩子们上学要绕很远的路。",
        "村里商量着要修一座桥，石料已经堆在岸边，只等水退。",
        "夏天快到的时候，桥墩终于立了起来，像两个站在水里的人。",
    ]
)


def kept(*tail: str, body: str = BODY, title: str | None = None, linked: tuple[str, ...] = ()) -> list[str]:
    """The lines below the body that stay; `linked`: those of them that the page links to articles."""
    text = "\n".join([body, *tail])
    marks = [Mark(kind="article_link", start=text.index(line), end=text.index(line) + len(line)) for line in linked]
    left = split(text, marks=marks, context=Context(title=title), rules=RULES).body
    assert left.startswith(body)
    return left[len(body) :].strip().split("\n") if left != body else []


def rules_of(*tail: str) -> dict[str, str]:
    """Line -> the rule that took it."""
    text = "\n".join([BODY, *tail])
    return {text[s.start : s.end].strip(): s.rule for s in split(text, rules=RULES).spans}
