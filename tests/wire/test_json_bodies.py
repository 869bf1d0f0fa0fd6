"""A body's JSON, read with `orjson` and without: the same values, but for numbers that no service sends."""

import contextlib
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.wire import json_bodies
from connector.wire.json_bodies import parse_json

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
)


def read_both(content):
    """What is made of `content` with `orjson` and without, with types; or what kind of refusal."""

    def read():
        try:
            return repr(parse_json(content))
        except (ValueError, RecursionError) as problem:
            return "too deep" if isinstance(problem, RecursionError) else "no JSON"

    with pytest.MonkeyPatch.context() as patch:
        quick = read()
        patch.setattr(json_bodies, "orjson", None)
        return quick, read()


@pytest.mark.each(
    "content",
    [
        *(b"", b" ", b"null", b" 1 ", b"-0", b"-0.0", b"-", b"01", b"1.", b".5", b"+1", b"1e5", b"1E400", b"-1e400"),
        *(b"1e-400", b"5e-324", b"0.1", b"1.0", b"9007199254740993", b"9223372036854775807", b"9223372036854775808"),
        *(b"-9223372036854775808", b"18446744073709551615", b"0." + b"3" * 40, b"1.7976931348623159e308"),
        *(b"1" * 400, b"1" * 5000, b"NaN", b"[Infinity, -Infinity]", b'{"a": 1, "b": 2, "a": 3}'),
        *(b'"\\ud800"', b'"\\ud83d\\ude00"', b'"\\ude00\\ud83d"', b'"\xed\xa0\x80"', b'"\xff"', b'"\xc0\x80"'),
        *(b'"\xf4\x90\x80\x80"', b'"\x1f"', b'"\x7f"', b'"\\u0000"', b'"\\x00"', b'"\\/"', b"\xef\xbb\xbf{}"),
        *('{"é": "😀"}'.encode(), '{"a": 1}'.encode("utf-16"), '"a"'.encode("utf-32-le"), b"{'a': 1}", b"[1,]"),
        *(b'{"a": 1,}', b"[1] ]", b"1]", b"[1", b"1, 2", b"{} x", b"\x001", b"1\x00", b"//\n1", b'"\t"', b"True"),
    ],
)
def test_any_writing_is_read_alike(content):
    quick, plain = read_both(content)
    assert quick == plain


@pytest.fixture(params=["orjson", "json"])
def either_reader(request, monkeypatch):
    if request.param == "json":
        monkeypatch.setattr(json_bodies, "orjson", None)


def test_only_whole_numbers_beyond_64_bits_differ(monkeypatch):
    content = b"[18446744073709551616, -9223372036854775809]"
    assert parse_json(content) == [float(2**64), float(-(2**63))]
    monkeypatch.setattr(json_bodies, "orjson", None)
    assert parse_json(content) == [2**64, -(2**63) - 1]


@pytest.mark.parametrize("depth", [10, 1024, 1025, 100_000])
def test_a_deep_value_is_read_or_refused_alike(depth):
    quick, plain = read_both(b'[{"a":' * depth + b"1" + b"}]" * depth)
    assert quick == plain


@given(value=JSON_VALUES, is_ascii=st.booleans(), cut=st.integers(0, 40), change=st.binary(max_size=3))
def test_any_value_and_any_broken_text_is_read_alike(value, is_ascii, cut, change):
    content = json.dumps(value, ensure_ascii=is_ascii).encode("utf-8", "surrogatepass")
    for text in (content, content[:cut] + change + content[cut:], content[:-cut] + change):
        quick, plain = read_both(text)
        assert quick == plain or re.search(rb"[0-9]{19}", text)


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (b'"a\\ud800b"', "a\ufffdb"),
        (b'"\\uDE00\\uD83D"', "\ufffd\ufffd"),
        (b'"\xed\xa0\x80"', "\ufffd"),
        (b'{"\\ud800": ["\\udfff", {"a": "\\ud83d\\ude00"}]}', {"\ufffd": ["\ufffd", {"a": "\U0001f600"}]}),
        ('"\\ud800"'.encode("utf-16"), "\ufffd"),
        (b'"\\\\ud800"', "\\ud800"),
    ],
)
def test_half_a_surrogate_is_replaced_and_the_rest_kept(either_reader, content, value):
    assert parse_json(content) == value


@pytest.mark.each("number", [b"NaN", b"Infinity", b"-Infinity", b"1e999", b"-1e999", b"1" + b"0" * 309 + b".5"])
@pytest.mark.each("place", [b"%s", b"[1, %s]", b'{"a": {"b": %s}}'])
def test_a_number_that_json_can_not_carry_is_no_json(either_reader, number, place):
    with pytest.raises(ValueError, match="is no number that JSON can carry"):
        parse_json(place % number)


@given(value=JSON_VALUES, is_ascii=st.booleans())
def test_what_is_read_can_be_written_again(value, is_ascii):
    content = json.dumps(value, ensure_ascii=is_ascii).encode("utf-8", "surrogatepass")
    with contextlib.suppress(ValueError):
        json.dumps(parse_json(content), allow_nan=False, ensure_ascii=False).encode()
