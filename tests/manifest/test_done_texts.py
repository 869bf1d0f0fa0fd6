"""What a block did is told in words that its manifest declares."""

import pytest

from connector.manifest.done_texts import tell_done


@pytest.mark.parametrize(
    ("text", "args", "told"),
    [
        ("Paused", {}, "Paused"),
        ("Set the volume to {volume} %", {"volume": "40"}, "Set the volume to 40 %"),
        ("Saved {ids|track|tracks}", {"ids": ["a"]}, "Saved 1 track"),
        ("Saved {ids|track|tracks}", {"ids": ["a", "b"]}, "Saved 2 tracks"),
        ("Turned shuffle {state|on|off}", {"state": False}, "Turned shuffle off"),
        ("Raised it[ {signal}][ for {target}]", {"target": "Alk"}, "Raised it for Alk"),
        ("Moved to {place}", {"place": 0}, "Moved to 0"),
        ("Made {name}", {"name": "{ids} [x] " + "a" * 100}, "Made {ids} [x] " + "a" * 49 + "…"),
        # Whatever a manifest has, what has happened is told.
        ("Made {name}", {}, "Made "),
        (None, {}, None),
    ],
)
def test_a_text_is_filled_in_with_what_was_given(text, args, told):
    assert tell_done(text, args) == told
