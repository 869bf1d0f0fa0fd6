"""Each documented field type: the spellings that it takes, the normal form they become, and what is turned away."""

import json
import math
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from connector.arguments.field_reader import FieldReader
from connector.arguments.normal_form import is_blank, to_normal_form
from connector.arguments.wording import Unfit, describe_fit
from connector.manifest.manifest import Manifest
from connector.manifest.references import References
from connector.manifest.schema_files import SchemaFiles

ROOT = Path(__file__).resolve().parents[2]
TYPES = json.loads((ROOT / "schemas" / "fields.json").read_text("utf-8"))["$defs"]
FILES = SchemaFiles(ROOT)

TRACK = "11dFghVXANMlKmJXsNCbNl"
OTHER = "4iV5W9uYEdYUVa79Axb7Rh"
PLAYLIST = "3cEYpjA9oz9GiPac4AsH4n"


@pytest.fixture(scope="module")
def read(manifest: Manifest) -> Any:
    """`read("TrackId", value)` is the value's normal form as that field type."""

    def to(type_name: str, value: Any) -> Any:
        schema = FILES.inline({"$ref": f"schemas/fields.json#/$defs/{type_name}"})
        return to_normal_form(schema, value, manifest.references)

    return to


@pytest.mark.each("name", TYPES)
def test_every_example_of_a_field_type_has_a_normal_form(read, name):
    for example in FILES.inline({"$ref": f"schemas/fields.json#/$defs/{name}"})["examples"]:
        normal = read(name, example)
        assert read(name, normal) == normal


@pytest.mark.each(
    ("given", "normal"),
    [
        ("2016-05-28 00:00:00", "2016-05-28T00:00:00"),
        ("2016-05-28T00:00:00", "2016-05-28T00:00:00"),
        ("2016-05-28t13:45:06", "2016-05-28T13:45:06"),
        ("2016-05-28", "2016-05-28T00:00:00"),
        ("  2016-05-28  ", "2016-05-28T00:00:00"),
        ("2016-05-28 13:45", "2016-05-28T13:45:00"),
        ("2016-05-28T13:45:06.789", "2016-05-28T13:45:06"),
        ("2016-05-28T13:45:06Z", "2016-05-28T13:45:06"),
        ("2016-05-28T13:45:06z", "2016-05-28T13:45:06"),
        ("2016-05-28T13:45:06.000Z", "2016-05-28T13:45:06"),
        ("2016-05-28T13:45:06+02:00", "2016-05-28T13:45:06"),
        ("2016-05-28T13:45:06-0730", "2016-05-28T13:45:06"),
        ("2016-05-28 13:45:06 +02:00", "2016-05-28T13:45:06"),
        ("2016-02-29", "2016-02-29T00:00:00"),
        (date(2016, 5, 28), "2016-05-28T00:00:00"),
        (datetime(2016, 5, 28, 13, 45, 6, 789), "2016-05-28T13:45:06"),
        (datetime(2016, 5, 28, 13, 45, 6, tzinfo=UTC), "2016-05-28T13:45:06"),
        (datetime(2016, 5, 28, 13, 45, tzinfo=timezone(timedelta(hours=-3))), "2016-05-28T13:45:00"),
    ],
)
def test_datepicker_keeps_the_clock_on_the_wall(read, given, normal):
    assert read("Datepicker", given) == normal


@pytest.mark.each(
    ("given", "why"),
    [
        ("tomorrow", "is not a date and time"),
        ("28.05.2016", "is not a date and time"),
        ("2016-5-28", "is not a date and time"),
        ("2016-05-28T", "is not a date and time"),
        ("2016-05-28T13", "is not a date and time"),
        ("2016-05-28 13:45:06 Europe/Oslo", "is not a date and time"),
        ("2016-05-28\n2016-05-29", "is not a date and time"),
        ("٢٢١٦-٢٤-٢٨", "is not a date and time"),
        ("2017-02-29", "names a day or a time that does not exist"),
        ("2016-13-01", "names a day or a time that does not exist"),
        ("0000-01-01", "names a day or a time that does not exist"),
        ("2016-05-28T25:00:00", "names a day or a time that does not exist"),
        ("2016-05-28T23:59:60", "names a day or a time that does not exist"),
        ("2016-05-28T23:59:59+99:00", "names a day or a time that does not exist"),
    ],
)
def test_datepicker_turns_away(read, given, why):
    with pytest.raises(Unfit) as caught:
        read("Datepicker", given)
    assert str(caught.value) == why


