"""Arguments in every spelling, and arguments that mean nothing, for every block that the manifest declares.

Values are made from the fields' own schemas, so a new block is covered without a word here. What fits lands exactly
once in each request and reads back as what went in; what does not fit raises nothing, sends nothing and shows nothing.
"""

import json
import math
import re
from datetime import datetime
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector import Connector, Result
from connector.arguments.typed_text import trim
from connector.arguments.validation import InputValidator
from connector.manifest.manifest import Manifest
from connector.wire.request import build_request

#: How often each of these properties is tried in all. Blocks share that evenly, so that more of them take no more time:
#: what is found out is how the kinds of fields are read, and blocks have those in common.
TRIES = 580
EVENLY = settings(max_examples=max(4, TRIES // len(Manifest.load())))


def ensure_list(value):
    return value if isinstance(value, list) else [value]


# Fits: each strategy draws pairs of what is given and of the normal form that it must become.


def spell_text(schema):
    if "x-image" in schema:
        return pair(st.just("/9j/2Q=="), [str, lambda text: f"data:image/jpeg;base64,{text}"])
    if "x-file" in schema:
        texts = st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff"), min_size=1)
        return pair(texts.filter(trim), [str, lambda text: text.encode(), lambda text: text.encode("utf-16")])
    if "enum" in schema:
        normals = st.sampled_from(schema["enum"])
    elif "pattern" in schema:
        normals = st.from_regex(re.compile(schema["pattern"].replace("$", r"\Z")), fullmatch=True)
    else:
        normals = st.text(min_size=1, max_size=schema.get("maxLength"))
    normals = normals.filter(lambda text: text == trim(text) and text)
    spellings = [lambda text: text, lambda text: f" {text}\n"]
    if schema.get("x-case") == "upper":
        spellings.append(str.lower)
    if schema.get("x-as") == "uri":
        normals = normals.filter(lambda uri: quote(unquote(uri), safe=":") == uri)
        spellings.append(lambda uri: f"https://open.spotify.com/{uri.removeprefix('spotify:').replace(':', '/')}?si=01")
    elif kinds := schema.get("x-reference"):
        kind = ensure_list(kinds)[-1]
        spellings += [
            lambda text: f"spotify:{kind}:{quote(text, safe='')}",
            lambda text: f"https://open.spotify.com/{kind}/{quote(text, safe='')}?si=0123456789abcdef",
            lambda text: f"open.spotify.com/intl-de/{kind}/{quote(text, safe='')}",
        ]
    return pair(normals, spellings)


def spell_integer(schema):
    normals = st.integers(schema.get("minimum", -(2**53)), schema.get("maximum", 2**53))
    return pair(normals, [int, str, float, lambda number: f" {number}.0 "])


def spell_number(schema):
    low, high = schema.get("minimum"), schema.get("maximum")
    normals = st.floats(low, high, allow_nan=False, allow_infinity=False) | st.integers(low, high)
    normals = normals.filter(lambda number: abs(number) < 2**53)
    return pair(normals, [lambda number: number, repr, lambda number: f" {number!r} "])


def spell_boolean(_schema):
    return pair(st.booleans(), [bool, str, lambda value: str(value).lower()])


def spell_datepicker(_schema):
    def iso(moment):
        return moment.isoformat(timespec="seconds")

    spellings = [
        iso,
        lambda moment: iso(moment).replace("T", " "),
        lambda moment: f"{iso(moment)}Z",
        lambda moment: f"{iso(moment)}.250+02:00",
        lambda moment: moment,
        lambda moment: iso(moment)[:10] if iso(moment).endswith("T00:00:00") else iso(moment),
    ]
    moments = st.datetimes(datetime(1, 1, 1)).map(lambda moment: moment.replace(microsecond=0))
    return pair(moments, spellings).map(lambda both: (both[0], iso(both[1])))


def spell_array(schema, *, keeps_places=False):
    items = spell(schema["items"])

    def collect(pairs):
        given, normal = [one for one, _ in pairs], [other for _, other in pairs]
        ways = [given, tuple(given), json.dumps(given), *([] if keeps_places else [[None, *given, ""]])]
        joined = ",".join(given)
        if not joined.lstrip().startswith("[") and not any("," in entry for entry in given):
            ways += [joined, f" {joined} , "]
        return st.tuples(st.sampled_from(ways), st.just(normal))

    return st.lists(items, min_size=1, max_size=2).flatmap(collect)


def spell_rows(_schema):
    rows = st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=5)), min_size=1, max_size=2)
    return pair(rows, [list, json.dumps])


def pair(normals, spellings):
    return st.tuples(normals, st.sampled_from(spellings)).map(lambda drawn: (drawn[1](drawn[0]), drawn[0]))


SPELLED = {
    "string": spell_text,
    "integer": spell_integer,
    "number": spell_number,
    "boolean": spell_boolean,
    "array": spell_array,
}


def spell(schema):
    if schema.get("x-field") == "Datepicker":
        return spell_datepicker(schema)
    if schema.get("x-field") == "Array":
        return spell_rows(schema)
    return SPELLED[schema["type"]](schema)


