"""A server's answer becomes the output, or an error that says why there is none."""

import pytest


@pytest.mark.parametrize("status", [200, 201, 202])
@pytest.mark.parametrize("value", [{}, {"a": 1}, [], [True, None], "text", 7, None, {"name": "smør"}])
def test_a_good_answer_is_its_json_value(answer, status, value):
    assert answer(status, value) == value


@pytest.mark.parametrize("status", [200, 201, 204])
@pytest.mark.parametrize("content", [b"", b" ", b"\r\n"])
def test_an_empty_answer_is_an_empty_object(answer, status, content):
    assert answer(status, content) == {}


@pytest.mark.parametrize(
    "content", [b"<html>Sign in</html>", b"OK", b"{", b"\xff\xfe\xfd", b"[" * 100_000, b"9" * 5000]
)
def test_a_good_status_with_something_else_than_json_is_a_bad_answer(fail, content):
    error = fail(200, content, headers={"Content-Type": "text/html"})
    assert (error.kind, error.code, error.status, error.message) == (
        "bad_answer",
        "INTERNAL_PACKAGE_ERROR",
        200,
        "getCurrentUserProfile: the server's answer (200, text/html) is no JSON; a proxy may be in between.",
    )


@pytest.mark.parametrize(
    ("status", "words"),
    [(206, "a part of the answer, though all of it was asked for"), (304, "nothing has changed, though no one asked")],
)
def test_an_answer_to_what_was_not_asked_is_a_bad_one(fail, status, words):
    error = fail(status, b"{}" if status == 206 else b"")
    assert (error.kind, error.status, error.message) == (
        "bad_answer",
        status,
        f"getCurrentUserProfile: the server answered {status}, {words}; a cache or proxy in between may be at fault.",
    )


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
def test_a_redirect_is_a_bad_answer(fail, status):
    error = fail(status, b"", headers={"Location": "https://other.example/"})
    assert (error.kind, error.status, error.message) == (
        "bad_answer",
        status,
        f"getCurrentUserProfile: the server answered {status}, which leads elsewhere; redirects are not followed, so "
        "that the token stays where it belongs. Check the server's address.",
    )


NO_JSON = [b"OK", b"AAAB-4kd", b"{", b"\xff\xfe\xfd", b'{"snapshot_id": NaN}', b"[" * 100_000]


@pytest.mark.parametrize("status", [200, 201, 202])
@pytest.mark.parametrize("content", NO_JSON, ids=range(len(NO_JSON)))
def test_a_write_that_worked_is_done_whatever_is_in_its_answer(answer, status, content):
    warnings = []
    output = answer(status, content, block="saveTrack", headers={"Content-Type": "text/plain"}, warnings=warnings)
    assert (output, warnings) == (
        {},
        [
            f"saveTrack: the server's answer ({status}, text/plain) is no JSON; a proxy may be in between. "
            "By its status it was done."
        ],
    )


@pytest.mark.parametrize("content", [b"", b"\r\n", b"{}", b'{"snapshot_id": "a"}', b"[]", b"null"])
def test_there_is_nothing_to_say_of_a_write_s_json(answer, content):
    warnings = []
    answer(200, content, block="saveTrack", warnings=warnings)
    assert warnings == []


@pytest.mark.parametrize("content", [b"<html>Sign in to the network</html>", b"<!doctype html>", b"  <HTML lang=en>"])
def test_a_page_in_a_write_s_place_is_no_answer_of_the_service(fail, content):
    assert fail(200, content, block="saveTrack").kind == "bad_answer"


def test_a_write_whose_answer_is_needed_is_not_done_without_it(fail):
    assert fail(200, b"OK", block="getAccessToken").kind == "bad_answer"


def test_a_content_type_is_repeated_in_one_short_line(fail):
    error = fail(200, b"OK", headers={"Content-Type": "a/b\x1b[2J" + "c" * 60_000})
    assert "(200, a/b [2Jccc" in error.message
    assert len(error.message) < 250
