"""The body of an invented article, which no rule finds anything in: heads and tails are put around it."""

from __future__ import annotations

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
