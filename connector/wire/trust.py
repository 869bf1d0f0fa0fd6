"""Whom TLS trusts: the CA bundle that the environment names, else the one that comes with `requests`."""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.util.ssl_ import create_urllib3_context

#: The environment variables that name a CA bundle; the first that is set goes before the others.
VARIABLES: Final = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR")
#: The names that `openssl rehash` gives to certificates in a folder.
_HASHED: Final = re.compile(r"[0-9a-f]{8}\.\d+")


class SettingError(ValueError):
    """Something in the environment can't be used; the text says what, where and how it should be, and no secret."""


def load_trust() -> ssl.SSLContext:
    """A context for all connections. Raises `SettingError` for a CA bundle that can't be used."""
    context = create_urllib3_context()
    variable = next((name for name in VARIABLES if os.environ.get(name)), None)
    if variable is None:
        context.load_verify_locations(cafile=DEFAULT_CA_BUNDLE_PATH)
        return context
    given = os.environ[variable]
    # Only this one may name several, as the search path does.
    parts = given.split(os.pathsep) if variable == "SSL_CERT_DIR" else [given]
    folders = [part for part in parts if Path(part).is_dir()]
    problem = _load(context, given, folders)
    if problem:
        raise SettingError(f"the CA bundle {given} can't be read; see {variable}. {problem}")
    return context


def _load(context: ssl.SSLContext, given: str, folders: Sequence[str]) -> str | None:
    """Has `context` trust a bundle; says why where that can't be done."""
    try:
        if not folders:
            context.load_verify_locations(cafile=given)
        names = [entry.name for folder in folders for entry in Path(folder).iterdir()]
        if names and not any(map(_HASHED.fullmatch, names)):
            return "The folder has no certificates under their hashes; `openssl rehash` gives them such names"
        for folder in folders:
            context.load_verify_locations(capath=folder)
    except ssl.SSLError:
        return "It is no file of certificates in PEM"
    except OSError as problem:
        return problem.strerror or type(problem).__name__
    return None
