"""Values that Python, JSON and people see differently, on every kind of field: each ends in words, or in what JSON can
carry and the field's own schema allows."""

import enum
import json
import math
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from connector.arguments.validation import InputValidator
from connector.errors import InvocationFailed


class Colour(enum.Enum):
    RED = "SE"


class Count(enum.IntEnum):
    ONE = 1


class Text(str):
    __slots__ = ()


class Number(float):
    __slots__ = ()


ID = "11dFghVXANMlKmJXsNCbNl"
CORNERS = [
    *(None, True, False, 0, 1, -1, 0.0, -0.0, 1.0, 2.0, 100.0, 100.00000000000001, 1.0000000000000002, 0.1 + 0.2),
    *(2**53, 2**53 + 1, float(2**53), 2**63 - 1, -(2**63), 2**63, 2**64, 2**64 + 1, 10**400, 1e300, 5e-324, 1e-320),
    *(math.inf, -math.inf, math.nan, Decimal(1), Decimal("NaN"), Fraction(1, 2), 1j, Count.ONE, Number(0.5)),
    *("", " ", "SE", "se", "SE\n", " SE", "S\u0130", "\u0131t", "ﬁ", Text("SE"), Colour.RED, "sv_SE\n", b"SE"),
    *(ID, f"{ID}\n", f"\n{ID}", f"{ID} ", ID[:-1], ID + "x", "\uff11" * 22, "\u0661" * 22, "é" * 22, "e\u0301" * 11),
    *("\ud800", f"{ID[:-1]}\udfff", "\x00", "a\x00b", "\x7f", "\x80", "\u2028", "a\u2028b", "a\rb", "😀", "a,b"),
    *("1", "1.0", "1e3", "1E400", "-0", "0x1", "\u0661", "true", "True", "[]", "{}", "null", "NaN"),
    *([], [ID], [ID, ID], (ID,), [None], [[ID]], [1], [True], [1.0], [math.nan], ["\ud800"], [Text(ID)], [10**400]),
    *([f"{ID}\n"], ["a,b"], ["é"], [Colour.RED], {ID}, {}, {"a": 1}, [{"a": 1}], {1: 2}, {"\ud800": 1}, object),
]
ANYTHING = st.recursive(
    st.sampled_from(CORNERS) | st.text() | st.integers() | st.floats() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


@pytest.fixture(scope="module")
def one_block_for_each_kind_of_field(manifest):
    """Blocks and fields in which every schema of a field occurs once."""
    places = [(block, field) for block in manifest for field in block.fields.values()]
    return list({json.dumps(field.schema, sort_keys=True): (block, field) for block, field in places}.values())


def check(manifest, block, field, value):
    normal, error = {}, None
    try:
        normal = InputValidator(block, manifest.references).validate({**block.example, field.name: value})
    except InvocationFailed as failure:
        error = failure.error
    assert error is None or (error.code in ("REQUIRED_FIELDS", "JSON_VALIDATION") and error.message.isprintable())
    if field.name in normal:
        json.dumps(normal[field.name], allow_nan=False).encode()
        assert Draft202012Validator(field.schema).is_valid(normal[field.name])


@pytest.mark.each("value", CORNERS)
def test_an_awkward_value_fits_or_is_refused_in_words(one_block_for_each_kind_of_field, manifest, value):
    for block, field in one_block_for_each_kind_of_field:
        check(manifest, block, field, value)


@settings(max_examples=200)
@given(data=st.data())
def test_so_does_any_other(one_block_for_each_kind_of_field, manifest, data):
    block, field = data.draw(st.sampled_from(one_block_for_each_kind_of_field))
    check(manifest, block, field, data.draw(ANYTHING))
