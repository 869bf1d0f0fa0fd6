"""Arguments are judged as a whole: every problem at once, each with its field and what fits, never with the value."""

import pytest

from connector.arguments.validation import InputValidator
from connector.errors import ErrorDetail, FieldProblem, InvocationFailed
from connector.manifest.manifest import Manifest
from connector.manifest.references import References

TRACK = "11dFghVXANMlKmJXsNCbNl"
ARTIST = "0TnOYISbd1XYRBk9myaseg"
TOKEN_FITS = "a token from getAccessToken or refreshToken, without spaces"
SEEDS_FIT = "at least one of seed_artists, seed_genres, seed_tracks"


@pytest.fixture
def validate(manifest):
    def run(block, args):
        return InputValidator(manifest.block(block), manifest.references).validate(args)

    return run


@pytest.fixture
def refuse(validate):
    """The error that arguments must end in."""

    def run(block, args):
        with pytest.raises(InvocationFailed) as caught:
            validate(block, args)
        return caught.value.error

    return run


def test_the_example_of_a_block_fits(validate, each_block):
    normal = validate(each_block.name, each_block.example)
    assert normal.keys() == each_block.example.keys()


def test_all_fields_of_a_block_may_be_given(validate, each_block, every_arg):
    args = every_arg(each_block)
    assert validate(each_block.name, args).keys() == args.keys()


def test_normal_arguments_stay_what_they_are(validate, each_block, every_arg):
    normal = validate(each_block.name, every_arg(each_block))
    assert validate(each_block.name, normal) == normal


def test_every_field_that_must_be_given_is_listed_when_nothing_is(refuse, each_block):
    error = refuse(each_block.name, {})
    required = [name for name, field in each_block.fields.items() if field.required]
    together, one_of = each_block.together, each_block.one_of
    expected = required + list(together.fields if together and together.at_least else ())
    expected += [] if () in one_of else [group[0] for group in one_of]
    assert (error.kind, error.code, list(error.missing)) == ("missing_fields", "REQUIRED_FIELDS", expected)


def test_fields_that_may_be_left_out_are_not_missed(validate, each_block):
    blank = {name: " " for name, field in each_block.fields.items() if name not in each_block.example}
    assert validate(each_block.name, each_block.example | blank) == validate(each_block.name, each_block.example)


@pytest.mark.each("blank", [None, "", "   ", "\n", []])
def test_a_blank_is_not_given(refuse, blank):
    error = refuse("getCategory", {"access_token": blank, "id": blank, "country": blank})
    assert error.missing == ("access_token", "id")


@pytest.mark.each("blank", [",", " , ", "[]", [None, ""]])
def test_a_list_of_blanks_is_not_given(refuse, blank):
    assert refuse("saveTrack", {"access_token": "t", "id": blank}).missing == ("id",)


def test_an_unknown_field_that_is_blank_is_still_unknown(refuse):
    error = refuse("getNewReleases", {"access_token": "t", "contry": ""})
    assert error.fields == (FieldProblem("contry", "is not a field of getNewReleases", "did you mean country?"),)


@pytest.mark.each(
    ("name", "fits"),
    [
        ("contry", "did you mean country?"),
        ("Access_Token", "did you mean access_token?"),
        ("limit", "did you mean max_items?"),
        ("offset", "pages are read one after the other by themselves, max_items stops it"),
        ("zzz", None),
        ("", None),
    ],
)
def test_an_unknown_field_is_told_the_nearest_name(refuse, name, fits):
    error = refuse("getNewReleases", {"access_token": "t", name: "SE"})
    assert error == ErrorDetail(
        "invalid_fields",
        f"getNewReleases: {name} is not a field of getNewReleases{f' (fits: {fits})' if fits else ''}.",
        (FieldProblem(name, "is not a field of getNewReleases", fits),),
    )


