"""Files: what is written reads back as it was, and what other programs save is understood."""

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.arguments.normal_form import to_normal_form
from connector.arguments.wording import Unfit
from connector.composites.delimited import BrokenFile
from connector.composites.files import name_file, read, tell_file, write
from connector.composites.tables import Table, build_table, split_names, tell_meanings, write_cell
from connector.manifest.references import References
from tests.composites.awkward_files import COLUMNS, FILES, FLAT_FILES, SONGS, URI

FILE = {"type": "string", "x-field": "String", "x-file": {"most": 10_000}}
NAMES = tuple(column.name for column in COLUMNS)
#: Whatever a title may hold; what stands at the edge of a cell is seen there.
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
CELLS = st.one_of(st.none(), st.booleans(), st.integers(0, 10**9), TEXTS, st.lists(TEXTS, max_size=3))


@st.composite
def tables(draw, cells=CELLS):
    """Entries of all columns, and such of which nothing is left."""
    rows = draw(st.lists(st.one_of(st.just({}), st.fixed_dictionaries(dict.fromkeys(NAMES, cells))), max_size=4))
    return Table(NAMES, rows, tell_meanings(NAMES, COLUMNS), draw(st.none() | TEXTS))


def read_file(value):
    return to_normal_form(FILE, value, References())


@settings(max_examples=60)
@given(tables())
def test_csv_reads_back_as_it_was_written(table):
    found = read(write(table), COLUMNS)
    assert (found.form, found.columns, found.means) == ("csv", table.columns, table.means)
    assert found.rows == [{name: text for name in NAMES if (text := write_cell(row.get(name)))} for row in table.rows]


@settings(max_examples=60)
@given(tables())
def test_json_reads_back_as_it_was_written(table):
    found = read(write(Table(table.columns, table.rows, table.means, table.title, "json")), COLUMNS)
    assert (found.form, found.columns, found.title) == ("json", table.columns, table.title)
    assert found.rows == [{name: cell for name, cell in row.items() if cell is not None} for row in table.rows]


WORDS = st.from_regex(r"[A-Za-z0-9,;\"'#\\:é-ü-][A-Za-z0-9 ,;\"'#\\:é-ü-]{0,8}[A-Za-z0-9é-ü]", fullmatch=True)


@settings(max_examples=60)
@given(st.lists(st.none() | st.tuples(WORDS, st.lists(WORDS, min_size=1, max_size=3), st.integers(1, 999)), max_size=4))
def test_m3u8_keeps_order_addresses_and_words(songs):
    rows = [
        {
            "Track URI": URI.format(place),
            "Track Name": song[0],
            "Artist Name(s)": song[1],
            "Track Duration (ms)": song[2] * 1000,
        }
        if song
        else {}
        for place, song in enumerate(songs)
    ]
    found = read(write(Table(NAMES, rows, tell_meanings(NAMES, COLUMNS), "Songs", "m3u8")), COLUMNS)
    told = [[found.tell(row, what) for what in ("uri", "title", "duration")] for row in found.rows]
    assert told == [
        [row["Track URI"], " ".join(row["Track Name"].split()), str(row["Track Duration (ms)"])] if row else [None] * 3
        for row in rows
    ]
    artists = [split_names(found.tell(row, "artist") or "") for row in found.rows]
    assert artists == [[" ".join(name.split()) for name in row.get("Artist Name(s)", [])] for row in rows]
    assert (found.form, found.title) == ("m3u8", "Songs")


@pytest.mark.each("name", FILES)
def test_what_programs_save_names_the_same_songs(name):
    table = read(read_file(FILES[name]), COLUMNS)
    rows = [row for row in table.rows if not table.is_blank(row)]
    assert [(table.tell(row, "artist"), table.tell(row, "title")) for row in rows] == [
        (song["artist"] if table.form == "csv" or name == "JSON" else write_cell([song["artist"]]), song["title"])
        for song in SONGS
    ]
    assert all(song["id"] in table.tell(row, "uri") for song, row in zip(SONGS, rows, strict=True))


@pytest.mark.each("name", FLAT_FILES)
def test_lists_name_the_same_songs(name):
    table = read(FLAT_FILES[name], COLUMNS)
    told = [table.tell(row, "uri") or table.tell(row, "line") for row in table.rows]
    assert all(song["id"] in text for song, text in zip(SONGS, told, strict=True))


@pytest.mark.each(
    ("text", "wanted"),
    [
        ("Muse - Starlight\n\n  Björk - Jóga ", ["Muse - Starlight", "Björk - Jóga"]),
        ('#EXTM3U\n#EXTINF:-1 tvg-id="x",Muse - Starlight\nC:\\Music\\01.mp3\n', ["Muse - Starlight"]),
        (
            "#EXTM3U\n../Music/Muse/07 - Starlight.flac\n99 Luftballons.mp3\n02 One.mp3",
            ["Starlight", "99 Luftballons", "One"],
        ),
        (f"#EXTM3U\n#EXTINF:{'9' * 400},Long\nx.mp3\n", ["Long"]),
        ("Hits, of the year: a list\nMuse - Starlight", ["Hits, of the year: a list", "Muse - Starlight"]),
    ],
)
def test_lines_are_taken_as_they_are(text, wanted):
    table = read(text, COLUMNS)
    assert [table.tell(row, "line") for row in table.rows] == wanted


def test_a_column_s_own_name_goes_before_others():
    means = tell_meanings(["id", "URL", "Track URI", "Name", "track name"], COLUMNS)
    assert (means["uri"], means["title"]) == ("Track URI", "track name")


