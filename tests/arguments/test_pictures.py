"""A picture is taken in whichever form it comes, and becomes base64 of the right type, fitted to the limit."""

import base64
import gzip
import io
import subprocess
import sys
from pathlib import Path

import pytest

from connector.arguments import pictures
from connector.arguments.normal_form import to_normal_form
from connector.arguments.pictures import fit
from connector.arguments.wording import Unfit
from connector.manifest.references import References

SCHEMA = {"type": "string", "x-field": "String", "x-image": {"type": "image/jpeg", "most": 20_000}}
#: The beginning of a JPEG is all that is looked at where nothing has to be made smaller.
JPEG = b"\xff\xd8\xff\xe0 a picture \xff\xd9"
TEXT = base64.b64encode(JPEG).decode()


def read(value, schema=SCHEMA):
    return to_normal_form(schema, value, References())


def draw(size, kind, mode="RGB", **more):
    image = pytest.importorskip("PIL.Image")
    packed = io.BytesIO()
    # Noise, which can't be packed.
    image.effect_noise(size, 100).convert(mode).save(packed, kind, **more)
    return packed.getvalue()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "cover.jpg"
    path.write_bytes(JPEG)
    return path


@pytest.mark.each(
    "given",
    [
        JPEG,
        bytearray(JPEG),
        memoryview(JPEG),
        io.BytesIO(JPEG),
        TEXT,
        f" {TEXT[:9]}\r\n{TEXT[9:]} ",
        TEXT.rstrip("="),
        TEXT.replace("+", "-").replace("/", "_"),
        f"data:image/jpeg;base64,{TEXT}",
        f"data:;base64,{TEXT}",
    ],
)
def test_each_form_becomes_base64(given):
    assert read(given) == TEXT


def test_a_file_is_read(file, tmp_path):
    assert read(file) == TEXT
    with file.open("rb") as opened:
        assert read(opened) == TEXT
    with pytest.raises(Unfit, match="can't be read: No such file"):
        read(tmp_path / "none.jpg")


def test_of_a_file_without_an_end_no_more_is_read_than_is_looked_at():
    with pytest.raises(Unfit, match="more than 32 MB"):
        read(Path("/dev/zero"))


def test_a_file_that_was_opened_as_text_or_is_closed_is_no_traceback(file):
    file.write_text(TEXT)
    with file.open() as opened:
        assert read(opened) == TEXT
    with pytest.raises(Unfit, match="can't be read"):
        read(opened)
    file.write_bytes(JPEG)
    with file.open(encoding="ascii") as opened, pytest.raises(Unfit, match="can't be read"):
        read(opened)


def test_an_address_stays_one_until_it_is_fetched():
    assert read("https://pictures.example/cover.jpg") == "https://pictures.example/cover.jpg"
    with pytest.raises(Unfit, match="without https"):
        read("http://pictures.example/cover.jpg")


@pytest.mark.each(
    ("given", "why"),
    [
        ("cover.jpg", "neither base64 nor an address"),
        ("/etc/passwd!", "neither base64 nor an address"),
        ("data:text/plain,hello", "neither base64 nor an address"),
        (b"GIF89a and then nothing", "no picture that can be read"),
        (bytes(33 * 2**20), "more than 32 MB"),
    ],
)
def test_what_is_no_picture_is_turned_away(given, why):
    with pytest.raises(Unfit, match=why):
        read(given)


@pytest.mark.parametrize(
    ("kind", "mode", "size"), [("PNG", "RGBA", (300, 200)), ("JPEG", "CMYK", (900, 900)), ("WEBP", "RGB", (2000, 20))]
)
def test_another_or_a_larger_picture_is_made_to_fit(kind, mode, size):
    given = draw(size, kind, mode)
    text = read(given)
    assert len(text) <= 20_000
    image = pytest.importorskip("PIL.Image").open(io.BytesIO(base64.b64decode(text)))
    assert (image.format, image.mode) == ("JPEG", "RGB")
    assert image.width / image.height == pytest.approx(size[0] / size[1], rel=0.3)
    assert read(text) == text


