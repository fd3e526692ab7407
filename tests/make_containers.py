"""Writes fixtures/containers/ and tests/hostile/: files that no editor can write. Run it from the project's folder.

Every text in them is invented. What it writes is kept in the repository, so that a test says what changed.
"""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
from pathlib import Path

import zstandard

ROOT = Path(__file__).resolve().parent.parent
CONTAINERS = ROOT / "fixtures" / "containers"
HOSTILE = ROOT / "tests" / "hostile"
REASONS = HOSTILE / "expected.json"
CT = 1_551_400_200  # 2019-03-01 08:30:00 in Beijing


def page(title: str, body: str, mid: int) -> bytes:
    """A saved page as of 2018, as short as one can be."""
    return f"""<!DOCTYPE html>
<html>
<head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8">
<title>{title}</title>
</head>
<body id="activity-detail" class="zh_CN mm_appmsg">
<div id="js_article" class="rich_media"><div class="rich_media_inner"><div id="page-content">
<div id="img-content" class="rich_media_area_primary">
<h2 class="rich_media_title" id="activity-name">{title}</h2>
<div id="meta_content" class="rich_media_meta_list">
<em id="post-date" class="rich_media_meta rich_media_meta_text">2019-03-01</em>
<a class="rich_media_meta rich_media_meta_link rich_media_meta_nickname" id="post-user">柳湾纪事</a>
</div>
<div class="rich_media_content" id="js_content">
{body}
</div>
</div></div></div></div>
<script type="text/javascript">
var biz = ""||"MzAwMDAwMDA3Nw==";
var mid = ""||""||"{mid}";
var idx = ""||""||"1";
var sn = ""||""||"0a1b2c3d4e5f60718293a4b5c6d7e8f9";
var user_name = "gh_00aa11bb22cc";
var nickname = "柳湾纪事";
var msg_title = "{title}";
var ct = "{CT}";
var msg_link = "http://mp.weixin.qq.com/s?__biz=MzAwMDAwMDA3Nw==&amp;mid={mid}&amp;idx=1&amp;sn=0a1b2c3d4e5f60718293a4b5c6d7e8f9#rd";
</script>
</body>
</html>
""".encode()


FLOOD = page(
    "柳湾的春汛来得早", "<p>三月一日清晨，柳湾水文站的水位升到四米二。</p><p>守堤的人说，往年要到清明。</p>", 2247483701
)
MARKET = page("渡口集市恢复开市", "<p>停了两个冬天的渡口集市，昨天又开了。</p><p>摊位比从前少了一半。</p>", 2247483702)
DUMP = """旧桥拆除前的最后一天
柳湾纪事

2019-03-02
桥是一九七三年修的，桥面只容一辆板车。
拆桥的那天早上，来了许多老人。
预览时标签不可点
微信扫一扫
关注该公众号
""".encode()
RECORDS = [
    {
        "name": "柳湾纪事",
        "account": "liuwanjishi",
        "title": "夜里的渡船",
        "content": "最后一班渡船在九点。\n错过的人要等到天亮。",
    },
    {
        "name": "柳湾纪事",
        "account": "liuwanjishi",
        "title": "堤上的槐树",
        "content": "槐树是前年补种的。\n今年第一次开花。",
    },
]


def zipped(files: dict[str, bytes], *, encoding: str = "utf-8") -> bytes:
    """A .zip; with another encoding its names are written as Chinese Windows writes them, unsaid."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            plain = name if encoding == "utf-8" else name.encode(encoding).decode("cp437")
            info = zipfile.ZipInfo(plain, (2019, 3, 1, 9, 0, 0))
            if encoding != "utf-8":
                info = _Unsaid(plain, (2019, 3, 1, 9, 0, 0))
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


class _Unsaid(zipfile.ZipInfo):
    """A member whose name is in DOS's code page, or in any other for want of a mark."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - zipfile's name
        return self.filename.encode("cp437"), self.flag_bits


