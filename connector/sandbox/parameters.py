"""One Web API request as the endpoints see it, and how they read its parameters.

A parameter that doesn't fit is answered with 400 in the service's words. Unknown parameters are ignored, as the service
does.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from connector.sandbox.answers import Refused, api_error
from connector.sandbox.apps import App
from connector.sandbox.grants import Grant
from connector.sandbox.ids import is_id, position_of
from connector.sandbox.library import Library
from connector.sandbox.playlists import DEMO_USER
from connector.sandbox.state import State

_TWO_LETTERS: Final = re.compile(r"[A-Za-z]{2}")
_WHOLE_NUMBER: Final = re.compile(r"-?[0-9]{1,15}")


@dataclass(frozen=True)
class ApiRequest:
    """A request that passed the token check.

    Attributes:
        state: the sandbox.
        app: the app that the token belongs to.
        grant: what the token allows.
        route: the path as it came, without `/v1`, for links.
        names: the values of the path's placeholders.
        query: the query, the last value where a name repeats.
        body: the bytes sent.
        content_type: what they are, as the header has it.
    """

    state: State
    app: App
    grant: Grant
    route: str
    names: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes
    content_type: str

    @property
    def user(self) -> str:
        """Who is signed in; the first listener where nobody is."""
        return self.grant.user or DEMO_USER

    @property
    def shelves(self) -> Library:
        """What the signed-in user has saved and whom they follow."""
        return self.state.libraries[self.user]

    @property
    def is_development(self) -> bool:
        """Whether the app is in development mode."""
        return self.app.quota_mode == "development"


def refuse(status: int, message: str, reason: str | None = None) -> Refused:
    """An error of the Web API, to be raised."""
    return Refused(api_error(status, message, reason))


def require_scope(request: ApiRequest, *any_of: str) -> None:
    """Answer 403 unless the token has one of these scopes."""
    if any_of and not set(any_of) & set(request.grant.scopes):
        raise refuse(403, "Insufficient client scope")


def read_limit(request: ApiRequest, *, default: int = 20, minimum: int = 0, maximum: int = 50) -> int:
    """The page size asked for."""
    return read_number(request, "limit", default, minimum, maximum)


def read_offset(request: ApiRequest, *, maximum: int = 10**9) -> int:
    """Where the page begins, from 0."""
    return read_number(request, "offset", 0, 0, maximum)


def read_market(request: ApiRequest) -> str | None:
    """The `market`, two letters, or `from_token` for the user's own."""
    market = request.query.get("market")
    if market is None or market == "from_token" or _TWO_LETTERS.fullmatch(market):
        return market
    raise refuse(400, "Invalid market code")


def knows_episodes(request: ApiRequest) -> bool:
    """Whether the client says by `additional_types` that it knows episodes besides tracks."""
    types = request.query.get("additional_types", "track").split(",")
    if not set(types) <= {"track", "episode"}:
        raise refuse(400, "Invalid additional_types")
    return "episode" in types


def check_country(request: ApiRequest) -> None:
    """Answer 400 where `country` is not two letters."""
    country = request.query.get("country")
    if country is not None and not _TWO_LETTERS.fullmatch(country):
        raise refuse(400, "Invalid country code")


def read_timestamp(request: ApiRequest) -> datetime | None:
    """The user's local time, `yyyy-MM-ddTHH:mm:ss`; None where it isn't given."""
    timestamp = request.query.get("timestamp")
    if timestamp is None:
        return None
    try:
        return datetime.strptime(timestamp, "%Y-%m-%dT%H:%M:%S")
    except ValueError:
        raise refuse(400, "Invalid timestamp") from None


def read_choice(request: ApiRequest, name: str, choices: tuple[str, ...], default: str | None) -> str:
    """One of `choices`; with `default` None the parameter must be there."""
    value = request.query.get(name, default)
    if value not in choices:
        raise refuse(400, f"Invalid {name}" if value is not None else f"Missing parameter {name}")
    return value


def read_id(request: ApiRequest, name: str = "id") -> str:
    """The path's id."""
    identifier = request.names[name]
    if not is_id(identifier):
        raise refuse(400, "Invalid base62 id")
    return identifier


def find_in_path(request: ApiRequest, kind: str) -> int:
    """The position of the thing that the path's id names; 400 for a malformed id, 404 for an unknown one."""
    position = position_of(kind, read_id(request))
    if position is None:
        raise refuse(404, "Resource not found")
    return position


def read_ids(request: ApiRequest, *, maximum: int, are_names: bool = False) -> list[str]:
    """Ids from the query `ids`, or where that is missing from the JSON body.

    Args:
        request: the request.
        maximum: how many are allowed.
        are_names: whether they are user names, which have no fixed form.
    """
    listed = request.query.get("ids")
    ids = listed.split(",") if listed is not None else _body_ids(request)
    if not any(ids):
        raise refuse(400, "Missing required field: ids")
    if len(ids) > maximum:
        raise refuse(400, "Too many ids requested")
    if not all(ids if are_names else map(is_id, ids)):
        raise refuse(400, "invalid id")
    return ids


def read_json(request: ApiRequest) -> Any:
    """The JSON body, an empty object for none."""
    if not request.body.strip():
        return {}
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError):
        raise refuse(400, "Error parsing JSON.") from None


def read_object(request: ApiRequest) -> dict[str, Any]:
    """The JSON body, which must be an object; what is null in it counts as left out."""
    value = read_json(request)
    if not isinstance(value, dict):
        raise refuse(400, "Bad request")
    return {name: entry for name, entry in value.items() if entry is not None}


def _body_ids(request: ApiRequest) -> list[str]:
    value = read_json(request)
    # The reference of "Save Tracks for Current User" shows a bare array; live clients send both forms.
    ids = value.get("ids", []) if isinstance(value, dict) else value
    if not isinstance(ids, list) or not all(isinstance(identifier, str) for identifier in ids):
        raise refuse(400, "Bad request")
    return ids


def read_number(request: ApiRequest, name: str, default: int | None, minimum: int, maximum: int) -> int:
    """A whole number from the query; with `default` None the parameter must be there."""
    text = request.query.get(name)
    if text is None:
        if default is None:
            raise refuse(400, f"Missing parameter {name}")
        return default
    if not _WHOLE_NUMBER.fullmatch(text) or not minimum <= int(text) <= maximum:
        raise refuse(400, f"Invalid {name}")
    return int(text)