@pytest.mark.each(
    ("given", "normal"),
    [
        ("50.37, 26.56", "50.37,26.56"),
        ("50.37,26.56", "50.37,26.56"),
        ("  50.37 ,   26.56 ", "50.37,26.56"),
        ("-90,180", "-90,180"),
        ("90.0,-180.0", "90.0,-180.0"),
        ("+1,+2", "1,2"),
        ("0.0000001,0", "0.0000001,0"),
        ([50.37, "26.56"], "50.37,26.56"),
        ((50, 26), "50,26"),
        ({"latitude": 50.37, "longitude": 26.56}, "50.37,26.56"),
        ({"longitude": "26.56", "latitude": "50.37"}, "50.37,26.56"),
    ],
)
def test_map_becomes_latitude_and_longitude(read, given, normal):
    assert read("Map", given) == normal


@pytest.mark.each(
    ("given", "why"),
    [
        ("50.37", "is not a latitude and a longitude with a comma between them"),
        ("50.37, 26.56, 3", "is not a latitude and a longitude with a comma between them"),
        ([], "is not a latitude and a longitude with a comma between them"),
        ("north, east", "has a latitude that is not a number"),
        ("50.37,", "has a longitude that is not a number"),
        ("٤٢, 26", "has a latitude that is not a number"),
        ([True, 26], "has a latitude that is not a number"),
        ({"lat": 50.37, "lon": 26.56}, "has a latitude that is not a number"),
        ({}, "has a latitude that is not a number"),
        ("90.1, 0", "has a latitude outside -90 to 90"),
        ("0, -180.5", "has a longitude outside -180 to 180"),
        ([math.nan, 0], "is not a finite number"),
        ([0, math.inf], "is not a finite number"),
        (["1e999", 0], "is not a finite number"),
    ],
)
def test_map_turns_away(read, given, why):
    with pytest.raises(Unfit) as caught:
        read("Map", given)
    assert str(caught.value) == why


@pytest.mark.each(
    ("given", "normal"),
    [
        (["123", "sample"], ["123", "sample"]),
        (("123", "sample"), ["123", "sample"]),
        ("123,sample", ["123", "sample"]),
        (" 123 , sample ,", ["123", "sample"]),
        ('["123", "sample"]', ["123", "sample"]),
        ("sample", ["sample"]),
        (["123", "", None, "  "], ["123"]),
        (",, ,", []),
        ("[]", []),
        ('["a,b"]', ["a,b"]),
        (["smørbrød"], ["smørbrød"]),
        (7, ["7"]),
        ("a\nb\r\n\nc", ["a", "b", "c"]),
        ("a,\nb,\n", ["a", "b"]),
        ("a\uff0cb", ["a", "b"]),
        ("[\u201ca\u201d, \u201eb\u201c]", ["a", "b"]),
    ],
)
def test_list_takes_an_array_and_text(read, given, normal):
    assert read("List", given) == normal


@pytest.mark.each("given", ["[1, 2", "[" * 100_000])
def test_list_turns_away_text_that_begins_like_json_and_is_none(read, given):
    with pytest.raises(Unfit, match=r"^is not JSON text$"):
        read("List", given)


@pytest.mark.each("given", [7.5, {"a": 1}, True, b"a,b"])
def test_list_leaves_what_can_not_become_a_list_to_the_schema(read, given):
    assert read("List", given) == given


@pytest.mark.each(("given", "normal"), [("sample", "sample"), (" sample ", "sample"), (7, "7"), (7.0, 7.0)])
def test_select_takes_one_of_its_values(read, given, normal):
    assert read("Select", given) == normal


@pytest.mark.each(
    ("given", "normal"),
    [
        ([{"name": "adi", "Age": "4"}], [{"name": "adi", "Age": "4"}]),
        ('[{"name": "adi", "Age": "4"}]', [{"name": "adi", "Age": "4"}]),
        (' [{"Second name": "123"}, {"name": "adi"}] ', [{"Second name": "123"}, {"name": "adi"}]),
        ({"name": "adi"}, {"name": "adi"}),
        ("7", 7),
    ],
)
def test_array_takes_objects_and_json_text(read, given, normal):
    assert read("Array", given) == normal