def tarred(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(content), CT + 1800
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def packed(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def warc_record(kind: str, url: str, block: bytes) -> bytes:
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2019-03-05T02:00:00Z\r\n"
    return head.encode() + b"Content-Length: %d\r\n\r\n" % len(block) + block + b"\r\n\r\n"


def warc() -> bytes:
    url = "http://mp.weixin.qq.com/s?__biz=MzAwMDAwMDA3Nw==&mid=%d&idx=1&sn=0a1b2c3d4e5f60718293a4b5c6d7e8f9&scene=4"
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=UTF-8\r\n"
    body = packed(MARKET)
    records = [
        warc_record("warcinfo", "", b"software: invented\r\n"),
        warc_record("request", url % 2247483701, b"GET /s HTTP/1.1\r\nHost: mp.weixin.qq.com\r\n\r\n"),
        warc_record("response", url % 2247483701, http + b"\r\n" + FLOOD),
        warc_record(
            "response",
            url % 2247483702,
            http
            + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(body), body),
        ),
        warc_record(
            "response", "https://mmbiz.qpic.cn/x", b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n\x89PNG"
        ),
        warc_record("response", url % 1, b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\nno"),
    ]
    return b"".join(packed(record) for record in records)


def containers() -> dict[str, bytes]:
    """File name -> bytes, of what reads well."""
    lines = [json.dumps(record, ensure_ascii=False) for record in RECORDS]
    table = "公众号,标题,正文\r\n" + "".join(
        '{name},{title},"{content}"\r\n'.format(**record) for record in RECORDS
    )  # fmt: skip
    saved = {"春汛.html": FLOOD, "春汛_files/style.css": b"p{}", "旧桥/最后一天.txt": DUMP}
    return {
        "windows.zip": zipped(saved, encoding="gbk"),
        "nested.zip": zipped({"2019/a.html.gz": packed(FLOOD), "2019/b.zip": zipped({"c.txt": DUMP})}),
        "folder.tar.gz": packed(tarred(saved)),
        "folder.tar.zst": zstandard.compress(tarred({"集市.html": MARKET})),
        "page.html.gz": packed(MARKET),
        "page.html.zst": zstandard.compress(FLOOD),
        "records.jsonl": "\n".join(lines).encode(),
        "records.json": json.dumps(RECORDS, ensure_ascii=False, indent=1).encode(),
        "records.csv": table.encode("gb18030"),
        "records.tsv": ("\ufeff" + table.replace(",", "\t")).encode(),
        "crawl.warc.gz": warc(),
    }


OTHER_SITE = """<!DOCTYPE html><html lang="zh"><head><meta charset="utf-8"><title>菜谱：凉拌黄瓜</title></head>
<body><main><h1>凉拌黄瓜</h1><p>黄瓜两根，拍碎，加盐腌十分钟。</p><p>蒜末、醋、香油各一勺，拌匀即可。</p></main></body></html>
""".encode()
SHELL = b"""<!DOCTYPE html><html><head><meta charset="utf-8"><title></title>
<script>window.logs = {}; var biz = "" || ""; var mid = "" || "" || "";</script></head>
<body id="activity-detail" class="zh_CN mm_appmsg"><div id="js_article" class="rich_media"><div id="img-content">
<h1 class="rich_media_title" id="activity-name"></h1><div class="rich_media_content" id="js_content"></div>
</div></div><script src="//res.wx.qq.com/mmbizwap/zh_CN/x.js"></script></body></html>
"""


def encrypted(data: bytes) -> bytes:
    """`data`, a .zip of one member, with the mark of a password set."""
    marked = bytearray(data)
    marked[6] |= 1
    marked[data.find(b"PK\x01\x02") + 8] |= 1
    return bytes(marked)


def hostile() -> dict[str, tuple[bytes, str]]:
    """File name -> bytes, and the reason that it is rejected for."""
    two = zipped({"a.html": FLOOD, "b.html": MARKET})
    wrong = bytearray(zipped({"a.html": FLOOD}))
    wrong[wrong.find(b"PK\x01\x02") + 16] ^= 0xFF  # the checksum
    office = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"}
    return {
        "empty.html": (b"", "empty"),
        "blank.txt": (" \r\n\u3000\n\ufeff\n".encode(), "empty"),
        "archive.rar": (b"Rar!\x1a\x07\x01\x00" + bytes(range(64)), "foreign"),
        "archive.7z": (b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(range(64)), "foreign"),
        "report.pdf": (b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n", "foreign"),
        "letter.docx": (zipped(office), "foreign"),
        "book.xlsx": (zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}), "foreign"),
        "letter.doc": (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504), "foreign"),
        "picture.html": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06", "foreign"),
        "database.txt": (b"SQLite format 3\x00\x10\x00\x01\x01" + bytes(80), "foreign"),
        "other-site.html": (OTHER_SITE, "foreign"),
        "nul.txt": (b"\x00" * 4096, "binary"),
        "noise.txt": (bytes((number * 197 + (number >> 3) * 31) % 256 for number in range(4096)), "binary"),
        "utf-16-odd.txt": ("水位升到四米二".encode("utf-16-be")[1:] + b"\x00\xd8\x00\x00" * 20, "binary"),
        "shell.html": (SHELL, "no_content"),
        "unknown.json": (b'{"temperature": [21.5, 22.0], "sensor": "a7"}', "unknown"),
        "numbers.json": (b"[1, 2, 3]", "unknown"),
        "truncated.html.gz": (packed(FLOOD)[:-40], "truncated"),
        "truncated.html.zst": (zstandard.compress(FLOOD)[:-40], "truncated"),
        "truncated.zip": (two[: two.find(b"PK\x03\x04", 4) + 60], "truncated"),
        "truncated.tar": (tarred({"a.html": FLOOD})[:1500], "truncated"),
        "truncated.warc": (
            warc_record("response", "http://mp.weixin.qq.com/s", b"HTTP/1.1 200 OK\r\n\r\n")[:-9],
            "truncated",
        ),
        "truncated.json": (b'[{"title": "a", "content": "b"}, {"title": "c', "truncated"),
        "damaged.html.gz": (packed(FLOOD)[:-8] + bytes(8), "corrupt"),
        "damaged.zip": (bytes(wrong), "corrupt"),
        "twice.html.gz": (packed(packed(FLOOD)), "corrupt"),
        "too-deep.zip": (zipped({"b.zip": zipped({"c.zip": zipped({"d.html": FLOOD})})}), "corrupt"),
        "bad-line.jsonl": (b'{"title": "a"\n', "corrupt"),
        "truncated.csv": (b'title,content\na,"' + b"b\n" * 40, "truncated"),
        "encrypted.zip": (encrypted(zipped({"a.html": FLOOD})), "encrypted"),
    }


def main() -> None:
    for folder in (CONTAINERS, HOSTILE):
        folder.mkdir(parents=True, exist_ok=True)
    for name, data in containers().items():
        (CONTAINERS / name).write_bytes(data)
    # Hostile files that an editor can write are kept by hand, with their reasons.
    reasons = json.loads(REASONS.read_text(encoding="utf-8")) if REASONS.exists() else {}
    for name, (data, reason) in hostile().items():
        (HOSTILE / name).write_bytes(data)
        reasons[name] = reason
    REASONS.write_text(json.dumps(dict(sorted(reasons.items())), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