def test_names_with_commas_stay_apart():
    names = ["Crosby, Stills & Nash", "Tyler, The Creator", "AC\\DC"]
    assert split_names(write_cell(names)) == names


def test_what_comes_back_is_of_the_form_that_came_and_can_be_read_again():
    for name in ("Windows-1252", "JSON", "UTF-8"):
        table = read(read_file(FILES[name]), COLUMNS)
        back = table.give_back([(table.rows[1], "No, not found.")])
        again = read(write(back), COLUMNS)
        assert (again.form, again.delimiter, again.columns) == (table.form, table.delimiter, (*table.columns, "Why"))
        assert [dict(row) for row in again.rows] == [{**table.rows[1], "Why": "No, not found."}]
        # Once more, and there is still one column for it.
        assert again.give_back([]).columns == again.columns
    for text in (FLAT_FILES["M3U8"], "Muse - Starlight\nBjörk - Jóga"):
        table = read(text, COLUMNS)
        again = read(write(table.give_back([(table.rows[1], "No\nnot found.")])), COLUMNS)
        assert [dict(row) for row in again.rows] == [table.rows[1]]


def test_a_quote_that_is_never_closed_is_told_with_its_line():
    with pytest.raises(BrokenFile, match="never closed, in or before line 3"):
        read('Track Name,Track URI\n"a,b\nc,d', COLUMNS)


def test_a_file_goes_on_where_another_ended():
    table = build_table("Songs", COLUMNS, [{"uri": "a", "name": "A"}, {"uri": "b", "name": "B"}])
    for form in ("csv", "m3u8"):
        first, second = (Table(NAMES, [row], table.means, "Songs", form) for row in table.rows)
        whole = Table(NAMES, table.rows, table.means, "Songs", form)
        assert write(first) + write(second, has_heading=False) == write(whole)


@pytest.mark.each(
    ("title", "name"),
    [
        ("Road Trip", "Road Trip.csv"),
        ("AC/DC: the <best>?", "AC_DC_ the _best_.csv"),
        ("../../etc", "_.._etc.csv"),
        ("con", "_con.csv"),
        ("...", "_.csv"),
        ("夜" * 200, "夜" * 100 + ".csv"),
    ],
)
def test_a_title_becomes_a_name_that_every_file_system_takes(title, name):
    assert tell_file(Table(("a",), []), title)["name"] == name
    assert name_file(title) == name.removesuffix(".csv")


def test_a_file_is_taken_in_whichever_form_it_comes(tmp_path):
    path = tmp_path / "songs.csv"
    path.write_bytes("é\t".encode("utf-16"))
    url = "data:text/csv;charset=utf-16;base64,//7pAAkA"
    urls = (url, "data:text/csv,%C3%A9%09")
    for given_ in (path, path.read_bytes(), bytearray(path.read_bytes()), io.BytesIO(path.read_bytes()), *urls, "é\t"):
        assert read_file(given_) == "é\t"
    assert read_file(io.StringIO("\ufeffé\t")) == "é\t"
    assert read_file(7) == 7


@pytest.mark.each(
    ("value", "why"),
    [
        (b"x" * 10_001, "more than 10000 bytes"),
        ("x" * 10_001, "more than 10000 bytes"),
        (b"PK\x03\x04\0\0\x08\0", "is no text"),
        (b"PK\x03\x04\x14\0\0\0\x08\0\xd8\xd8\xd8\xd8", "is no text: save it as CSV"),
        (b"\xff\xfea", "is no UTF-16-LE text"),
        ("data:text/csv;base64,*", "no base64"),
        ("\ud800", "half a character"),
    ],
)
def test_what_is_no_text_file_is_refused(value, why):
    with pytest.raises(Unfit, match=why):
        read_file(value)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(Unfit, match="can't be read: No such file"):
        read_file(tmp_path / "none.csv")


def test_a_file_of_more_rows_than_are_taken_is_refused_before_it_is_taken_apart():
    for text in ("a\n" * 21, "[" + "1," * 20 + '"a"]', "#EXTM3U\n" + "a\n" * 21, "\n" * 401):
        with pytest.raises(BrokenFile, match="more rows than the 20"):
            read(text, COLUMNS, 20)


def test_half_a_character_in_json_is_in_no_file_that_comes_back():
    table = read('["\\ud800", 1]', COLUMNS)
    write(table).encode()


def test_json_that_holds_no_list_is_read_as_lines():
    for text in (json.dumps({"a": 1}), "{ not json", "[Intro] - x"):
        assert read(text, COLUMNS).form == "lines"


PIECES = st.sampled_from(
    [
        "#EXTM3U\n",
        "#EXTINF:",
        "#PLAYLIST:",
        "\n",
        "\r",
        ",",
        ";",
        "\t",
        '"',
        "Track URI",
        "Title",
        "sep=;\n",
        "[",
        "]",
        "{",
    ]
)
NAMED = st.sampled_from(["items", "tracks", "track", "uri", "name", "Title", "artists", "rows", "columns", "Track URI"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMED, inner, max_size=3),
)


@settings(max_examples=150)
@given(st.lists(PIECES | TEXTS, max_size=20).map("".join) | JSON.map(json.dumps))
def test_whatever_a_file_holds_each_of_its_rows_comes_back(text):
    try:
        table = read(text, COLUMNS)
    except BrokenFile:
        return
    again = read(write(table.give_back([(row, "No.") for row in table.rows])), COLUMNS)

    def tell(found):
        return [" ".join((found.tell(row, "uri") or "").split()) for row in found.rows]

    assert tell(again) == tell(table)