def test_a_picture_that_stands_on_its_side_is_set_upright():
    exif = pytest.importorskip("PIL.Image").Exif()
    exif[0x0112] = 6
    text = read(draw((400, 100), "JPEG", exif=exif))
    image = pytest.importorskip("PIL.Image").open(io.BytesIO(base64.b64decode(text)))
    assert image.height > image.width


def test_what_is_not_drawn_is_white():
    image = pytest.importorskip("PIL.Image")
    packed = io.BytesIO()
    image.new("RGBA", (8, 8), (255, 0, 0, 0)).save(packed, "PNG")
    made = image.open(io.BytesIO(base64.b64decode(read(packed.getvalue()))))
    assert min(made.getpixel((4, 4))) > 250


def test_no_other_program_is_run_for_a_picture(monkeypatch):
    run = []
    monkeypatch.setattr(pytest.importorskip("PIL.EpsImagePlugin"), "Ghostscript", lambda *args: run.append(args))
    with pytest.raises(Unfit, match="no picture that can be read"):
        read(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\nshowpage\n%%EOF\n")
    assert run == []


#: Makes the picture at its first argument fit, and prints by how many MB the process has grown for it.
GROW = r"""
import re, sys
from pathlib import Path
from PIL import Image
from connector.arguments.pictures import fit
content = Path(sys.argv[1]).read_bytes()
peak = lambda: int(re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())[1])
before = peak()
fit({"x-image": {"type": "image/jpeg", "most": 200_000}}, content)
print((peak() - before) // 1024)
"""


@pytest.mark.parametrize(
    ("kind", "mode", "side"),
    [("PNG", "1", 8_900), ("PNG", "RGBA", 4_400), ("JPEG", "L", 8_900), ("WEBP", "RGB", 2_800)],
)
def test_a_small_file_of_many_points_takes_little_memory(tmp_path, kind, mode, side):
    pytest.importorskip("PIL.Image").new(mode, (side, side)).save(tmp_path / "picture", kind)
    done = subprocess.run(
        [sys.executable, "-c", GROW, tmp_path / "picture"], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 150


def test_a_picture_of_too_many_points_is_not_unpacked():
    packed = io.BytesIO()
    pytest.importorskip("PIL.Image").new("1", (9_000, 9_000)).save(packed, "PNG")
    with pytest.raises(Unfit, match="80 million points"):
        read(packed.getvalue())


def test_waiting_to_unpack_a_picture_ends_with_the_time_for_it():
    content = draw((50, 50), "PNG")
    checks = []

    def check_time():
        checks.append(None)
        if len(checks) > 2:
            raise TimeoutError

    with pictures._TURN.lock, pytest.raises(TimeoutError):
        to_normal_form(SCHEMA, content, References(), check_time)
    assert fit(SCHEMA, content) == read(content)


def test_a_picture_of_so_many_points_that_its_library_refuses_it_is_told_as_such():
    packed = io.BytesIO()
    pytest.importorskip("PIL.Image").new("1", (20_000, 20_000)).save(packed, "PNG")
    with pytest.raises(Unfit, match="80 million points"):
        read(packed.getvalue())


def test_a_packed_file_that_ends_too_early_is_no_traceback():
    packed = gzip.compress(JPEG)[:-12]
    with pytest.raises(Unfit, match="is a file that can't be read"):
        read(gzip.GzipFile(fileobj=io.BytesIO(packed)))


def test_without_the_package_a_picture_is_told_its_size(monkeypatch):
    monkeypatch.setattr("connector.arguments.pictures.find_spec", lambda _name: None)
    with pytest.raises(Unfit, match=r"takes 39 KB as base64, of 19 KB that are taken; with the extra `images`"):
        read(JPEG + bytes(30_000))
    with pytest.raises(Unfit, match="is no JPEG; with the extra"):
        read(b"\x89PNG")
