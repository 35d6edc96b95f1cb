"""Pages travel compressed, each time at another length; everything else as it is."""

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from changxiao.ui.compress import CompressPages

LONG = "案卷" * 2000


def answered(response):
    request = RequestFactory().get("/", headers={"Accept-Encoding": "gzip"})
    return CompressPages(lambda _request: response)(request)


def test_a_page_travels_compressed_and_never_twice_at_the_same_length():
    lengths = {len(answered(HttpResponse(LONG)).content) for _turn in range(20)}

    assert max(lengths) < len(LONG.encode()) / 10
    assert len(lengths) > 5


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse(LONG, content_type="application/json"),
        HttpResponse(LONG, content_type="image/svg+xml"),
        StreamingHttpResponse([LONG], content_type="text/html"),
        StreamingHttpResponse([LONG], content_type="text/event-stream"),
    ],
    ids=lambda one: one["Content-Type"],
)
def test_what_is_no_whole_page_is_left_alone(response):
    assert "Content-Encoding" not in answered(response)
