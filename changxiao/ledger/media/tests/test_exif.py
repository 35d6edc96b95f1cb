"""The EXIF reader: what is evidence, within bounds, and nothing else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from changxiao.ledger.media import exif
from changxiao.ledger.media.tests import corpus


@pytest.mark.parametrize("order", ["<", ">"])
def test_place_time_and_device_are_read_in_both_byte_orders(order):
    said = exif.read(corpus.exif_block(order=order))

    assert (said.lat, said.lon) == ("23.3534278", "116.6750000")
    assert (said.altitude, said.accuracy, said.direction) == ("5.2", "4.8", "180.6")
    assert (said.taken, said.offset) == ("2026-03-02T09:00:00", "+08:00")
    assert (said.make, said.model, said.software) == ("HUAWEI", "P60", "Snapseed2")
    assert said.orientation == 6


def test_owner_and_serial_number_are_not_looked_at():
    said = str(exif.read(corpus.exif_block()))

    assert "Owner" not in said and "12345" not in said


def test_a_phone_without_a_fix_stands_nowhere():
    place = [
        (1, 2, 2, b"N\0"),
        (2, 5, 3, corpus.ratios((0, 1), (0, 1), (0, 1))),
        (3, 2, 2, b"E\0"),
        (4, 5, 3, corpus.ratios((0, 1), (0, 1), (0, 1))),
    ]
    block = corpus.tiff([(0x8825, 4, 1, b"")], [], place)

    assert exif.read(block).lat == ""


@pytest.mark.parametrize(
    "degrees", [((91, 1), (0, 1), (0, 1)), ((23, 0), (0, 1), (0, 1)), ((2**32 - 1, 1),) * 3]
)
def test_an_absurd_latitude_is_no_evidence(degrees):
    place = [
        (1, 2, 2, b"N\0"),
        (2, 5, 3, corpus.ratios(*degrees)),
        (3, 2, 2, b"E\0"),
        (4, 5, 3, corpus.ratios((116, 1), (0, 1), (0, 1))),
    ]
    assert exif.read(corpus.tiff([(0x8825, 4, 1, b"")], [], place)).lat == ""


@pytest.mark.parametrize("text", [b"2026:13:02 09:00:00", b"0000:00:00 00:00:00", b"yesterday"])
def test_a_time_that_never_was_is_no_evidence(text):
    block = corpus.tiff([(0x8769, 4, 1, b"")], [(0x9003, 2, len(text), text)])

    assert exif.read(block).taken == ""


def test_a_device_name_keeps_only_plain_characters():
    block = corpus.tiff([(0x010F, 2, 24, b"<img src=x>\x1b[31m\xe2\x80\xaeOK\0\0\0")])

    assert exif.read(block).make == "img srcx31mOK"


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 400), st.booleans())
def test_any_bytes_give_an_answer(noise, place, from_real):
    block = corpus.exif_block() if from_real else b"II*\0\x08\0\0\0"
    assert 1 <= exif.read(block[:place] + noise + block[place:]).orientation <= 8