def test_array_turns_away_text_that_is_no_json(read):
    with pytest.raises(Unfit, match=r"^is not JSON text$"):
        read("Array", "name=adi")


@pytest.mark.each(("given", "normal"), [("s3cret", "s3cret"), ("  s3cret\n", "s3cret"), (7, 7)])
def test_credentials_lose_the_blanks_around_them(read, given, normal):
    assert read("credentials", given) == normal


@pytest.mark.each(
    ("given", "normal"),
    [
        (10, 10),
        ("10", 10),
        (" 10 ", 10),
        ("+10", 10),
        ("-10", -10),
        ("010", 10),
        (10.0, 10),
        ("10.0", 10),
        ("10.", "10."),
        (10.5, 10.5),
        ("10.5", "10.5"),
        ("1e1", "1e1"),
        ("ten", "ten"),
        ("٤", "٤"),
        ("1_0", "1_0"),
        ("0x10", "0x10"),
        (True, True),
        (2**63 - 1, 2**63 - 1),
        ("9" * 301, "9" * 301),
    ],
)
def test_whole_numbers_are_read_from_text_and_from_integral_floats(read, given, normal):
    result = read("RecommendationLimit", given)
    assert (result, type(result)) == (normal, type(normal))


@pytest.mark.each(
    ("given", "normal"),
    [
        (0.5, 0.5),
        ("0.5", 0.5),
        (".5", 0.5),
        ("1.", 1.0),
        ("1", 1),
        (1, 1),
        ("1e-7", 1e-7),
        ("-8.5", -8.5),
        ("half", "half"),
        ("nan", "nan"),
        ("inf", "inf"),
        ("٢.٤", "٢.٤"),
        ("0,5", "0,5"),
        (False, False),
    ],
)
def test_numbers_are_read_from_text(read, given, normal):
    result = read("Share", given)
    assert (result, type(result)) == (normal, type(normal))


