"""Where the runner is, as both palettes read it: one file, tried here without a builder."""

import json

BASE = "https://user:password@blocks.example/base/?token=1#x"


def test_what_is_below_an_address_is_known_from_what_only_looks_like_it(evaluate):
    below = ["/base", "/base/", "/base/blocks/x?y", "/base/a/../b", "/x/../base"]
    other = ["/", "/based", "/base/../x", "/BASE", "/base/%2e%2e/x"]
    addresses = [f"https://blocks.example{path}" for path in (*below, *other)]
    addresses += ["http://blocks.example/base", "https://blocks.example:8443/base", "https://blocks.example.evil/base"]
    addresses += [
        "//blocks.example/base",
        "https://evil/?https://blocks.example/base",
        "https://blocks.example@evil/base",
    ]
    found = evaluate(
        "runner_address.js", f"{json.dumps(addresses)}.map((url) => isBelow(url, 'https://blocks.example/base/'))"
    )
    assert [address for address, is_below in zip(addresses, found, strict=True) if is_below] == addresses[: len(below)]


def test_a_message_shows_no_password_and_no_query(evaluate):
    told = [
        evaluate(
            "runner_address.js", f"describeStranger(joinUrl({BASE!r}, 'blocks/x'), {status}, {json.dumps(headers)})"
        )
        for status, headers in [
            (200, {"content-type": "text/html; charset=utf-8"}),
            (404, {}),
            (302, {"location": "/login?token=1"}),
            (301, {"location": "https://user:password@other.example/y?token=1#z"}),
            (307, {"location": "http://["}),
            (304, {}),
        ]
    ]
    assert not [text for text in told if "password" in text or "token" in text or "#" in text]
    assert all(text.count("https://blocks.example/base/blocks/x") == 1 for text in told)
    assert [text.split("leads on to ")[1].split(",")[0] for text in told if "leads on to" in text] == [
        "https://blocks.example/login",
        "https://other.example/y",
        "another address",
    ]
