"""A-12: each hostile file gets its verdict, in time and in memory, and nothing gets through."""

import re
import resource
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from changxiao.kernel.refused import Refused
from changxiao.ledger.media import actions, formats, refusals, sandbox
from changxiao.ledger.media.tests import corpus

FILES = list(corpus.corpus())


def seconds():
    """Processor time of this process and its children: a busy machine does not count."""
    times = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in times)


def verdict(data, name="x.jpg", declared=corpus.JPEG):
    try:
        actions.check(data, declared_type=declared, name=name)
        with refusals.explained():
            return "ok", sandbox.clean(data)
    except Refused as refused:
        return refused.code, None


def test_the_corpus_has_its_sixty_files_and_each_a_label_of_its_own():
    assert len({hostile.label for hostile in FILES}) == len(FILES) >= 60


@pytest.fixture(scope="module")
def dear():
    """Processor seconds that no file may take: what twelve plain photos of a phone take here and
    now. The dearest good one, a WebP of 28 megapixels, takes four."""
    data = corpus.street(4000, 3000)
    started = seconds()
    assert verdict(data)[0] == "ok"
    return 12 * (seconds() - started)


@pytest.mark.parametrize("hostile", FILES, ids=lambda hostile: hostile.label)
def test_a_hostile_file_gets_its_verdict_and_is_not_dear(hostile, dear):
    data = hostile.data
    started = seconds()
    code, cleaned = verdict(data, hostile.name, hostile.declared)

    assert code == hostile.verdict
    assert seconds() - started < dear
    if cleaned is not None:
        for picture in (cleaned.rendition, cleaned.thumbnail):
            assert formats.is_clean(picture)
            assert b"script" not in picture and b"php" not in picture


@pytest.mark.parametrize(
    "hostile", [h for h in FILES if "megapixel" in h.label], ids=lambda hostile: hostile.label
)
def test_the_largest_pictures_take_less_than_half_a_gigabyte(hostile):
    # Not by rusage: a child begins with the peak of whoever started it.
    program = (
        "import sys; from changxiao.ledger.media import clean; clean.main();"
        "sys.stderr.write(open('/proc/self/status').read())"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", program], input=hostile.data, capture_output=True, check=True
    )
    peak = re.search(rb"VmHWM:\s+(\d+) kB", done.stderr)

    assert int(peak[1]) < 512 * 1024


@pytest.mark.parametrize("step", range(60))
def test_a_mutated_jpeg_is_refused_or_comes_out_clean(step):
    data = bytearray(corpus.with_exif(corpus.exif_block()))
    for turn in range(1 + step % 7):
        data[(step * 7919 + turn * 104_729) % len(data)] ^= 1 << (step + turn) % 8

    code, cleaned = verdict(bytes(data))

    assert code in {"ok", "photo_type", "photo_broken", "photo_costly", "photo_pixels"}
    assert cleaned is None or formats.is_clean(cleaned.rendition)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([corpus.street(), corpus.small_png(), corpus.street(form="WEBP")]),
    st.lists(st.tuples(st.integers(0, 20_000), st.binary(min_size=1, max_size=9)), max_size=5),
)
def test_the_header_parsers_never_fall_over(base, patches):
    data = bytearray(base)
    for place, patch in patches:
        data[place % len(data) : place % len(data) + len(patch)] = patch
    try:
        header = formats.parse(bytes(data))
    except formats.BadPicture:
        return
    assert 0 < header.width <= formats.MAX_SIDE
