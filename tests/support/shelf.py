"""Captures as people keep them, for tests of pages: an edit, a deletion, a copy, an article that means harm."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING

from running import PROJECT, SCRAPY, environment

if TYPE_CHECKING:
    from pathlib import Path

PAPER, HARBOUR = "MzAwMDAwMDAxMQ==", "MzAwMDAwMDAxMg=="
LANTERN = f"mp:{PAPER}:2650001001:1"  # edited once, and gone in the end
COPY = f"mp:{HARBOUR}:2650002001:1"  # the same text from another account
HOSTILE = f"mp:{HARBOUR}:2650002002:1"

LANTERN_TITLE = "灯笼街的最后一位竹匠：四十年，一万盏灯"
_LANTERN = """
<p style="text-align:center">点击上方<strong>蓝字</strong>关注我们</p>
<p>巷子很窄，窄到两个人并肩走时要侧一侧身。严师傅的铺子就在巷子尽头，门口挂着三盏没有糊纸的灯笼，风一吹，竹篾发出细细的响声。</p>
<p>“竹子要冬天砍。”他说，“春天的竹子水多，做出来的骨架过不了夏。”</p>
<h2>一根竹子，十二道工序</h2>
<p>选竹、破竹、刮青、劈篾、烤弯、扎架、糊纸、阴干、描线、上色、刷油、装穗。十二道工序，哪一道都急不得。</p>
<p><img data-src="https://mmbiz.qpic.cn/mmbiz_jpg/example1/640?wx_fmt=jpeg" data-w="1080" data-ratio="0.66"></p>
<p>他最得意的是一盏走马灯，转起来能看见八个人物依次走过。灯架现在收在<a href="https://example.org/museum">镇上的陈列馆</a>里，铺子里只剩下一张照片。</p>
<blockquote><p>手艺这个东西，不教人就没有了；教了人，才是自己的。</p></blockquote>
<h2>谁来接班</h2>
<p>去年秋天，{apprentices}位年轻人来学了半年。严师傅给他们定的规矩有三条：</p>
<ul><li>每天先扫地，再碰刀。</li><li>劈坏的篾不许扔，攒着编筐。</li><li>做好的第一盏灯，要挂在自己家门口。</li></ul>
<p>现在，灯笼街的巷口又亮了。{ending}</p>
<p>编辑：陈　桥　　摄影：林小舟</p>
<p>来源：集市小报</p>
<p>长按识别二维码，关注我们</p>
"""
_HARBOUR = """
<p>第{number}班渡船靠岸的时候，天还没有亮透。卖早点的推车已经停在栈桥边，蒸笼揭开，白气和江雾混在一起，分不清哪个是哪个。</p>
<p>船工老周把缆绳绕了{number}圈，抬头看了看水位尺：“比昨天又落了一指。”</p>
<p>再过{number}天，这条航线就要改道了。</p>
<p>点个在看，让更多人看到</p>
"""
HOSTILE_TITLE = (
    "=cmd|' /C calc'!A0 <script>window.harmed=1</script> \x1b[31m红\u202e倒\u2066 " + "很长的标题没有一个空格" * 60
)
_HOSTILE = """
<p>正文第一段，&lt;script&gt;window.harmed=2&lt;/script&gt; 写在文字里，并不是脚本。</p>
<script>window.harmed=3</script>
<p><img src="x" onerror="window.harmed=4" data-src="javascript:window.harmed=5"></p>
<p><a href="javascript:window.harmed=6">点这里</a>，或
<a href="data:text/html,<script>window.harmed=7</script>">那里</a>，
还有<a href="https://example.org/?q=&quot;&gt;&lt;script&gt;window.harmed=8&lt;/script&gt;">一个普通的链接</a>。</p>
<p>{{{{ 7*7 }}}} {{% raw %}} &amp;lt;b&amp;gt; ' " ` \u202e这一行被倒过来写\u202c</p>
<p>{word}</p>
<pre><code>{code}</code></pre>
<table><tr>{cells}</tr></table>
<svg onload="window.harmed=9"><text>图</text></svg>
<style>body{{display:none}}</style>
<iframe src="https://example.org/frame"></iframe>
<p>正文最后一段。</p>
"""


def make_shelf(folder: Path) -> Path:
    """Writes the captures into `folder`; gives it back."""
    folder.mkdir(parents=True, exist_ok=True)
    paper, harbour = ("集市小报", "gh_00000000aa11", PAPER), ("江边晨报", "gh_00000000aa12", HARBOUR)
    before = _LANTERN.format(apprentices="三", ending="")
    after = _LANTERN.format(apprentices="五", ending="更正：来学艺的是五位年轻人，本文已改正。")
    _put(folder, "lantern.html", _page(paper, 2650001001, 1735690000, LANTERN_TITLE, before), "2025-01-02")
    _put(folder, "lantern-again.html", _page(paper, 2650001001, 1735690000, LANTERN_TITLE, after), "2025-02-03")
    _put(folder, "lantern-gone.html", _notice(_url(PAPER, 2650001001)), "2025-03-04")
    _put(folder, "copy.html", _page(harbour, 2650002001, 1736000000, "转：竹匠与灯", before), "2025-01-09")
    hostile = _HOSTILE.format(word="W" * 900, code="x = " + "1 + " * 400, cells="<td>格子里的字</td>" * 40)
    _put(folder, "hostile.html", _page(harbour, 2650002002, 1736500000, HOSTILE_TITLE, hostile), "2025-01-11")
    for number in range(1, 31):
        moment = 1704067200 + number * 1_400_000
        title = f"渡口纪事之{number}：雾里的第{number}班船"
        page = _page(harbour, 2650003000 + number, moment, title, _HARBOUR.format(number=number))
        _put(folder, f"ferry-{number:02}.html", page, "2025-04-05")
    (folder / "broken.html").write_bytes(b"%PDF-1.7 no page")
    return folder


def make_archive(folder: Path) -> Path:
    """Crawls a shelf into a database in `folder`; gives the database."""
    database = folder / "articles.db"
    words = ["crawl", "files", "-a", f"path={make_shelf(folder / 'shelf')}", "-s", f"DATABASE={database}"]
    done = subprocess.run(
        [*SCRAPY, *words], cwd=PROJECT, env=environment(), capture_output=True, timeout=120, check=False
    )
    assert done.returncode == 5, done.stderr.decode()  # one capture is none
    return database


def _put(folder: Path, name: str, content: str, day: str) -> None:
    """Writes a file as if it had been saved on that day: without a better source, that is when it was captured."""
    path = folder / name
    path.write_text(content, "utf-8")
    moment = datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()
    os.utime(path, (moment, moment))


def _url(biz: str, mid: int) -> str:
    return f"https://mp.weixin.qq.com/s?__biz={biz}&mid={mid}&idx=1&sn=0123456789abcdef0123456789abcdef"


def _page(account: tuple[str, str, str], mid: int, moment: int, title: str, content: str) -> str:
    name, ghid, biz = account
    quoted = title.replace("\\", "\\\\").replace('"', '\\"').replace("</", "<\\/")
    return f"""<!DOCTYPE html><!-- saved from url=(0100){_url(biz, mid)} -->
<html><head><title>{escape(title)}</title></head><body id="activity-detail">
<div id="js_article" class="rich_media"><h2 class="rich_media_title" id="activity-name">{escape(title)}</h2>
<a id="post-user">{name}</a><div class="rich_media_content" id="js_content">{content}</div></div>
<script>var biz = ""||"{biz}";var mid = ""||"{mid}";var idx = ""||"1";
var nickname = "{name}";var user_name = "{ghid}";var ct = "{moment}";
var msg_title = "{quoted}";</script></body></html>"""


def _notice(url: str) -> str:
    return f"""<!DOCTYPE html>
<!-- saved from url=(0100){url} -->
<html><head><title></title></head><body id="activity-detail" class="zh_CN wx_wap_page">
<script>var biz = '' || '';var mid = '' || '';var idx = '' || '';</script>
<div class="weui-msg"><div class="weui-msg__text-area">
<div class="weui-msg__title warn">该内容已被发布者删除</div></div></div>
</body></html>"""