@pytest.mark.each("key", [7, None, True, ("country",), 1.5])
def test_a_key_that_is_no_text_is_no_field(refuse, key):
    error = refuse("getNewReleases", {"access_token": "t", key: "SE"})
    assert [(problem.name, problem.problem) for problem in error.fields] == [
        (str(key), "is not a field of getNewReleases")
    ]


@pytest.mark.each("args", ["country=SE", ["country"], 7, b"{}", True])
def test_arguments_that_are_no_object_are_refused(refuse, args):
    assert refuse("getNewReleases", args) == ErrorDetail(
        "invalid_fields", "getNewReleases: the arguments are not an object of fields and values."
    )


def test_all_problems_come_at_once_and_what_is_missing_comes_first(refuse):
    error = refuse("getFeaturedPlaylists", {"timestamp": "soon", "country": "Sweden", "lokale": "sv_SE", "locale": 7})
    assert error == ErrorDetail(
        "missing_fields",
        "getFeaturedPlaylists: "
        f"access_token is required (fits: {TOKEN_FITS}); "
        "timestamp is not a date and time (fits: a date and time such as 2016-05-28 00:00:00); "
        "country is not one of the choices (fits: a two-letter country code such as SE); "
        "lokale is not a field of getFeaturedPlaylists (fits: did you mean locale?); "
        "locale does not have the right form (fits: a language and a country such as sv_SE).",
        (
            FieldProblem("access_token", "is required", TOKEN_FITS),
            FieldProblem("timestamp", "is not a date and time", "a date and time such as 2016-05-28 00:00:00"),
            FieldProblem("country", "is not one of the choices", "a two-letter country code such as SE"),
            FieldProblem("lokale", "is not a field of getFeaturedPlaylists", "did you mean locale?"),
            FieldProblem("locale", "does not have the right form", "a language and a country such as sv_SE"),
        ),
    )


def test_a_field_that_was_given_wrongly_is_invalid_and_not_missing(refuse):
    error = refuse("getTrackAudioFeatures", {"access_token": "t", "id": "spotify:album:1"})
    assert (error.kind, error.missing) == ("invalid_fields", ())


@pytest.mark.each(
    ("block", "field", "value", "problem", "fits"),
    [
        (
            "getUserTopTracks",
            "time_range",
            "last week",
            "is not one of the choices",
            "long_term, medium_term, short_term",
        ),
        ("getRecommendations", "limit", 0, "is below 1", "a whole number from 1 to 100"),
        ("getRecommendations", "limit", "101", "is above 100", "a whole number from 1 to 100"),
        ("getRecommendations", "limit", "2.5", "is not a whole number", "a whole number from 1 to 100"),
        ("getRecommendations", "limit", True, "is not a whole number", "a whole number from 1 to 100"),
        ("getRecommendations", "energy_min", "1.01", "is above 1", "a number from 0 to 1"),
        ("getRecommendations", "energy_min", "much", "is not a number", "a number from 0 to 1"),
        ("getRecommendations", "energy_min", {}, "is not a number", "a number from 0 to 1"),
        ("getRecommendations", "loudness_max", "loud", "is not a number", "a number"),
        ("getRecommendations", "tempo_max", -1, "is below 0", "a number from 0 up"),
        ("getNewReleases", "country", ["SE"], "is not text", "a two-letter country code such as SE"),
        ("getNewReleases", "country", "S1", "is not one of the choices", "a two-letter country code such as SE"),
        ("getNewReleases", "max_items", "0", "is below 1", "a whole number from 1 up"),
        ("getNewReleases", "access_token", "two words", "does not have the right form", TOKEN_FITS),
        ("getNewReleases", "access_token", "line\r\nX-Header: yes", "does not have the right form", TOKEN_FITS),
        ("followPlaylist", "public", "yes", "is not true or false", "true or false"),
        (
            "saveTrack",
            "id",
            f"{TRACK},short",
            "has an entry, number 2, that does not have the right form",
            "a track id, or the track's URI or link",
        ),
        (
            "saveTrack",
            "id",
            {TRACK: 1},
            "is not a list",
            "a comma-separated list, or an array, of track ids, URIs or links",
        ),
        (
            "saveTrack",
            "id",
            [TRACK, [TRACK]],
            "has an entry, number 2, that is not text",
            "a track id, or the track's URI or link",
        ),
    ],
)
def test_a_value_that_does_not_fit_is_told_why(refuse, manifest, block, field, value, problem, fits):
    error = refuse(block, manifest.block(block).example | {field: value})
    assert (error.kind, error.fields) == ("invalid_fields", (FieldProblem(field, problem, fits),))


