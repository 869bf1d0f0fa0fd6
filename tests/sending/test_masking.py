"""Secrets are masked wherever they stand."""

import pytest

from connector.sending.masking import mask


@pytest.mark.parametrize(
    ("value", "clean"),
    [
        ("token s3cret is bad", "token *** is bad"),
        ("s3crets3cret", "******"),
        ({"s3cret": ["s3cret", 7, None, True, {"a": "(s3cret)"}]}, {"***": ["***", 7, None, True, {"a": "(***)"}]}),
        (7, 7),
        (None, None),
    ],
)
def test_secrets_are_masked_wherever_they_stand(value, clean):
    assert mask(value, ["s3cret"]) == clean


def test_a_secret_is_masked_as_it_stands_in_a_form_too():
    assert mask("code=a%2Fb%2Bc%3D&x=a/b+c=", ["a/b+c="]) == "code=***&x=***"


@pytest.mark.parametrize("secrets", [["abc", "abcdef"], ["abcdef", "abc"]])
def test_a_secret_that_holds_another_is_masked_whole(secrets):
    assert mask("abc and abcdef", secrets) == "*** and ***"