@st.composite
def fitting(draw, block):
    """Arguments that fit a block, and the normal form that they must become."""
    names = [name for name, field in block.fields.items() if field.required]
    optional = [name for name in block.fields if name not in names]
    names += draw(st.lists(st.sampled_from(optional), unique=True, max_size=6)) if optional else []
    if block.one_of:
        group = draw(st.sampled_from(block.one_of))
        names = [name for name in names if not any(name in other for other in block.one_of)] + list(group)
    if block.together and block.together.at_least and not set(names) & set(block.together.fields):
        names.append(draw(st.sampled_from(block.together.fields)))
    together = [name for name in names if block.together and name in block.together.fields]
    most = min(2, block.together.at_most) if block.together else 0
    names = [name for name in names if name not in together[most:]]
    drawn = {
        name: draw(spell_array(field.schema, keeps_places=True) if name in block.placed_fields else spell(field.schema))
        for name, field in block.fields.items()
        if name in names
    }
    return {name: given for name, (given, _) in drawn.items()}, {name: normal for name, (_, normal) in drawn.items()}


def read_back(route, request):
    """What a server reads out of a request: name on the wire → text, and for a JSON body name → value."""
    assert request.target.isascii()
    assert not set(request.target) & set("{} \r\n#")
    parts = urlsplit(f"http://host{request.target}")
    found = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    for word, segment in zip(route.path.split("/"), parts.path.split("/"), strict=True):
        if word.startswith("{"):
            found.append((word, unquote(segment)))
        else:
            assert segment == word
    if route.form:
        found += parse_qsl(request.content.decode("ascii"), keep_blank_values=True, strict_parsing=True)
    elif route.body:
        found += flatten(json.loads(request.content))
    elif route.content:
        found.append((route.content.field, request.content.decode("ascii")))
    assert len(dict(found)) == len(found), "something is sent twice"
    return dict(found)


def flatten(value, path=""):
    """The values of an object and of the objects within it, each by its dotted name."""
    for name, inner in value.items():
        yield from flatten(inner, f"{path}{name}.") if isinstance(inner, dict) else [(f"{path}{name}", inner)]


def means(text, value):
    """Whether what a server read is the value that went in."""
    if isinstance(value, bool):
        return text == ("true" if value else "false")
    if isinstance(value, int | float):
        return re.fullmatch(r"-?\d+(\.\d+)?", text) is not None and float(text) == value
    return text == (",".join(value) if isinstance(value, list) else value)


@EVENLY
@given(data=st.data())
def test_what_fits_lands_exactly_once_and_reads_back_as_what_went_in(each_block, manifest, data):
    args, normal = data.draw(fitting(each_block))
    assert InputValidator(each_block, manifest.references).validate(args) == normal
    fitted = normal
    for route in each_block.routes:
        # What is read first is as good as given.
        normal = fitted | {first.name: "known" for first in route.first}
        found = read_back(route, build_request(route, normal))
        for name in route.path_fields:
            assert means(found.pop(f"{{{name}}}"), normal[name])
        if route.content:
            assert found.pop(route.content.field) == normal[route.content.field]
        for param in route.params:
            if param.terms:
                told = found.pop(param.wire, "")
                words = [normal[param.field]] if param.field in normal else []
                for word, name in param.terms:
                    value = normal.get(name, False)
                    bare = str(value).replace('"', " ").strip()
                    if value is not False and bare:
                        words.append(word if value is True else f'{word}:"{bare}"')
                assert told.replace('"', "") == " ".join(words).replace('"', "")
                assert told.count('"') % 2 == str(normal.get(param.field, "")).count('"') % 2
            elif param.field is None:
                assert found.pop(param.wire) == param.value
            elif param.field in normal or param.value is not None:
                value = normal.get(param.field, param.value)
                if param.prefix:
                    uris = [param.prefix + quote(entry, safe="") for entry in ensure_list(value)]
                    value = uris if isinstance(value, list) else uris[0]
                value = [{param.each: entry} for entry in value] if param.each else [value] if param.as_list else value
                text = found.pop(param.wire)
                assert text == value if param in route.body else means(text, value)
        assert found == {}