@pytest.mark.each("segment", [".", "..", "%2e%2e", "a/b", "a?b", "a#b", "a\\b"])
def test_a_value_that_would_leave_its_path_segment_is_refused(refuse, segment):
    error = refuse("getCategory", {"access_token": "t", "id": segment})
    assert [problem.name for problem in error.fields] == ["id"]


@pytest.mark.each("dots", [".", "..", "spotify:genre:..", "spotify:genre:%2e%2e"])
def test_dots_are_no_id_in_any_path(refuse, each_block, dots):
    for name in {name for route in each_block.routes for name in route.path_fields}:
        error = refuse(each_block.name, each_block.example | {name: dots})
        assert [problem.name for problem in error.fields] == [name]


@pytest.mark.each("dots", [".", "..", " .. ", "thing:..", "thing:%2E%2E", "thing:%2e"])
def test_dots_are_no_id_even_where_the_field_itself_would_take_them(tmp_path, dots):
    id_field = {"type": "string", "x-field": "String", "x-reference": "thing", "title": "", "description": ""}
    entry = {"title": "", "group": "", "description": "", "effect": "read", "output": {}}
    entry |= {"input": {"properties": {"id": id_field}}, "routes": [{"request": "GET /things/{id}"}]}
    data = {"servers": {"main": {"url": "https://host"}}, "blocks": {"getThing": entry}}
    data["references"] = ["^(?P<kind>thing):(?P<id>.+)$"]
    second = Manifest(data, tmp_path)
    with pytest.raises(InvocationFailed) as caught:
        InputValidator(second.block("getThing"), second.references).validate({"id": dots})
    assert caught.value.error.fields == (FieldProblem("id", "is no id"),)


def test_recommendations_need_one_of_three_seeds(refuse):
    error = refuse("getRecommendations", {"access_token": "t", "limit": 10})
    assert error == ErrorDetail(
        "missing_fields",
        f"getRecommendations: seed_artists is required (fits: {SEEDS_FIT}); "
        f"seed_genres is required (fits: {SEEDS_FIT}); seed_tracks is required (fits: {SEEDS_FIT}).",
        tuple(FieldProblem(name, "is required", SEEDS_FIT) for name in ("seed_artists", "seed_genres", "seed_tracks")),
    )


@pytest.mark.each(
    ("name", "value", "normal"),
    [
        ("seed_artists", ARTIST, [ARTIST]),
        ("seed_genres", "classical, country", ["classical", "country"]),
        ("seed_tracks", [f"spotify:track:{TRACK}"], [TRACK]),
    ],
)
def test_recommendations_are_content_with_any_one_seed(validate, name, value, normal):
    assert validate("getRecommendations", {"access_token": "t", name: value}) == {"access_token": "t", name: normal}


def test_a_seed_that_was_given_wrongly_is_not_missed(refuse):
    error = refuse("getRecommendations", {"access_token": "t", "seed_tracks": f"spotify:album:{TRACK}"})
    assert [problem.name for problem in error.fields] == ["seed_tracks"]


def test_recommendations_take_five_seeds_in_all(validate):
    args = {"access_token": "t", "seed_artists": [ARTIST, ARTIST], "seed_genres": "a,b", "seed_tracks": TRACK}
    assert validate("getRecommendations", args)["seed_genres"] == ["a", "b"]