@pytest.mark.parametrize("given", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("name", ["Share", "RecommendationLimit"])
def test_what_is_no_finite_number_is_turned_away(read, name, given):
    with pytest.raises(Unfit, match=r"^is not a finite number$"):
        read(name, given)


@pytest.mark.each("given", ["1e999", "9" * 400])
def test_text_of_a_number_beyond_all_floats_is_turned_away(read, given):
    with pytest.raises(Unfit, match=r"^is not a finite number$"):
        read("Decibels", given)


@pytest.mark.each("given", [2**63, -(2**63), 10**5000, 1e300, "9" * 300])
def test_whole_numbers_that_no_service_takes_are_turned_away(read, given):
    with pytest.raises(Unfit, match=r"^is too large a number$"):
        read("Milliseconds", given)


@pytest.mark.each(
    ("given", "normal"),
    [
        (True, True),
        (False, False),
        ("true", True),
        ("False", False),
        (" TRUE ", True),
        ("yes", "yes"),
        (1, 1),
        ("0", "0"),
    ],
)
def test_true_and_false_are_read_from_text(read, given, normal):
    result = read("YesNo", given)
    assert (result, type(result)) == (normal, type(normal))


@pytest.mark.each(("given", "normal"), [("se", "SE"), (" Se ", "SE"), ("ß", "ß"), ("\uff53\uff45", "SE"), (7, "7")])
def test_countries_are_written_in_capitals(read, given, normal):
    assert read("Country", given) == normal


@pytest.mark.each("given", ["\ud800", "rock\udfff"])
def test_half_a_character_is_turned_away(read, given):
    with pytest.raises(Unfit, match=r"^holds half a character, which can't be sent$"):
        read("UserId", given)


@pytest.mark.each(
    ("given", "normal"),
    [
        (TRACK, f"spotify:track:{TRACK}"),
        (f"spotify:track:{TRACK}", f"spotify:track:{TRACK}"),
        (f"https://open.spotify.com/intl-de/episode/{TRACK}?si=0123", f"spotify:episode:{TRACK}"),
        (f"[a list](https://open.spotify.com/playlist/{PLAYLIST})", f"spotify:playlist:{PLAYLIST}"),
        (f"spotify:user:an owner:playlist:{PLAYLIST}", f"spotify:playlist:{PLAYLIST}"),
        ("spotify:user:j%C3%B6rg%23", "spotify:user:j%C3%B6rg%23"),
        ("https://open.spotify.com/user/jörg", "spotify:user:j%C3%B6rg"),
    ],
)
def test_a_thing_of_several_kinds_is_written_as_a_uri(read, given, normal):
    assert read("LibraryUri", given) == normal
    assert read("LibraryUris", f"{given}\n{TRACK}") == [normal, f"spotify:track:{TRACK}"]


@pytest.mark.each(
    ("given", "normal"),
    [
        ("1:23", 83_000),
        ("0:05.5", 5_500),
        ("75:30", 4_530_000),
        ("1:02:03", 3_723_000),
        ("\uff11\uff1a23", 83_000),
        (9, 9),
    ],
)
def test_milliseconds_are_read_as_players_show_them(given, normal):
    assert to_normal_form({"type": "integer", "x-field": "String", "x-unit": "ms"}, given, References()) == normal


@pytest.mark.each("given", ["1:60", "1:2", "1:2:03", "-1:00", ":30"])
def test_no_time_of_a_player_is_none(given):
    assert to_normal_form({"type": "integer", "x-field": "String", "x-unit": "ms"}, given, References()) == given


@pytest.mark.each(
    "given",
    [
        TRACK,
        f" {TRACK} ",
        f"spotify:track:{TRACK}",
        f"https://open.spotify.com/track/{TRACK}",
        f"http://open.spotify.com/track/{TRACK}",
        f"open.spotify.com/track/{TRACK}",
        f"https://play.spotify.com/track/{TRACK}",
        f"https://open.spotify.com/track/{TRACK}/",
        f"https://open.spotify.com/track/{TRACK}?si=0123456789abcdef",
        f"https://open.spotify.com/track/{TRACK}?si=0123456789abcdef&utm_source=copy-link#0:30",
        f"https://open.spotify.com/intl-de/track/{TRACK}?si=0123456789abcdef",
        f"https://open.spotify.com/intl-pt-BR/track/{TRACK}",
        f"https://open.spotify.com/embed/track/{TRACK}",
        f"https://open.spotify.com/embed-podcast/track/{TRACK}",
        f"spotify://track/{TRACK}?si=0",
        f"https://open.spotify.com/intl-fr/embed/track/{TRACK}?utm_source=generator",
    ],
)
def test_an_id_is_read_out_of_a_uri_and_a_link(read, given):
    assert read("TrackId", given) == TRACK


@pytest.mark.each(
    "given",
    [
        f"spotify:playlist:{PLAYLIST}",
        f"spotify:user:smedjan:playlist:{PLAYLIST}",
        f"https://open.spotify.com/playlist/{PLAYLIST}?si=0123456789abcdef",
        f"https://open.spotify.com/user/smedjan/playlist/{PLAYLIST}",
        f"https://open.spotify.com/embed/user/smedjan/playlist/{PLAYLIST}?si=0",
    ],
)
def test_a_playlist_is_read_out_of_the_old_forms_with_its_owner_too(read, given):
    assert read("PlaylistId", given) == PLAYLIST


@pytest.mark.each(
    ("given", "normal"),
    [
        ("smedjan", "smedjan"),
        ("spotify:user:smedjan", "smedjan"),
        ("https://open.spotify.com/user/smedjan?si=0", "smedjan"),
        ("spotify:user:sm%C3%B8r", "smør"),
        ("https://open.spotify.com/user/a%2Bb", "a+b"),
        ("100%25", "100%25"),
        ("spotify:user:smedjan%0A", "smedjan"),
        ("a#b?c/d e", "a#b?c/d e"),
        ("jürgen", "jürgen"),
        ("spotify:user:a%23b%3Fc%2Fd%20e", "a#b?c/d e"),
        ("https://open.spotify.com/user/a%23b%3Fc%2Fd%20e?si=0", "a#b?c/d e"),
        ("https://open.spotify.com/user/j%C3%BCrgen", "jürgen"),
        ("spotify:user:100%2525", "100%25"),
        ("<spotify:user:smedjan>", "smedjan"),
        ("spotify:user:a#b", "a#b"),
        ("Spotify:user:a?b", "a?b"),
        ("spotify:user:a/b, c d", "a/b, c d"),
        ("spotify:user:a#b?si=0", "a#b"),
        ("spotify:user:smedjan?si=0&context=x", "smedjan"),
        ("spotify:user:a%2Cb%3Ac", "a,b:c"),
        ("a,b", "a,b"),
        ("https://open.spotify.com/user/a,b?si=0", "a,b"),
        ("https://open.spotify.com/user/a%2Cb", "a,b"),
    ],
)
def test_a_user_is_decoded_out_of_a_uri_and_a_link_alone(manifest, given, normal):
    schema = FILES.inline({"$ref": "schemas/fields.json#/$defs/UserId"})
    assert FieldReader(schema, manifest.references).read(given) == normal
    users = FieldReader({"type": "array", "x-field": "String", "items": schema}, manifest.references)
    assert users.read([given, given]) == [normal, normal]


@pytest.mark.each(
    ("type_name", "given", "why"),
    [
        ("TrackId", f"spotify:album:{TRACK}", "leads to the wrong kind of thing: album instead of track"),
        (
            "TrackId",
            f"https://open.spotify.com/playlist/{PLAYLIST}?si=0",
            "leads to the wrong kind of thing: playlist instead of track",
        ),
        (
            "UserId",
            f"spotify:user:smedjan:playlist:{PLAYLIST}",
            "leads to the wrong kind of thing: playlist instead of user",
        ),
        (
            "TrackIds",
            f"{TRACK}, spotify:artist:{OTHER}",
            "has an entry, number 2, that leads to the wrong kind of thing: artist instead of track",
        ),
    ],
)
def test_the_wrong_kind_of_thing_is_named(read, type_name, given, why):
    with pytest.raises(Unfit) as caught:
        read(type_name, given)
    assert str(caught.value) == why


LINK = f"https://open.spotify.com/track/{TRACK}?si=0123456789abcdef"


@pytest.mark.each(
    "given",
    [
        f"<{LINK}>",
        f"<{LINK}|A song>",
        f"[A song]({LINK})",
        f"[A song](<{LINK}> 'by someone')",
        f"\u201c{LINK}\u201d",
        f"\u00ab{LINK}\u00bb",
        f'"{TRACK}"',
        f"({TRACK}).",
        f"**{LINK}**",
        f"- {LINK}",
        f"//open.spotify.com/track/{TRACK}",
        f"https://www.open.spotify.com/track/{TRACK}",
        f"https://open.spotify.com/track/{TRACK}.",
        f"{LINK},",
        f"Listen to this: {LINK} \U0001f3b5",
        f"{LINK}\n\nA song, by someone",
        f"\u200b{TRACK}\ufeff",
        f"\u00a0\u202f{TRACK}\u2060",
        f"{TRACK[:5]}\u200d{TRACK[5:]}",
        f"{TRACK[:5]}\u00ad{TRACK[5:]}",
        "".join(chr(ord(letter) + 0xFEE0) for letter in TRACK),
        f"Spotify:Track:{TRACK}",
        f"SPOTIFY:TRACK:{TRACK}",
        f"spotify:track:{TRACK}?si=0",
        f"Https://Open.Spotify.com/Track/{TRACK}",
        f"https\uff1a//open.spotify.com/track/{TRACK}",
    ],
)
def test_an_id_is_read_as_phones_and_chats_write_it(read, given):
    assert read("TrackId", given) == TRACK


@pytest.mark.each(
    "given",
    [
        f"[One]({LINK}), [Two, and three](spotify:track:{OTHER})",
        f"<{LINK}>\n<https://open.spotify.com/track/{OTHER}>",
        f"{LINK}\uff0c{OTHER}",
    ],
)
def test_so_is_each_of_several(read, given):
    assert read("TrackIds", given) == [TRACK, OTHER]


@pytest.mark.each("given", ["https://spotify.link/AbCdEf", "spotify.app.link/x", "<https://spotify.link/x>"])
def test_a_short_link_can_not_be_followed(read, given):
    with pytest.raises(Unfit, match=r"^is a short link: open it in a browser and give the address that it leads to$"):
        read("TrackId", given)


@pytest.mark.each(
    ("name", "given", "normal"),
    [
        ("RecommendationLimit", "\uff12\uff10", 20),
        ("RecommendationLimit", "2\u200b0", 20),
        ("Decibels", "\u22128.5", -8.5),
        ("Decibels", "\u20138.5", -8.5),
        ("YesNo", "\uff34rue\u200b", True),
        ("Datepicker", "2016\u201105\u201128\u00a013:45", "2016-05-28T13:45:00"),
        ("Map", "50.37\uff0c \u221226.56", "50.37,-26.56"),
        ("TimeRange", "\u201cshort_term\u201d", "short_term"),
    ],
)
def test_what_has_a_form_of_its_own_is_read_through_a_keyboard_s_signs(read, name, given, normal):
    assert read(name, given) == normal


@pytest.mark.each("given", ["don\u2019t \u2013 stop", "\U0001f468\u200d\U0001f3a4", "\ufb01n", "e\u0301", "<b>", "a."])
def test_prose_stays_as_it_was_written(read, given):
    assert read("String", given) == given


@pytest.mark.each(
    ("given", "normal"), [(1230149152, "1230149152"), (-1, "-1"), (2**53, 2**53), (1.0, 1.0), (True, True)]
)
def test_a_whole_number_is_the_text_that_it_is_written_as(read, given, normal):
    assert read("UserId", given) == normal


def test_a_secret_is_no_number(read):
    assert read("AccessToken", 123) == 123


@pytest.mark.each(("schema", "normal"), [({"enum": ["true", "false"]}, "true"), ({"enum": ["yes"]}, True), ({}, True)])
def test_a_truth_is_text_where_that_is_a_choice(schema, normal):
    assert to_normal_form({"type": "string", **schema}, True, ()) == normal


@pytest.mark.each(
    ("given", "why"),
    [
        ([[[]]] * 3 + ["\ud800"], "holds half a character, which can't be sent"),
        ([{"a": math.nan}], "is not a finite number"),
        ([{"a": {1}}], "holds something that JSON can't carry"),
        ([{1: 2}], "holds something that JSON can't carry"),
        ([2**70], "is too large a number"),
        ("[" * 200 + "]" * 200, "is nested too deeply"),
    ],
)
def test_rows_hold_what_json_can_carry(read, given, why):
    with pytest.raises(Unfit) as caught:
        read("Array", given)
    assert str(caught.value) == why


@pytest.mark.each(
    "given",
    [
        f"https://evil.example/track/{TRACK}",
        f"https://open.spotify.com.evil.example/track/{TRACK}",
        f"https://open.spotify.com@evil.example/track/{TRACK}",
        f"https://open.spotify.com/track/{TRACK}/extra",
        f"spotify:track:{TRACK}:extra",
        "spotify:track:",
    ],
)
def test_what_only_looks_like_a_reference_stays_as_it_is(read, given):
    assert read("TrackId", given) == given


@pytest.mark.each(
    "given",
    [
        f"{TRACK},{OTHER}",
        f" {TRACK} , {OTHER} ,",
        f"spotify:track:{TRACK},https://open.spotify.com/track/{OTHER}?si=0",
        f'["{TRACK}", "spotify:track:{OTHER}"]',
        [TRACK, OTHER],
        (f"spotify:track:{TRACK}", None, OTHER),
    ],
)
def test_a_comma_separated_list_of_ids_takes_every_form_of_an_id(read, given):
    assert read("TrackIds", given) == [TRACK, OTHER]


@pytest.mark.each("value", [None, "", " ", "\t\n", "\u00a0", []])
def test_a_field_that_was_left_empty_is_blank(value):
    assert is_blank(value)


@pytest.mark.each("value", [0, 0.0, False, "0", {}, [None], "null"])
def test_a_value_is_not_blank_because_it_is_false(value):
    assert not is_blank(value)


@pytest.mark.each(
    ("schema", "words"),
    [
        ({"type": "string"}, None),
        ({"type": "string", "x-fits": "a name"}, "a name"),
        ({"type": "string", "enum": ["a", "b"]}, "a, b"),
        ({"type": "integer"}, "a whole number"),
        ({"type": "integer", "minimum": 1}, "a whole number from 1 up"),
        ({"type": "number", "minimum": 0, "maximum": 1}, "a number from 0 to 1"),
        ({"type": "number", "maximum": 1}, "a number"),
    ],
)
def test_what_fits_a_field_is_said_in_words(schema, words):
    assert describe_fit(schema) == words


def test_a_json_object_is_read_from_text():
    assert to_normal_form({"type": "object"}, '{"a": 1}', ()) == {"a": 1}
