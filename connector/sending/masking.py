"""Secrets masked in what is shown. What an answer means is judged before that, on what the service really said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote


def mask(value: Any, secrets: Sequence[str]) -> Any:
    """The JSON value with every secret in its texts masked, as it is and as it stands in a form."""
    forms = {form for secret in secrets for form in (secret, quote(secret, safe=""))}
    # The longest first: a secret may be part of another one.
    return _mask(value, sorted(forms, key=len, reverse=True))


def _mask(value: Any, forms: Sequence[str]) -> Any:
    if isinstance(value, str):
        for form in forms:
            value = value.replace(form, "***")
        return value
    if isinstance(value, list):
        return [_mask(entry, forms) for entry in value]
    if isinstance(value, dict):
        return {_mask(key, forms): _mask(entry, forms) for key, entry in value.items()}
    return value