def test_recommendations_refuse_six_seeds_and_name_the_fields_that_hold_them(refuse):
    error = refuse("getRecommendations", {"access_token": "t", "seed_artists": [ARTIST] * 2, "seed_genres": "a,b,c,d"})
    problem = "is one value too many: seed_artists, seed_genres, seed_tracks hold 6 together"
    assert error.fields == (
        FieldProblem("seed_artists", problem, "5 at most"),
        FieldProblem("seed_genres", problem, "5 at most"),
    )


def test_a_field_that_is_no_list_holds_one_value(refuse):
    where = {"offset_position": 1, "offset_uri": TRACK}
    error = refuse("startPlayback", {"access_token": "t", "uris": TRACK, **where})
    problem = "is one value too many: offset_position, offset_uri hold 2 together"
    assert error.fields == tuple(FieldProblem(name, problem, "1 at most") for name in where)


@pytest.mark.each("value", ["s3cret with blanks", ["s3cret"], {"s3cret": "s3cret"}, b"s3cret", "s3cret\x00"])
def test_no_value_stands_in_an_error(refuse, each_block, value):
    error = refuse(each_block.name, {**dict.fromkeys(each_block.fields, value), "unknown": value})
    assert "s3cret" not in repr(error)


def test_the_arguments_themselves_are_left_alone(validate):
    args = {"access_token": " t ", "id": f"spotify:track:{TRACK}", "country": ""}
    with pytest.raises(InvocationFailed):
        validate("saveTrack", args)
    assert args == {"access_token": " t ", "id": f"spotify:track:{TRACK}", "country": ""}


# Lists whose places mean something: each entry has an answer of its own.


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ([TRACK, None, TRACK], 2),
        ([" ", TRACK], 1),
        ([TRACK, ""], 2),
        (f"{TRACK},,{TRACK}", 2),
        (f'["{TRACK}", null]', 2),
    ],
)
def test_a_blank_among_what_is_checked_is_named_by_its_place(refuse, given, place):
    [problem] = refuse("checkSavedTrack", {"access_token": "t", "id": given}).fields
    assert problem.problem == f"has an entry, number {place}, that is blank, and each has an answer of its own"


@pytest.mark.parametrize("given", [f"{TRACK},{TRACK},", f"{TRACK}\n{TRACK}\n", [TRACK, TRACK]])
def test_what_ends_a_list_is_no_blank(validate, given):
    assert validate("checkSavedTrack", {"access_token": "t", "id": given})["id"] == [TRACK, TRACK]


@pytest.mark.parametrize("given", [[None], "", ["", " "], ","])
def test_blanks_alone_are_nothing_given(refuse, given):
    assert refuse("checkSavedTrack", {"access_token": "t", "id": given}).missing == ("id",)


@pytest.mark.parametrize("given", [[TRACK, None, TRACK], f"{TRACK},,{TRACK}"])
def test_a_blank_among_what_is_saved_is_left_out(validate, given):
    assert validate("saveTrack", {"access_token": "t", "id": given})["id"] == [TRACK, TRACK]


@pytest.mark.parametrize("wrong", ["short", f"spotify:album:{TRACK}", 1.5])
def test_a_place_counts_what_was_given(refuse, wrong):
    [problem] = refuse("saveTrack", {"access_token": "t", "id": [None, TRACK, "", wrong]}).fields
    assert problem.problem.startswith("has an entry, number 4, that ")


# However much is sent, the work is bounded.


def test_of_many_unknown_names_the_first_are_told_and_the_rest_counted(refuse):
    error = refuse("getNewReleases", {"access_token": "t", **{f"contry{number}": 1 for number in range(50_000)}})
    assert len(error.fields) == 20
    assert error.fields[0].fits == "did you mean country?"
    assert error.message.endswith("; 49980 more names are no fields.")
    assert len(error.message) < 3_000


