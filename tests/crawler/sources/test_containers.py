"""Whatever a file is, `members` says what is in it, in order, and never raises."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
import zipfile
from datetime import UTC, datetime

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from crawler.items import Ignored
from crawler.sources.containers import Member, members
from crawler.sources.limits import SourceLimits

PAGE = "<html><head><title>河边的树</title></head><body>正文</body></html>".encode()
SMALL = SourceLimits(max_bytes=1000, max_members=20, max_total=20_000, max_ratio=1, max_inner_zip=5000)


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2019, 3, 1, 8, 30, 0)), content, method)
    return out.getvalue()


def tarred(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(content), 1_551_400_200
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def opened(data: bytes, name: str = "file", limits: SourceLimits | None = None) -> list[Member]:
    return [member for member in members(io.BytesIO(data), name, limits) if isinstance(member, Member)]


def contents(data: bytes, name: str = "file", limits: SourceLimits | None = None) -> dict[str, bytes | str]:
    """`!/`-joined path -> content, or the reason why there is none."""
    return {
        "!/".join(member.path): member.content if member.problem is None else member.problem.reason
        for member in opened(data, name, limits)
    }


@pytest.mark.parametrize(
    "data",
    [
        PAGE,
        b"",
        b" \n",
        b"\x00" * 2000,
        b"%PDF-1.7 ...",
        b'{"title": "a"}',
        b'{\n "title": "a"\n}\n',
        b"[1, 2, 3]",
        b"[]",
        "[图片]\n正文".encode(),
        b"[{ no JSON }] and so on",
        b"Rar!\x1a\x07\x01\x00",
        b"\xef\xbb\xbf{}",
    ],
)
def test_what_is_no_container_is_one_capture_of_the_same_bytes(data: bytes) -> None:
    assert contents(data) == {"": data}


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress, lambda data: gzip.compress(data) * 2])
def test_a_compressed_page_is_the_page(pack: object) -> None:
    packed = pack(PAGE)  # type: ignore[operator]
    assert contents(packed, "a.html.gz")[""] in {PAGE, PAGE * 2}


def test_a_container_is_told_from_its_bytes_and_not_from_its_name() -> None:
    assert contents(zipped({"a.html": PAGE}), "page.html") == {"a.html": PAGE}
    assert contents(PAGE, "archive.zip") == {"": PAGE}


FILES = {"2019/甲/a.html": PAGE, "b.txt": "正文".encode()}


@pytest.mark.parametrize(
    "data",
    [
        zipped(FILES),
        zipped(FILES, zipfile.ZIP_STORED),
        tarred(FILES),
        gzip.compress(tarred(FILES)),
        zstandard.compress(tarred(FILES)),
        gzip.compress(zipped(FILES)),
    ],
    ids=["zip", "stored zip", "tar", "tar.gz", "tar.zst", "zip.gz"],
)
def test_archives_give_their_files_in_order(data: bytes) -> None:
    assert list(contents(data).items()) == list(FILES.items())


def test_members_have_their_own_times() -> None:
    told = datetime(2019, 3, 1, 0, 30, tzinfo=UTC)
    assert [member.modified for member in opened(zipped({"a": PAGE}))] == [told]
    assert [member.modified for member in opened(tarred({"a": PAGE}))] == [told]


def test_a_compressed_member_keeps_its_name() -> None:
    assert contents(zipped({"a.html.gz": gzip.compress(PAGE)})) == {"a.html.gz": PAGE}


def test_a_container_in_a_container_is_opened() -> None:
    inner = {"x.zip": zipped({"a.html": PAGE}), "y.tgz": gzip.compress(tarred({"b.txt": PAGE})), "z.jsonl": b"{}\n{}\n"}
    assert contents(zipped(inner)) == {
        "x.zip!/a.html": PAGE,
        "y.tgz!/b.txt": PAGE,
        "z.jsonl!/1": b"{}",
        "z.jsonl!/2": b"{}",
    }
    assert contents(tarred({"x.zip": inner["x.zip"]})) == {"x.zip!/a.html": PAGE}


def test_a_third_level_is_refused_and_the_rest_is_read() -> None:
    deep = zipped({"c.zip": zipped({"d.zip": zipped({"a.html": PAGE})}), "a.html": PAGE})
    assert contents(deep) == {"c.zip!/d.zip": "corrupt", "a.html": PAGE}


def test_what_is_compressed_twice_is_refused() -> None:
    (member,) = opened(gzip.compress(gzip.compress(PAGE)))
    assert member.problem is not None
    assert "too deep" in member.problem.detail


def test_images_and_the_like_are_only_counted() -> None:
    files = {
        "page.html": PAGE,
        "page_files/saved_resource.html": PAGE,
        "page_files/a.css": b"x",
        "__MACOSX/._page.html": b"x",
        ".DS_Store": b"x",
        "cover.JPG": b"x",
        "Vue.js/a.html": PAGE,
        "other_files/b.html": PAGE,
    }
    for data in (zipped(files), tarred(files)):
        found = list(members(io.BytesIO(data), "a"))
        read = ["/".join(member.path) for member in found if isinstance(member, Member)]
        assert read == ["page.html", "Vue.js/a.html", "other_files/b.html"]
        assert sum(member.count for member in found if isinstance(member, Ignored)) == 5


@pytest.mark.parametrize("extra", ["[Content_Types].xml", "META-INF/MANIFEST.MF", "mimetype"])
def test_documents_that_are_zips_are_handed_on_whole(extra: str) -> None:
    data = zipped({extra: b"x", "word/document.xml": b"<w:p/>"})
    assert contents(data) == {"": data}


def test_json_array_lines_and_tables_are_records() -> None:
    records = [{"title": "甲", "content": "一"}, {"title": "乙", "content": "二"}]
    lines = [json.dumps(record, ensure_ascii=False).encode() for record in records]
    assert contents(json.dumps(records, ensure_ascii=False).encode()) == {"0": lines[0], "1": lines[1]}
    assert contents(b"\n".join(lines)) == {"1": lines[0], "2": lines[1]}
    assert contents(gzip.compress(b"\n\n".join(lines)), "a.jsonl.gz") == {"1": lines[0], "3": lines[1]}
    table = "title,content\n甲,一\n乙,二\n".encode()
    assert contents(table, "a.csv") == {"1": lines[0], "2": lines[1]}
    assert contents(table, "a.txt") == {"1": lines[0], "2": lines[1]}
    assert contents(table, "a.md") == {"": table}


def test_records_in_the_lists_of_an_answer_are_records() -> None:
    row = {"title": "甲", "content": "一"}
    answer = {"code": 0, "data": {"biz": "MzAwMDAwMDAwMw==", "list": [row, {"title": "乙", "content": ""}]}}
    found = contents(json.dumps(answer, indent=1).encode(), "a.json")
    assert [json.loads(content) for content in found.values()] == [
        {"biz": "MzAwMDAwMDAwMw==", "title": "甲", "content": "一"},
        {"biz": "MzAwMDAwMDAwMw==", "title": "乙", "content": ""},
    ]
    assert list(found) == ["0", "1"]
    whole = json.dumps({"data": {"list": [row]}}).encode()
    assert contents(whole, "a.json") == {"": whole}  # one alone is the capture


def test_one_line_is_one_capture_unless_its_name_says_lines() -> None:
    assert contents(b'{"a": 1}\n', "a.json") == {"": b'{"a": 1}\n'}
    assert contents(b'{"a": 1}\n', "a.jsonl") == {"1": b'{"a": 1}'}


def test_limits_refuse_a_member_and_go_on() -> None:
    files = {"big.html": b"a" * 1001, "ok.html": PAGE}
    for data in (zipped(files), tarred(files), gzip.compress(tarred(files))):
        assert contents(data, limits=SMALL) == {"big.html": "oversize", "ok.html": PAGE}
    assert contents(b"a" * 1001, limits=SMALL) == {"": "oversize"}
    assert contents(gzip.compress(b"a" * 1001), limits=SMALL) == {"": "oversize"}
    assert contents(zstandard.compress(b"a" * 1001), limits=SMALL) == {"": "oversize"}


def test_a_size_that_lies_is_found_out() -> None:
    data = zipped({"a.html": b"a" * 900})
    lying = data.replace((900).to_bytes(4, "little"), (5).to_bytes(4, "little"))
    assert contents(lying, limits=SMALL) == {"a.html": "corrupt"}


def test_too_many_members_end_the_file() -> None:
    found = contents(zipped({f"{n}.txt": b"x" for n in range(30)}), limits=SMALL)
    assert list(found.values()) == [b"x"] * 20 + ["oversize"]
    assert list(found)[-1] == ""


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    limits = SourceLimits(max_bytes=100_000, max_total=300_000, max_ratio=1)
    bomb = zipped({f"{n}.txt": b"\x20" * 90_000 for n in range(10)})
    assert list(contents(bomb, limits=limits).values()) == [b"\x20" * 90_000] * 3 + ["oversize"]
    assert contents(gzip.compress(b"\x20" * 10_000_000), limits=limits) == {"": "oversize"}


def test_members_that_share_their_bytes_count_each_time() -> None:
    """A .zip may point many members at the same data: small on disk, endless to read."""
    limits = SourceLimits(max_bytes=100_000, max_total=300_000, max_ratio=1)
    one = zipped({"a.txt": b"\x20" * 90_000})
    directory = one.index(b"PK\x01\x02")
    end = one.index(b"PK\x05\x06")
    entry = one[directory:end]
    shared = one[:directory] + entry * 10 + one[end : end + 8] + b"\x0a\x00" * 2
    shared += (len(entry) * 10).to_bytes(4, "little") + directory.to_bytes(4, "little") + b"\x00\x00"
    assert [member.problem.reason for member in opened(shared, limits=limits) if member.problem] == ["oversize"]


def test_an_inner_zip_beyond_its_limit_is_refused() -> None:
    inner = zipped({str(n): bytes(range(256)) * 3 for n in range(9)}, zipfile.ZIP_STORED)
    assert contents(zipped({"in.zip": inner, "a.html": PAGE}), limits=SMALL) == {"in.zip": "oversize", "a.html": PAGE}


def test_encrypted_members_are_told_once_and_the_others_read() -> None:
    data = bytearray(zipped({"a.html": PAGE, "b.html": PAGE, "c.html": PAGE}))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        data[at + flags] |= 1
        data[data.find(mark, at + 1) + flags] |= 1
    assert contents(bytes(data)) == {"c.html": PAGE, "": "encrypted"}


def test_a_member_with_a_wrong_checksum_is_corrupt_and_the_rest_is_read() -> None:
    data = bytearray(zipped({"a.html": PAGE, "b.html": PAGE}, zipfile.ZIP_STORED))
    data[data.find("正文".encode())] ^= 1
    assert contents(bytes(data)) == {"a.html": "corrupt", "b.html": PAGE}


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_unknown_method_is_said(method: int) -> None:
    (member,) = opened(zipped({"a.html": PAGE}, method))
    assert member.problem is not None
    assert f"method {method}" in member.problem.detail


MANY = {f"{n}.txt": hashlib.shake_128(bytes([n])).digest(1500) for n in range(8)}


@pytest.mark.parametrize(
    "whole",
    [zipped(MANY), zipped(MANY, zipfile.ZIP_STORED), tarred(MANY), gzip.compress(tarred(MANY), mtime=0)],
    ids=["zip", "stored zip", "tar", "tar.gz"],
)
@pytest.mark.parametrize("part", [0.2, 0.4, 0.6])
def test_a_container_cut_off_gives_what_is_there_and_one_rejection(whole: bytes, part: float) -> None:
    found = list(contents(whole[: int(len(whole) * part)]).items())
    assert found[-1] == ("", "truncated")
    assert found[:-1] == list(MANY.items())[: len(found) - 1]
    assert len(found) > 1 or part < 0.4


def test_a_zip_without_sizes_in_its_headers_is_salvaged() -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def tell(self) -> int:
            raise io.UnsupportedOperation

    out = Pipe()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in MANY.items():
            archive.writestr(name, content)
    whole = out.getvalue()
    assert contents(whole) == MANY
    cut = contents(whole[: whole.find(b"PK\x01\x02")])
    assert cut == {**MANY, "": "truncated"}


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_compressed_page_cut_off_is_truncated_and_not_a_shorter_page(pack: object) -> None:
    whole: bytes = pack(PAGE * 20)  # type: ignore[operator]
    assert contents(whole[:-3]) == {"": "truncated"}


@pytest.mark.parametrize(
    ("whole", "name"),
    [
        (b"".join(b'{"n": %d}\n' % n for n in range(3000)), "a.jsonl"),
        (b"[" + b",".join(b'{"n": %d}' % n for n in range(3000)) + b"]", "a.json"),
        (b"n,m\n" + b"".join(b"%d,x\n" % n for n in range(3000)), "a.csv"),
    ],
)
def test_compressed_records_cut_off_give_what_is_there(whole: bytes, name: str) -> None:
    packed = gzip.compress(whole, mtime=0)
    found = contents(packed[: len(packed) // 2], f"{name}.gz")
    assert list(found)[-1] == ""
    assert found.popitem()[1] == "truncated"
    everything = contents(whole, name)
    assert len(found) > 500
    assert all(everything[key] == content for key, content in found.items())


def test_damage_inside_compressed_data_is_corrupt() -> None:
    data = bytearray(gzip.compress(bytes(range(256)) * 100))
    data[-6] ^= 0xFF
    assert contents(bytes(data)) == {"": "corrupt"}
    assert contents(gzip.compress(PAGE) + b"and more") == {"": "corrupt"}
    assert contents(gzip.compress(PAGE) + b"\x00" * 512) == {"": PAGE}


def test_a_zip_with_bytes_before_it_is_not_taken_for_one_but_one_with_bytes_behind_is() -> None:
    assert contents(b"MZ" + zipped(FILES))[""] == b"MZ" + zipped(FILES)
    assert contents(zipped(FILES) + b"\n\n") == FILES


def test_an_empty_zip_has_nothing() -> None:
    assert opened(zipped({})) == []


@given(st.binary(max_size=600))
def test_any_bytes_give_members(data: bytes) -> None:
    assert opened(data, limits=SMALL)


START = st.sampled_from(
    [
        zipped(FILES),
        tarred(FILES),
        gzip.compress(tarred(FILES), mtime=0),
        zstandard.compress(PAGE),
        b'[{"a": 1}, {"b": 2}]',
    ]
)


@given(START, st.lists(st.tuples(st.integers(0, 20_000), st.integers(0, 255)), max_size=8), st.integers(1, 20_000))
def test_damaged_containers_never_raise(whole: bytes, changes: list[tuple[int, int]], length: int) -> None:
    data = bytearray(whole)
    for at, value in changes:
        data[at % len(data)] = value
    for member in opened(bytes(data[:length]), "a.csv", limits=SMALL):
        assert member.problem is None or not member.content
