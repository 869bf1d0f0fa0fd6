"""With the fast libraries or without them: the same verdict, the same words, the same values.

Whatever a fast library would see otherwise than the plain one must be found before a user does, so values that JSON
and Python, or two dialects of a pattern, see differently are tried on every field of the manifest.
"""

import enum
import json
import math
import sys
from decimal import Decimal
from fractions import Fraction
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.arguments.normal_form import Unfit, build_reader, is_blank, to_normal_form
from connector.arguments.schema_check import Judge
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


@pytest.fixture
def judge_twice(monkeypatch):
    """The judge of a schema as it is with the fast library, and as it is without."""

    def build(make):
        quick = make()
        with monkeypatch.context() as patch:
            patch.setitem(sys.modules, "jsonschema_rs", None)
            plain = make()
        return quick, plain

    return build


@pytest.fixture(scope="module")
def each_kind_of_field(manifest):
    """The schemas of all fields, each once."""
    words = {"title", "description", "examples", "default"}
    schemas = [field.schema for block in manifest for field in block.fields.values()]
    bare = [{key: value for key, value in schema.items() if key not in words} for schema in schemas]
    return list({json.dumps(schema): schema for schema in bare}.values())


def list_errors(judge, args):
    return [(list(error.path), error.validator, error.message) for error in judge.find_errors(args)]


def outcome(validator, args):
    try:
        return repr(validator.validate(args))
    except InvocationFailed as failure:
        return failure.error


# Verdicts


def test_the_fast_library_is_taken_where_it_is_installed_and_left_where_it_is_not(judge_twice, manifest):
    block = manifest.block("getRecommendations")
    quick, plain = judge_twice(lambda: Judge(block.input_schema))
    assert (quick._is_surely_valid is None, plain._is_surely_valid is None) == (False, True)


def test_valid_arguments_need_only_the_fast_library(each_block, every_arg, manifest, monkeypatch):
    args = every_arg(each_block)
    validator = InputValidator(each_block, manifest.references)
    monkeypatch.setitem(sys.modules, "jsonschema", None)
    assert validator.validate(args).keys() == args.keys()


def test_what_the_fast_library_refuses_is_for_the_judge_to_decide(judge_twice):
    # Python's `$` also matches before a line's end, Rust's does not.
    judge, _ = judge_twice(lambda: Judge({"properties": {"id": {"type": "string", "pattern": "^[a-z]+$"}}}))
    assert not judge._is_surely_valid({"id": "abc\n"})
    assert list_errors(judge, {"id": "abc\n"}) == []


def test_every_field_gets_the_same_verdict_on_awkward_values(each_kind_of_field, judge_twice):
    for schema in each_kind_of_field:
        quick, plain = judge_twice(lambda schema=schema: Judge({"properties": {"field": schema}}))
        for value in CORNERS:
            if not isinstance(value, Decimal | complex):  # They can't be compared, so a normal form never holds any.
                assert list_errors(quick, {"field": value}) == list_errors(plain, {"field": value}), (schema, value)


ANYTHING = st.recursive(
    st.sampled_from(CORNERS) | st.text() | st.integers() | st.floats() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=20)
@given(data=st.data())
def test_every_block_gets_the_same_outcome_on_any_arguments(each_block, manifest, data):
    quick = InputValidator(each_block, manifest.references)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "jsonschema_rs", None)
        plain = InputValidator(each_block, manifest.references)
    names = data.draw(st.lists(st.sampled_from(list(each_block.fields)), unique=True, max_size=5))
    args = {**each_block.example, **{name: data.draw(ANYTHING) for name in names}}
    assert outcome(quick, args) == outcome(plain, args)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
)
PATTERNS = [
    *(r"^[a-z]+$", r"^\d+$", r"\w", r"^\w+$", r"^.$", r"\bé", r"(?i)^k$", r"^[^a]$", r"^\S+$", r"^(a|b)*$", r"a.b"),
    *(r"^[\x21-\x7E]+$", r"\Aa\Z", r"^a{2}$", r"a{,2}b", r"^[a-z0-9_-]{1,3}$", r"(?=a)", r"^(?:ab)+$", r"^[.]$"),
    *(r"^\$$", r"[\d]", r"[^\W]", r"^[À-ÿ]$"),
]
#: What other dialects read as sets within sets, as a letter's property, or not at all.
PECULIAR = [r"[[a]", r"^[a&&b]$", r"^[a--b]$", r"^[a~~b]$", r"^[+--]$", r"^\pL$", r"\Za", r"(?<a>b)", r"(?P<a>b)", r"é"]


@pytest.mark.parametrize("pattern", [*PECULIAR, r"\d", r"[\d]", r"\w", ".", r"\b", "(?i)k", "a.b", "a*+a", "a{2}*"])
def test_a_pattern_that_another_dialect_might_read_otherwise_is_for_the_judge(pattern):
    assert Judge({"properties": {"field": {"type": "string", "pattern": pattern}}})._common == set()


SCHEMAS = st.fixed_dictionaries(
    {"type": st.sampled_from(["string", "integer", "number", "boolean", "array", "object"])},
    optional={
        "pattern": st.sampled_from(PATTERNS),
        "enum": st.lists(st.sampled_from([1, 1.0, True, "SE", "\u0130", 2**64, None, 0.5]), min_size=1),
        "const": st.sampled_from([1, 1.0, True, "SE"]),
        "minimum": st.sampled_from([0, 1, 0.5, 2**53 + 1, -1e300]),
        "exclusiveMaximum": st.sampled_from([1, 1.0, 2**63, 1e300]),
        "multipleOf": st.sampled_from([1, 0.1, 0.01, 2]),
        "minLength": st.integers(0, 3),
        "maxLength": st.integers(0, 3),
        "format": st.sampled_from(["date", "email", "ipv4", "uri", "regex"]),
        "uniqueItems": st.booleans(),
        "maxItems": st.integers(0, 2),
        "items": st.sampled_from([{"type": "string"}, {"type": "number"}, {"const": 1}, True, False]),
        "x-fits": st.just("this"),
    },
)


@settings(max_examples=400)
@given(
    schema=SCHEMAS,
    value=ANYTHING | st.sampled_from(["a", "k", "\u212a", "é", "\u0661", "-", ".", "+", "ab", "b,", "a\n"]),
)
def test_any_schema_gets_the_same_verdict(schema, value):
    whole = {"properties": {"field": schema}}
    quick = Judge(whole)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "jsonschema_rs", None)
        plain = Judge(whole)
    assert list_errors(quick, {"field": value}) == list_errors(plain, {"field": value})


# Normal forms


@pytest.mark.parametrize("value", CORNERS, ids=ascii)
def test_the_short_way_to_a_normal_form_leads_where_the_long_one_does(each_kind_of_field, manifest, value):
    for schema in each_kind_of_field:
        ways = []
        for convert in (build_reader(schema, manifest.references), partial(go_long_way, schema, manifest.references)):
            try:
                ways.append(repr(convert(value)))
            except Unfit as problem:
                ways.append(str(problem))
        assert ways[0] == ways[1], schema


def go_long_way(schema, references, value):
    form = None if is_blank(value) else to_normal_form(schema, value, references)
    return None if is_blank(form) else form