def test_a_long_name_is_cut_and_not_searched_for(refuse):
    [problem] = refuse("getNewReleases", {"access_token": "t", "country" * 100_000: 1}).fields
    assert (len(problem.name), problem.fits) == (61, None)


@pytest.mark.parametrize("name", ["a\ud800b", "a\nb", "a\x1bb", "a\u202eb"])
def test_a_name_that_can_not_be_printed_is_shown_so_that_it_can(refuse, name):
    [problem] = refuse("getNewReleases", {"access_token": "t", name: 1}).fields
    assert problem.name == "a\ufffdb"


@pytest.mark.parametrize(
    ("block", "field", "value"),
    [
        ("getRecommendations", "min_tempo", "1" * 1_000_000 + "x"),
        ("getRecommendations", "limit", "9" * 1_000_000),
        ("getRecommendations", "limit", 10**100_000),
        ("getFeaturedPlaylists", "timestamp", "2016-05-28T00:00:00." + "0" * 1_000_000 + "x"),
        ("getTrackAudioFeatures", "id", "a" * 1_000_000),
        ("getTrackAudioFeatures", "id", "[" * 1_000_000),
        ("getTrackAudioFeatures", "id", "(" * 1_900),
        ("getTrackAudioFeatures", "id", "<" * 1_900 + "\u0301" * 1_000_000),
        ("getTrackAudioFeatures", "id", "https://open.spotify.com/user/" * 40_000),
        ("saveTrack", "id", "[" * 1_000_000),
        ("saveTrack", "id", "a" + " " * 1_000_000 + "a"),
        ("saveTrack", "id", ["x"] * 1_000_000),
        ("followUser", "id", "e" + "\u0301" * 1_000_000),
    ],
    ids=lambda value: value[:12] if isinstance(value, str) else type(value).__name__,
)
def test_a_value_that_is_far_too_large_is_refused_in_words(refuse, block, field, value):
    # Work that grew with the square of the size would take hours here.
    error = refuse(block, {"access_token": "t", field: value})
    assert field in [problem.name for problem in error.fields]
    assert len(error.message) < 1_000


def nest(levels, wrap):
    value = []
    for _ in range(levels):
        value = wrap(value)
    return value


@pytest.mark.parametrize(
    "value",
    [
        10**5_000,
        -(10**5_000),
        nest(100_000, lambda value: [value]),
        nest(100_000, lambda value: {"a": value}),
        object(),
    ],
    ids=["large", "small", "list in list", "object in object", "object"],
)
@pytest.mark.parametrize(
    ("block", "field"),
    [
        ("getTrackAudioFeatures", "id"),
        ("saveTrack", "id"),
        ("getRecommendations", "limit"),
        ("followPlaylist", "public"),
    ],
)
def test_what_can_not_even_be_written_down_is_refused_in_words(refuse, block, field, value):
    for given in (value, [value]):
        assert field in [problem.name for problem in refuse(block, {field: given}).fields]


class Time:
    """Time that is up after so many looks at it, or cancelled."""

    def __init__(self, looks, *, is_cancelled=False):
        self._looks = looks
        self.is_cancelled = is_cancelled

    @property
    def left(self):
        self._looks -= 1
        return self._looks


@pytest.mark.parametrize(
    "args", [{"id": [TRACK] * 1_000_000}, {f"name{number}": 1 for number in range(1_000_000)}], ids=["values", "names"]
)
@pytest.mark.parametrize(
    ("time", "kind"),
    [(Time(3), "timeout"), (Time(10**9, is_cancelled=True), "cancelled")],
    ids=["timeout", "cancelled"],
)
def test_reading_a_great_deal_ends_with_the_time_for_it(manifest, args, time, kind):
    with pytest.raises(InvocationFailed) as caught:
        InputValidator(manifest.block("saveTrack"), References()).validate({"access_token": "t", **args}, deadline=time)
    assert (caught.value.error.kind, caught.value.is_unsent) == (kind, True)
