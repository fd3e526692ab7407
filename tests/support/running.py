"""Commands are tested as users run them: in processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
SCRAPY = [sys.executable, "-W", "error", "-m", "scrapy"]


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        """The JSON object on the last line of standard output."""
        loaded: dict[str, Any] = json.loads(self.out.splitlines()[-1])
        return loaded


def environment(**changes: str) -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if k != "DATABASE"} | changes


def page(number: int, text: str = "") -> str:
    """A saved page in the manner of 2018, small."""
    body = text or f"第{number}篇：今天的集市上来了一位卖糖人的老师傅，他一吹一捏，第{number}只小猴子就活了过来。"
    return f"""<!DOCTYPE html><html><head><title>第{number}篇</title></head><body id="activity-detail">
<div id="js_article" class="rich_media"><h2 class="rich_media_title" id="activity-name">第{number}篇集市见闻</h2>
<a id="post-user">集市小报</a><div class="rich_media_content" id="js_content">
<p>{body}</p><p>长按二维码关注我们</p></div></div>
<script>var biz = ""||"MzAwMDAwMDAwMQ==";var mid = ""||"{1000 + number}";var idx = ""||"1";
var nickname = "集市小报";var user_name = "gh_0123456789ab";var ct = "{1525132800 + number}";
var msg_title = "第{number}篇集市见闻";</script></body></html>"""


def scrapy(*words: str | Path, **env: str) -> Ended:
    """Runs `scrapy WORDS...` in the project's folder."""
    done = subprocess.run(
        [*SCRAPY, *map(str, words)], cwd=PROJECT, env=environment(**env), capture_output=True, timeout=120, check=False
    )
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())