# Does not fit.

ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=30)
    | st.binary(max_size=8)
    | st.datetimes()
    | st.sampled_from(["..", "%2e%2e", "[", "[[", "{}", "\ud800", "\x00", "9" * 5000, 10**4000, math.nan, -math.inf]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
NEVER_TEXT = st.dictionaries(st.text(max_size=5), st.integers(), min_size=1) | st.binary()
#: For each JSON type, values of which none can mean anything of that type.
WRONG = {
    "string": NEVER_TEXT | st.lists(st.integers(), min_size=1) | st.floats() | st.booleans() | st.just("\ud800"),
    "integer": NEVER_TEXT
    | st.sampled_from([math.nan, math.inf, 0.5, "one", "1.5", "٣", "0x1", "9" * 5000, 10**4000, True, "true"]),
    "number": NEVER_TEXT | st.sampled_from([math.nan, -math.inf, "one", "nan", "1,5", "٣", "1e999", False, [0.5]]),
    "boolean": NEVER_TEXT | st.integers() | st.sampled_from(["yes", "1", 0, 1, 0.0, "truee", [True]]),
    "array": NEVER_TEXT
    | st.sampled_from(["[", '["a"', [["a"]], [{"a": 1}], ["a", 7.5], ["\ud800"], '[{"a": 1}]', 0.5, True]),
}
#: The same for arrays of objects.
WRONG_ROWS = NEVER_TEXT | st.sampled_from(["[", '["a"]', ["a"], [["a"]], [{}, 7.5], 0.5, True])
#: Text in which no word of ours occurs, so that finding a piece of it means that it was shown.
SECRET = st.text("QXZJVW~^|", min_size=12, max_size=24)


@st.composite
def unfitting(draw, block):
    """Arguments that can not fit, and the names of the fields because of which they can not."""
    args, _ = draw(fitting(block))
    wrong = draw(st.lists(st.sampled_from(sorted(block.fields)), unique=True, min_size=1, max_size=3))
    for name in wrong:
        field = block.fields[name]
        if field.required and draw(st.booleans()):
            args[name] = draw(st.sampled_from(["", " ", None, []]))
        else:
            args[name] = draw(WRONG_ROWS if field.schema["x-field"] == "Array" else WRONG[field.schema["type"]])
    if draw(st.booleans()):
        unknown = f"{draw(st.text(st.characters(codec='utf-8'), max_size=10).filter(str.isprintable))}?"
        args[unknown] = draw(ANYTHING)
        wrong.append(unknown)
    return args, wrong


def refuse(request):
    pytest.fail(f"{request!r} was sent")


@EVENLY
@given(data=st.data())
def test_what_does_not_fit_is_named_and_nothing_is_sent(each_block, manifest, seam, data):
    args, wrong = data.draw(unfitting(each_block))
    with seam(refuse), Connector(manifest) as connector:
        result = connector.invoke(each_block.name, args)
    named = {problem.name for problem in result.error.fields}
    assert result.error.code in ("REQUIRED_FIELDS", "JSON_VALIDATION")
    assert set(wrong) <= named <= {*each_block.fields, *args}
    assert all(problem.problem for problem in result.error.fields)
    assert result.envelope()["callback"] == "error"


@EVENLY
@given(data=st.data())
def test_anything_at_all_ends_in_a_result(each_block, manifest, seam, send_back, data):
    names = st.sampled_from(sorted(each_block.fields)) | st.text(max_size=8) | st.integers() | st.none()
    args = data.draw(st.dictionaries(names, ANYTHING, max_size=6) | ANYTHING)
    if data.draw(st.booleans()) and isinstance(args, dict):
        args = {**each_block.example, **args}
    with seam(send_back(each_block)) as wire, Connector(manifest) as connector:
        result = connector.invoke(each_block.name, args)
    assert isinstance(result, Result)
    assert bool(wire.requests) is (result.ok)
    assert result.ok or result.error.code in ("REQUIRED_FIELDS", "JSON_VALIDATION")


def assert_unseen(secrets, result):
    shown = f"{result!r} {result} {result.error} {json.dumps(result.envelope(), default=repr)}"
    for secret in secrets:
        pieces = {secret[start : start + 4] for start in range(len(secret) - 3)}
        assert [piece for piece in pieces if piece in shown] == []


@EVENLY
@given(data=st.data())
def test_a_secret_is_not_shown_whatever_else_is_wrong(each_block, manifest, seam, data):
    secret = data.draw(SECRET)
    args = {name: secret if field.secret else each_block.example.get(name) for name, field in each_block.fields.items()}
    victim = data.draw(st.sampled_from(sorted(each_block.fields)))
    spoilt = [
        f"{secret} {secret}",
        [secret],
        {"secret": secret},
        secret.encode(),
        f"{secret}\r\n{secret}",
        f"[{secret}",
    ]
    args[victim] = data.draw(st.sampled_from(spoilt))
    args["not_a_field"] = secret
    with seam(refuse), Connector(manifest) as connector:
        result = connector.invoke(each_block.name, args)
    assert_unseen([secret], result)


@EVENLY
@given(data=st.data())
def test_a_secret_is_not_shown_when_the_server_sends_it_back(each_block, manifest, seam, data):
    secrets = {name: data.draw(SECRET) for name, field in each_block.fields.items() if field.secret}
    status = data.draw(st.sampled_from([400, 401, 403, 404, 429, 500, 503]))

    def echo(request):
        said = [*dict(request.headers).values(), (request.content or b"").decode(), *secrets.values()]
        return status, data.draw(st.sampled_from([{"error": {"message": " ".join(said)}}, said, {said[-1]: said}]))

    with seam(echo), Connector(manifest, max_wait=0) as connector:
        result = connector.invoke(each_block.name, {**each_block.example, **secrets})
    # What is read one by one may be missing each.
    is_missing = status == 404 and any(route.each for route in each_block.routes)
    assert result.ok if is_missing else result.error.code == "API_ERROR"
    assert_unseen(secrets.values(), result)
