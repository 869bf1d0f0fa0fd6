"""The packaged manifest's blocks and triggers, for type checkers. Written by `make types`; a change here is lost."""

# ruff: noqa
# fmt: off
from collections.abc import Collection, Generator, Mapping, Sequence
from os import PathLike
from typing import Any, Literal, TypedDict, Unpack, overload

from connector.auth import Connection, Store
from connector.limits.day_budget import DayBudget
from connector.limits.local_gate import Gate
from connector.manifest.routes import QuotaMode
from connector.result import Meta, Result
from connector.triggers import Event, Poll
from connector.way.call import OnPlan, OnProgress
from connector.way.connector import Connector as AnyConnector
from connector.wire.deadline import Cancel

class LoadOptions(TypedDict, total=False):
    servers: Mapping[str, str] | None
    connection: str | Connection | None
    store: str | Store | None
    quota_mode: QuotaMode
    timeout: float
    deadline: float | None
    max_wait: float
    concurrency: int
    gate: Gate | None
    daily_calls: int | DayBudget | None
    substitutes: Collection[str] | None

class CallOptions(TypedDict, total=False):
    connection: str | Connection | None
    deadline: float | None
    cancel: Cancel | None
    meta: Meta | None

class InvokeOptions(CallOptions, total=False):
    on_progress: OnProgress | None
    on_plan: OnPlan | None

class PollOptions(TypedDict, total=False):
    connection: str | Connection | None
    deadline: float | None
    cancel: Cancel | None

class WatchOptions(TypedDict, total=False):
    every: float | None
    store: str | PathLike[str] | None
    connection: str | Connection | None
    cancel: Cancel | None

class Connector(AnyConnector):
    @overload  # type: ignore[override]
    @classmethod
    def load(cls, path: None = None, **options: Unpack[LoadOptions]) -> PackagedConnector: ...
    @overload
    @classmethod
    def load(cls, path: str | PathLike[str], **options: Unpack[LoadOptions]) -> Connector: ...

class MirrorSavedTracks(TypedDict, total=False):
    access_token: str
    target: str
    create: bool | str
    how: Literal["moves", "replace", "auto"]
    dry_run: bool | str

class MirrorPlaylist(TypedDict, total=False):
    access_token: str
    source: str
    target: str
    create: bool | str
    how: Literal["moves", "replace", "auto"]
    dry_run: bool | str

class KeepLastItems(TypedDict, total=False):
    access_token: str
    source: str
    target: str
    count: int | str
    create: bool | str
    how: Literal["moves", "replace", "auto"]
    dry_run: bool | str

class AddMissingItems(TypedDict, total=False):
    access_token: str
    uris: Sequence[Any] | str
    source: str
    target: str
    position: int | str
    same: Literal["uri", "recording"]
    create: bool | str
    dry_run: bool | str

class CollectByPeriod(TypedDict, total=False):
    access_token: str
    source: Literal["saved", "played"]
    every: Literal["month", "week", "year"]
    name: str
    time_zone: str
    since: str
    dry_run: bool | str

class CopyLibrary(TypedDict, total=False):
    access_token: str
    source: str
    what: Sequence[Any] | str
    dry_run: bool | str

class CopyPlaylist(TypedDict, total=False):
    access_token: str
    source: str
    target: str
    create: bool | str
    how: Literal["moves", "replace", "auto"]
    dry_run: bool | str

class MergePlaylists(TypedDict, total=False):
    access_token: str
    sources: Sequence[Any] | str
    target: str
    duplicates: bool | str
    create: bool | str
    how: Literal["moves", "replace", "auto"]
    dry_run: bool | str

class SubtractPlaylists(TypedDict, total=False):
    access_token: str
    sources: Sequence[Any] | str
    target: str
    create: bool | str
    how: Literal["moves", "replace", "auto"]
    dry_run: bool | str

class IntersectPlaylists(TypedDict, total=False):
    access_token: str
    sources: Sequence[Any] | str
    target: str
    create: bool | str
    how: Literal["moves", "replace", "auto"]
    dry_run: bool | str

class NewReleasesToPlaylist(TypedDict, total=False):
    access_token: str
    target: str
    since: str
    state: str
    kinds: Sequence[Any] | str
    without: Sequence[Any] | str
    without_words: Sequence[Any] | str
    create: bool | str
    dry_run: bool | str

class LatestEpisodesToPlaylist(TypedDict, total=False):
    access_token: str
    target: str
    since: str
    state: str
    without: Sequence[Any] | str
    without_words: Sequence[Any] | str
    create: bool | str
    dry_run: bool | str

class QueueItems(TypedDict, total=False):
    access_token: str
    uris: Sequence[Any] | str
    source: str
    count: int | str
    device_id: str
    dry_run: bool | str

class PlayOn(TypedDict, total=False):
    access_token: str
    device: str
    source: str
    uris: Sequence[Any] | str
    volume: int | str
    fade: int | str
    wait: int | str
    dry_run: bool | str

class AddCurrentTrack(TypedDict, total=False):
    access_token: str
    target: str
    create: bool | str
    dry_run: bool | str

class DedupePlaylist(TypedDict, total=False):
    access_token: str
    playlist: str
    same: Literal["uri", "recording"]
    keep: Literal["oldest", "first"]
    dry_run: bool | str

class SortPlaylist(TypedDict, total=False):
    access_token: str
    playlist: str
    by: Literal["added", "artist", "title", "album", "release date", "duration", "popularity"]
    descending: bool | str
    how: Literal["moves", "replace", "auto"]
    dry_run: bool | str

class ShufflePlaylist(TypedDict, total=False):
    access_token: str
    playlist: str
    seed: str
    how: Literal["moves", "replace", "auto"]
    dry_run: bool | str

class FindTrack(TypedDict, total=False):
    access_token: str
    text: str
    title: str
    artist: str
    album: str
    duration: int | str
    isrc: str
    rows: Sequence[Any] | str
    least_score: int | str
    market: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]

class FindAlbum(TypedDict, total=False):
    access_token: str
    text: str
    title: str
    artist: str
    rows: Sequence[Any] | str
    least_score: int | str
    market: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]

class FindArtist(TypedDict, total=False):
    access_token: str
    text: str
    rows: Sequence[Any] | str
    least_score: int | str
    market: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]

class FindPlaylist(TypedDict, total=False):
    access_token: str
    text: str
    rows: Sequence[Any] | str
    least_score: int | str

class ExportPlaylist(TypedDict, total=False):
    access_token: str
    playlist: str
    format: Literal["csv", "json", "m3u8"]
    resume: str

class ExportLibrary(TypedDict, total=False):
    access_token: str
    parts: Sequence[Any] | str
    format: Literal["csv", "json", "m3u8"]
    resume: str

class ImportPlaylist(TypedDict, total=False):
    access_token: str
    file: str | bytes | PathLike[str]
    target: str
    mode: Literal["add", "mirror"]
    position: int | str
    create: bool | str
    dry_run: bool | str

class SearchTracks(TypedDict, total=False):
    access_token: str
    q: str
    track: str
    artist: str
    album: str
    year: str
    genre: str
    isrc: str
    market: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]
    max_items: int | str
    resume: str

class SearchAlbums(TypedDict, total=False):
    access_token: str
    q: str
    album: str
    artist: str
    year: str
    upc: str
    new: bool | str
    market: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]
    max_items: int | str
    resume: str

class SearchArtists(TypedDict, total=False):
    access_token: str
    q: str
    artist: str
    year: str
    genre: str
    market: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]
    max_items: int | str
    resume: str

class SearchPlaylists(TypedDict, total=False):
    access_token: str
    q: str
    market: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]
    max_items: int | str
    resume: str

class SearchShows(TypedDict, total=False):
    access_token: str
    q: str
    market: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]
    max_items: int | str
    resume: str

class SearchEpisodes(TypedDict, total=False):
    access_token: str
    q: str
    market: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]
    max_items: int | str
    resume: str

class SearchAudiobooks(TypedDict, total=False):
    access_token: str
    q: str
    market: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]
    max_items: int | str
    resume: str

class Search(TypedDict, total=False):
    access_token: str
    q: str
    type: Sequence[Any] | str
    limit: int | str
    track: str
    artist: str
    album: str
    year: str
    genre: str
    isrc: str
    upc: str
    new: bool | str
    market: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]

class GetUserPlaylists(TypedDict, total=False):
    access_token: str
    max_items: int | str
    resume: str

class GetPlaylist(TypedDict, total=False):
    access_token: str
    playlist_id: str
    market: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]

class GetPlaylistItems(TypedDict, total=False):
    access_token: str
    playlist_id: str
    market: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]
    max_items: int | str
    resume: str

class AddItemsToPlaylist(TypedDict, total=False):
    access_token: str
    playlist_id: str
    uris: Sequence[Any] | str
    position: int | str

class RemoveItemsFromPlaylist(TypedDict, total=False):
    access_token: str
    playlist_id: str
    uris: Sequence[Any] | str
    snapshot_id: str

class ReplacePlaylistItems(TypedDict, total=False):
    access_token: str
    playlist_id: str
    uris: Sequence[Any] | str

class ReorderPlaylistItems(TypedDict, total=False):
    access_token: str
    playlist_id: str
    range_start: int | str
    insert_before: int | str
    range_length: int | str
    snapshot_id: str

class ClearPlaylist(TypedDict, total=False):
    access_token: str
    playlist_id: str

class CreatePlaylist(TypedDict, total=False):
    access_token: str
    name: str
    description: str
    public: bool | str
    collaborative: bool | str
    if_exists: Literal["create", "reuse"]

class UpdatePlaylist(TypedDict, total=False):
    access_token: str
    playlist_id: str
    name: str
    description: str
    public: bool | str
    collaborative: bool | str

class GetPlaylistCover(TypedDict, total=False):
    access_token: str
    playlist_id: str

class UploadPlaylistCover(TypedDict, total=False):
    access_token: str
    playlist_id: str
    image: str | bytes | PathLike[str]

class GetPlaylistsOfUser(TypedDict, total=False):
    access_token: str
    user_id: str
    max_items: int | str
    resume: str

class GetPlaybackState(TypedDict, total=False):
    access_token: str
    market: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]

class GetCurrentlyPlaying(TypedDict, total=False):
    access_token: str
    market: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]

class GetRecentlyPlayed(TypedDict, total=False):
    access_token: str
    after: int | str
    before: int | str
    max_items: int | str
    resume: str

class GetQueue(TypedDict, total=False):
    access_token: str

class GetDevices(TypedDict, total=False):
    access_token: str

class StartPlayback(TypedDict, total=False):
    access_token: str
    context_uri: str
    uris: Sequence[Any] | str
    offset_position: int | str
    offset_uri: str
    position_ms: int | str
    device_id: str

class ResumePlayback(TypedDict, total=False):
    access_token: str
    device_id: str

class PausePlayback(TypedDict, total=False):
    access_token: str
    device_id: str

class SkipToNext(TypedDict, total=False):
    access_token: str
    device_id: str

class SkipToPrevious(TypedDict, total=False):
    access_token: str
    device_id: str

class SeekToPosition(TypedDict, total=False):
    access_token: str
    position_ms: int | str
    device_id: str

class SetVolume(TypedDict, total=False):
    access_token: str
    volume_percent: str
    device_id: str

class SetShuffle(TypedDict, total=False):
    access_token: str
    state: bool | str
    device_id: str

class SetRepeat(TypedDict, total=False):
    access_token: str
    state: Literal["track", "context", "off"]
    device_id: str

class AddToQueue(TypedDict, total=False):
    access_token: str
    uri: str
    device_id: str

class TransferPlayback(TypedDict, total=False):
    access_token: str
    device_id: str
    play: bool | str

class SaveToLibrary(TypedDict, total=False):
    access_token: str
    uris: Sequence[Any] | str

class RemoveFromLibrary(TypedDict, total=False):
    access_token: str
    uris: Sequence[Any] | str

class CheckLibrary(TypedDict, total=False):
    access_token: str
    uris: Sequence[Any] | str

class SaveTrack(TypedDict, total=False):
    access_token: str
    id: Sequence[Any] | str

class GetUserSavedTracks(TypedDict, total=False):
    access_token: str
    market: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]
    max_items: int | str
    resume: str

class RemoveSavedTrack(TypedDict, total=False):
    access_token: str
    id: Sequence[Any] | str

class CheckSavedTrack(TypedDict, total=False):
    access_token: str
    id: Sequence[Any] | str

class SaveAlbumForUser(TypedDict, total=False):
    access_token: str
    id: Sequence[Any] | str

class GetUserSavedAlbums(TypedDict, total=False):
    access_token: str
    market: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]
    max_items: int | str
    resume: str

class RemoveSavedAlbum(TypedDict, total=False):
    access_token: str
    id: Sequence[Any] | str

class CheckSavedAlbum(TypedDict, total=False):
    access_token: str
    id: Sequence[Any] | str

class SaveShow(TypedDict, total=False):
    access_token: str
    id: Sequence[Any] | str

class GetUserSavedShows(TypedDict, total=False):
    access_token: str
    max_items: int | str
    resume: str

class RemoveSavedShow(TypedDict, total=False):
    access_token: str
    id: Sequence[Any] | str

class CheckSavedShow(TypedDict, total=False):
    access_token: str
    id: Sequence[Any] | str

class SaveEpisode(TypedDict, total=False):
    access_token: str
    id: Sequence[Any] | str

class GetUserSavedEpisodes(TypedDict, total=False):
    access_token: str
    market: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]
    max_items: int | str
    resume: str

class RemoveSavedEpisode(TypedDict, total=False):
    access_token: str
    id: Sequence[Any] | str

class CheckSavedEpisode(TypedDict, total=False):
    access_token: str
    id: Sequence[Any] | str

class SaveAudiobook(TypedDict, total=False):
    access_token: str
    id: Sequence[Any] | str

class GetUserSavedAudiobooks(TypedDict, total=False):
    access_token: str
    max_items: int | str
    resume: str

class RemoveSavedAudiobook(TypedDict, total=False):
    access_token: str
    id: Sequence[Any] | str

class CheckSavedAudiobook(TypedDict, total=False):
    access_token: str
    id: Sequence[Any] | str

class GetTrack(TypedDict, total=False):
    access_token: str
    id: str
    market: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]

class GetAlbum(TypedDict, total=False):
    access_token: str
    id: str
    market: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]

class GetAlbumTracks(TypedDict, total=False):
    access_token: str
    id: str
    market: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]
    max_items: int | str
    resume: str

class GetArtist(TypedDict, total=False):
    access_token: str
    id: str

class GetArtistAlbums(TypedDict, total=False):
    access_token: str
    id: str
    include_groups: Sequence[Any] | str
    market: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]
    max_items: int | str
    resume: str

class GetTracks(TypedDict, total=False):
    access_token: str
    ids: Sequence[Any] | str
    market: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]

class GetAlbums(TypedDict, total=False):
    access_token: str
    ids: Sequence[Any] | str
    market: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]

class GetArtists(TypedDict, total=False):
    access_token: str
    ids: Sequence[Any] | str

class GetArtistTopTracks(TypedDict, total=False):
    access_token: str
    id: str
    market: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]

class GetTrackAudioFeatures(TypedDict, total=False):
    access_token: str
    id: str

class GetTracksAudioFeatures(TypedDict, total=False):
    access_token: str
    ids: Sequence[Any] | str

class GetTrackAudioAnalysis(TypedDict, total=False):
    access_token: str
    id: str

class GetRelatedArtists(TypedDict, total=False):
    access_token: str
    id: str

class GetShow(TypedDict, total=False):
    access_token: str
    id: str
    market: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]

class GetShowEpisodes(TypedDict, total=False):
    access_token: str
    id: str
    market: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]
    max_items: int | str
    resume: str

class GetEpisode(TypedDict, total=False):
    access_token: str
    id: str
    market: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]

class GetAudiobook(TypedDict, total=False):
    access_token: str
    id: str
    market: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]

class GetAudiobookChapters(TypedDict, total=False):
    access_token: str
    id: str
    market: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]
    max_items: int | str
    resume: str

class GetChapter(TypedDict, total=False):
    access_token: str
    id: str
    market: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]

class GetShows(TypedDict, total=False):
    access_token: str
    ids: Sequence[Any] | str
    market: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]

class GetEpisodes(TypedDict, total=False):
    access_token: str
    ids: Sequence[Any] | str
    market: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]

class GetAudiobooks(TypedDict, total=False):
    access_token: str
    ids: Sequence[Any] | str
    market: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]

class GetChapters(TypedDict, total=False):
    access_token: str
    ids: Sequence[Any] | str
    market: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]

class GetFollowedArtists(TypedDict, total=False):
    access_token: str
    max_items: int | str
    resume: str

class FollowUser(TypedDict, total=False):
    access_token: str
    id: str

class FollowArtist(TypedDict, total=False):
    access_token: str
    id: str

class UnfollowUser(TypedDict, total=False):
    access_token: str
    id: str

class UnfollowArtist(TypedDict, total=False):
    access_token: str
    id: str

class CheckFollowUser(TypedDict, total=False):
    access_token: str
    id: str

class CheckFollowArtist(TypedDict, total=False):
    access_token: str
    id: str

class FollowPlaylist(TypedDict, total=False):
    access_token: str
    owner_id: str
    playlist_id: str
    public: bool | str

class UnfollowPlaylist(TypedDict, total=False):
    access_token: str
    owner_id: str
    playlist_id: str

class CheckFollowPlaylist(TypedDict, total=False):
    access_token: str
    playlist_id: str

class GetCurrentUserProfile(TypedDict, total=False):
    access_token: str

class GetUserTopArtists(TypedDict, total=False):
    access_token: str
    time_range: Literal["long_term", "medium_term", "short_term"]
    max_items: int | str
    resume: str

class GetUserTopTracks(TypedDict, total=False):
    access_token: str
    time_range: Literal["long_term", "medium_term", "short_term"]
    max_items: int | str
    resume: str

class GetRecommendations(TypedDict, total=False):
    access_token: str
    seed_artists: Sequence[Any] | str
    seed_genres: Sequence[Any] | str
    seed_tracks: Sequence[Any] | str
    market: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]
    limit: int | str
    acousticness_min: float | str
    acousticness_max: float | str
    acousticness_target: float | str
    danceability_min: float | str
    danceability_max: float | str
    danceability_target: float | str
    duration_ms_min: int | str
    duration_ms_max: int | str
    duration_ms_target: int | str
    energy_min: float | str
    energy_max: float | str
    energy_target: float | str
    instrumentalness_min: float | str
    instrumentalness_max: float | str
    instrumentalness_target: float | str
    key_min: int | str
    key_max: int | str
    key_target: int | str
    liveness_min: float | str
    liveness_max: float | str
    liveness_target: float | str
    loudness_min: float | str
    loudness_max: float | str
    loudness_target: float | str
    mode_min: int | str
    mode_max: int | str
    mode_target: int | str
    popularity_min: int | str
    popularity_max: int | str
    popularity_target: int | str
    speechiness_min: float | str
    speechiness_max: float | str
    speechiness_target: float | str
    tempo_min: float | str
    tempo_max: float | str
    tempo_target: float | str
    time_signature_min: int | str
    time_signature_max: int | str
    time_signature_target: int | str
    valence_min: float | str
    valence_max: float | str
    valence_target: float | str

class GetRecommendationGenres(TypedDict, total=False):
    access_token: str

class GetUserProfile(TypedDict, total=False):
    access_token: str
    user_id: str

class GetNewReleases(TypedDict, total=False):
    access_token: str
    country: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]
    max_items: int | str
    resume: str

class GetCategoryPlaylists(TypedDict, total=False):
    access_token: str
    id: str
    country: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]
    max_items: int | str
    resume: str

class GetFeaturedPlaylists(TypedDict, total=False):
    access_token: str
    locale: str
    country: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]
    timestamp: str
    max_items: int | str
    resume: str

class GetCategories(TypedDict, total=False):
    access_token: str
    country: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]
    locale: str
    max_items: int | str
    resume: str

class GetCategory(TypedDict, total=False):
    access_token: str
    id: str
    country: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]
    locale: str

class GetMarkets(TypedDict, total=False):
    access_token: str

class GetAccessToken(TypedDict, total=False):
    client_id: str
    client_key: str
    code: str
    redirect_uri: str

class RefreshToken(TypedDict, total=False):
    client_id: str
    client_key: str
    refresh_token: str

class GetClientAccessToken(TypedDict, total=False):
    client_id: str
    client_key: str

class NewSavedTrack(TypedDict, total=False):
    access_token: str
    market: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]
    also_last: int | str
    max_events: int | str
    thorough: bool | str

class NewSavedAlbum(TypedDict, total=False):
    access_token: str
    market: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]
    also_last: int | str
    max_events: int | str
    thorough: bool | str

class NewSavedEpisode(TypedDict, total=False):
    access_token: str
    market: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]
    also_last: int | str
    max_events: int | str
    thorough: bool | str

class NewSavedShow(TypedDict, total=False):
    access_token: str
    also_last: int | str
    max_events: int | str
    thorough: bool | str

class SavedTrackRemoved(TypedDict, total=False):
    access_token: str
    market: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]
    also_last: int | str
    max_events: int | str
    thorough: bool | str

class NewPlaylistItem(TypedDict, total=False):
    access_token: str
    playlist_id: str
    market: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]
    also_last: int | str
    max_events: int | str
    thorough: bool | str

class PlaylistItemRemoved(TypedDict, total=False):
    access_token: str
    playlist_id: str
    market: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]
    also_last: int | str
    max_events: int | str
    thorough: bool | str

class PlaylistChanged(TypedDict, total=False):
    access_token: str
    also_last: int | str
    max_events: int | str
    thorough: bool | str

class NewPlaylist(TypedDict, total=False):
    access_token: str
    also_last: int | str
    max_events: int | str
    thorough: bool | str

class NewFollowedArtist(TypedDict, total=False):
    access_token: str
    also_last: int | str
    max_events: int | str
    thorough: bool | str

class PlayedTrack(TypedDict, total=False):
    access_token: str
    also_last: int | str
    max_events: int | str
    thorough: bool | str

class PlaybackChanged(TypedDict, total=False):
    access_token: str
    market: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]
    changes: Sequence[Any] | str
    also_last: int | str
    max_events: int | str
    thorough: bool | str

class NewEpisodeOfSavedShow(TypedDict, total=False):
    access_token: str
    also_last: int | str
    max_events: int | str
    thorough: bool | str

class NewReleaseByFollowedArtist(TypedDict, total=False):
    access_token: str
    kinds: Sequence[Any] | str
    also_last: int | str
    max_events: int | str
    thorough: bool | str

class TopTracksChanged(TypedDict, total=False):
    access_token: str
    time_range: Literal["long_term", "medium_term", "short_term"]
    first: int | str
    also_last: int | str
    max_events: int | str
    thorough: bool | str

class TopArtistsChanged(TypedDict, total=False):
    access_token: str
    time_range: Literal["long_term", "medium_term", "short_term"]
    first: int | str
    also_last: int | str
    max_events: int | str
    thorough: bool | str

class SearchResult(TypedDict, total=False):
    access_token: str
    q: str
    track: str
    artist: str
    album: str
    year: str
    genre: str
    isrc: str
    market: Literal["AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW"]
    also_last: int | str
    max_events: int | str
    thorough: bool | str

class SignInEndsSoon(TypedDict, total=False):
    access_token: str
    also_last: int | str
    max_events: int | str
    thorough: bool | str

class QuotaExceeded(TypedDict, total=False):
    access_token: str
    also_last: int | str
    max_events: int | str
    thorough: bool | str

class PackagedConnector(Connector):
    @overload  # type: ignore[override]
    def invoke(self, block: Literal["mirrorSavedTracks"], args: MirrorSavedTracks | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["mirrorPlaylist"], args: MirrorPlaylist | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["keepLastItems"], args: KeepLastItems | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["addMissingItems"], args: AddMissingItems | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["collectByPeriod"], args: CollectByPeriod | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["copyLibrary"], args: CopyLibrary | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["copyPlaylist"], args: CopyPlaylist | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["mergePlaylists"], args: MergePlaylists | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["subtractPlaylists"], args: SubtractPlaylists | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["intersectPlaylists"], args: IntersectPlaylists | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["newReleasesToPlaylist"], args: NewReleasesToPlaylist | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["latestEpisodesToPlaylist"], args: LatestEpisodesToPlaylist | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["queueItems"], args: QueueItems | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["playOn"], args: PlayOn | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["addCurrentTrack"], args: AddCurrentTrack | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["dedupePlaylist"], args: DedupePlaylist | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["sortPlaylist"], args: SortPlaylist | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["shufflePlaylist"], args: ShufflePlaylist | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["findTrack"], args: FindTrack | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["findAlbum"], args: FindAlbum | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["findArtist"], args: FindArtist | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["findPlaylist"], args: FindPlaylist | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["exportPlaylist"], args: ExportPlaylist | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["exportLibrary"], args: ExportLibrary | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["importPlaylist"], args: ImportPlaylist | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["searchTracks"], args: SearchTracks | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["searchAlbums"], args: SearchAlbums | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["searchArtists"], args: SearchArtists | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["searchPlaylists"], args: SearchPlaylists | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["searchShows"], args: SearchShows | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["searchEpisodes"], args: SearchEpisodes | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["searchAudiobooks"], args: SearchAudiobooks | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["search"], args: Search | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getUserPlaylists"], args: GetUserPlaylists | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getPlaylist"], args: GetPlaylist | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getPlaylistItems"], args: GetPlaylistItems | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["addItemsToPlaylist"], args: AddItemsToPlaylist | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["removeItemsFromPlaylist"], args: RemoveItemsFromPlaylist | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["replacePlaylistItems"], args: ReplacePlaylistItems | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["reorderPlaylistItems"], args: ReorderPlaylistItems | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["clearPlaylist"], args: ClearPlaylist | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["createPlaylist"], args: CreatePlaylist | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["updatePlaylist"], args: UpdatePlaylist | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getPlaylistCover"], args: GetPlaylistCover | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["uploadPlaylistCover"], args: UploadPlaylistCover | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getPlaylistsOfUser"], args: GetPlaylistsOfUser | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getPlaybackState"], args: GetPlaybackState | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getCurrentlyPlaying"], args: GetCurrentlyPlaying | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getRecentlyPlayed"], args: GetRecentlyPlayed | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getQueue"], args: GetQueue | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getDevices"], args: GetDevices | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["startPlayback"], args: StartPlayback | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["resumePlayback"], args: ResumePlayback | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["pausePlayback"], args: PausePlayback | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["skipToNext"], args: SkipToNext | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["skipToPrevious"], args: SkipToPrevious | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["seekToPosition"], args: SeekToPosition | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["setVolume"], args: SetVolume | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["setShuffle"], args: SetShuffle | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["setRepeat"], args: SetRepeat | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["addToQueue"], args: AddToQueue | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["transferPlayback"], args: TransferPlayback | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["saveToLibrary"], args: SaveToLibrary | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["removeFromLibrary"], args: RemoveFromLibrary | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["checkLibrary"], args: CheckLibrary | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["saveTrack"], args: SaveTrack | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getUserSavedTracks"], args: GetUserSavedTracks | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["removeSavedTrack", "removeSavedTracks"], args: RemoveSavedTrack | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["checkSavedTrack"], args: CheckSavedTrack | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["saveAlbumForUser", "saveAlbum"], args: SaveAlbumForUser | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getUserSavedAlbums"], args: GetUserSavedAlbums | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["removeSavedAlbum"], args: RemoveSavedAlbum | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["checkSavedAlbum"], args: CheckSavedAlbum | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["saveShow"], args: SaveShow | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getUserSavedShows"], args: GetUserSavedShows | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["removeSavedShow"], args: RemoveSavedShow | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["checkSavedShow"], args: CheckSavedShow | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["saveEpisode"], args: SaveEpisode | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getUserSavedEpisodes"], args: GetUserSavedEpisodes | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["removeSavedEpisode"], args: RemoveSavedEpisode | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["checkSavedEpisode"], args: CheckSavedEpisode | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["saveAudiobook"], args: SaveAudiobook | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getUserSavedAudiobooks"], args: GetUserSavedAudiobooks | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["removeSavedAudiobook"], args: RemoveSavedAudiobook | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["checkSavedAudiobook"], args: CheckSavedAudiobook | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getTrack"], args: GetTrack | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getAlbum"], args: GetAlbum | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getAlbumTracks"], args: GetAlbumTracks | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getArtist"], args: GetArtist | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getArtistAlbums"], args: GetArtistAlbums | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getTracks"], args: GetTracks | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getAlbums"], args: GetAlbums | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getArtists"], args: GetArtists | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getArtistTopTracks"], args: GetArtistTopTracks | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getTrackAudioFeatures"], args: GetTrackAudioFeatures | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getTracksAudioFeatures"], args: GetTracksAudioFeatures | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getTrackAudioAnalysis"], args: GetTrackAudioAnalysis | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getRelatedArtists"], args: GetRelatedArtists | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getShow"], args: GetShow | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getShowEpisodes"], args: GetShowEpisodes | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getEpisode"], args: GetEpisode | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getAudiobook"], args: GetAudiobook | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getAudiobookChapters"], args: GetAudiobookChapters | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getChapter"], args: GetChapter | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getShows"], args: GetShows | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getEpisodes"], args: GetEpisodes | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getAudiobooks"], args: GetAudiobooks | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getChapters"], args: GetChapters | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getFollowedArtists"], args: GetFollowedArtists | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["followUser"], args: FollowUser | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["followArtist"], args: FollowArtist | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["unfollowUser"], args: UnfollowUser | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["unfollowArtist"], args: UnfollowArtist | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["checkFollowUser"], args: CheckFollowUser | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["checkFollowArtist"], args: CheckFollowArtist | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["followPlaylist"], args: FollowPlaylist | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["unfollowPlaylist"], args: UnfollowPlaylist | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["checkFollowPlaylist"], args: CheckFollowPlaylist | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getCurrentUserProfile"], args: GetCurrentUserProfile | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getUserTopArtists"], args: GetUserTopArtists | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getUserTopTracks"], args: GetUserTopTracks | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getRecommendations"], args: GetRecommendations | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getRecommendationGenres"], args: GetRecommendationGenres | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getUserProfile"], args: GetUserProfile | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getNewReleases"], args: GetNewReleases | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getCategoryPlaylists"], args: GetCategoryPlaylists | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getFeaturedPlaylists"], args: GetFeaturedPlaylists | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getCategories"], args: GetCategories | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getCategory"], args: GetCategory | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getMarkets"], args: GetMarkets | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getAccessToken"], args: GetAccessToken | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["refreshToken", "refreshAccessToken"], args: RefreshToken | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload
    def invoke(self, block: Literal["getClientAccessToken"], args: GetClientAccessToken | Mapping[str, Any] | None = None, **options: Unpack[InvokeOptions]) -> Result: ...
    @overload  # type: ignore[override]
    def stream(self, block: Literal["mirrorSavedTracks"], args: MirrorSavedTracks | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["mirrorPlaylist"], args: MirrorPlaylist | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["keepLastItems"], args: KeepLastItems | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["addMissingItems"], args: AddMissingItems | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["collectByPeriod"], args: CollectByPeriod | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["copyLibrary"], args: CopyLibrary | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["copyPlaylist"], args: CopyPlaylist | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["mergePlaylists"], args: MergePlaylists | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["subtractPlaylists"], args: SubtractPlaylists | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["intersectPlaylists"], args: IntersectPlaylists | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["newReleasesToPlaylist"], args: NewReleasesToPlaylist | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["latestEpisodesToPlaylist"], args: LatestEpisodesToPlaylist | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["queueItems"], args: QueueItems | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["playOn"], args: PlayOn | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["addCurrentTrack"], args: AddCurrentTrack | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["dedupePlaylist"], args: DedupePlaylist | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["sortPlaylist"], args: SortPlaylist | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["shufflePlaylist"], args: ShufflePlaylist | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["findTrack"], args: FindTrack | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["findAlbum"], args: FindAlbum | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["findArtist"], args: FindArtist | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["findPlaylist"], args: FindPlaylist | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["exportPlaylist"], args: ExportPlaylist | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["exportLibrary"], args: ExportLibrary | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["importPlaylist"], args: ImportPlaylist | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["searchTracks"], args: SearchTracks | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["searchAlbums"], args: SearchAlbums | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["searchArtists"], args: SearchArtists | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["searchPlaylists"], args: SearchPlaylists | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["searchShows"], args: SearchShows | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["searchEpisodes"], args: SearchEpisodes | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["searchAudiobooks"], args: SearchAudiobooks | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["search"], args: Search | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getUserPlaylists"], args: GetUserPlaylists | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getPlaylist"], args: GetPlaylist | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getPlaylistItems"], args: GetPlaylistItems | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["addItemsToPlaylist"], args: AddItemsToPlaylist | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["removeItemsFromPlaylist"], args: RemoveItemsFromPlaylist | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["replacePlaylistItems"], args: ReplacePlaylistItems | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["reorderPlaylistItems"], args: ReorderPlaylistItems | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["clearPlaylist"], args: ClearPlaylist | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["createPlaylist"], args: CreatePlaylist | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["updatePlaylist"], args: UpdatePlaylist | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getPlaylistCover"], args: GetPlaylistCover | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["uploadPlaylistCover"], args: UploadPlaylistCover | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getPlaylistsOfUser"], args: GetPlaylistsOfUser | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getPlaybackState"], args: GetPlaybackState | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getCurrentlyPlaying"], args: GetCurrentlyPlaying | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getRecentlyPlayed"], args: GetRecentlyPlayed | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getQueue"], args: GetQueue | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getDevices"], args: GetDevices | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["startPlayback"], args: StartPlayback | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["resumePlayback"], args: ResumePlayback | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["pausePlayback"], args: PausePlayback | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["skipToNext"], args: SkipToNext | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["skipToPrevious"], args: SkipToPrevious | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["seekToPosition"], args: SeekToPosition | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["setVolume"], args: SetVolume | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["setShuffle"], args: SetShuffle | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["setRepeat"], args: SetRepeat | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["addToQueue"], args: AddToQueue | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["transferPlayback"], args: TransferPlayback | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["saveToLibrary"], args: SaveToLibrary | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["removeFromLibrary"], args: RemoveFromLibrary | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["checkLibrary"], args: CheckLibrary | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["saveTrack"], args: SaveTrack | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getUserSavedTracks"], args: GetUserSavedTracks | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["removeSavedTrack", "removeSavedTracks"], args: RemoveSavedTrack | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["checkSavedTrack"], args: CheckSavedTrack | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["saveAlbumForUser", "saveAlbum"], args: SaveAlbumForUser | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getUserSavedAlbums"], args: GetUserSavedAlbums | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["removeSavedAlbum"], args: RemoveSavedAlbum | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["checkSavedAlbum"], args: CheckSavedAlbum | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["saveShow"], args: SaveShow | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getUserSavedShows"], args: GetUserSavedShows | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["removeSavedShow"], args: RemoveSavedShow | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["checkSavedShow"], args: CheckSavedShow | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["saveEpisode"], args: SaveEpisode | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getUserSavedEpisodes"], args: GetUserSavedEpisodes | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["removeSavedEpisode"], args: RemoveSavedEpisode | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["checkSavedEpisode"], args: CheckSavedEpisode | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["saveAudiobook"], args: SaveAudiobook | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getUserSavedAudiobooks"], args: GetUserSavedAudiobooks | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["removeSavedAudiobook"], args: RemoveSavedAudiobook | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["checkSavedAudiobook"], args: CheckSavedAudiobook | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getTrack"], args: GetTrack | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getAlbum"], args: GetAlbum | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getAlbumTracks"], args: GetAlbumTracks | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getArtist"], args: GetArtist | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getArtistAlbums"], args: GetArtistAlbums | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getTracks"], args: GetTracks | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getAlbums"], args: GetAlbums | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getArtists"], args: GetArtists | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getArtistTopTracks"], args: GetArtistTopTracks | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getTrackAudioFeatures"], args: GetTrackAudioFeatures | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getTracksAudioFeatures"], args: GetTracksAudioFeatures | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getTrackAudioAnalysis"], args: GetTrackAudioAnalysis | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getRelatedArtists"], args: GetRelatedArtists | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getShow"], args: GetShow | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getShowEpisodes"], args: GetShowEpisodes | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getEpisode"], args: GetEpisode | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getAudiobook"], args: GetAudiobook | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getAudiobookChapters"], args: GetAudiobookChapters | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getChapter"], args: GetChapter | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getShows"], args: GetShows | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getEpisodes"], args: GetEpisodes | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getAudiobooks"], args: GetAudiobooks | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getChapters"], args: GetChapters | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getFollowedArtists"], args: GetFollowedArtists | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["followUser"], args: FollowUser | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["followArtist"], args: FollowArtist | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["unfollowUser"], args: UnfollowUser | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["unfollowArtist"], args: UnfollowArtist | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["checkFollowUser"], args: CheckFollowUser | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["checkFollowArtist"], args: CheckFollowArtist | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["followPlaylist"], args: FollowPlaylist | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["unfollowPlaylist"], args: UnfollowPlaylist | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["checkFollowPlaylist"], args: CheckFollowPlaylist | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getCurrentUserProfile"], args: GetCurrentUserProfile | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getUserTopArtists"], args: GetUserTopArtists | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getUserTopTracks"], args: GetUserTopTracks | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getRecommendations"], args: GetRecommendations | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getRecommendationGenres"], args: GetRecommendationGenres | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getUserProfile"], args: GetUserProfile | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getNewReleases"], args: GetNewReleases | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getCategoryPlaylists"], args: GetCategoryPlaylists | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getFeaturedPlaylists"], args: GetFeaturedPlaylists | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getCategories"], args: GetCategories | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getCategory"], args: GetCategory | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getMarkets"], args: GetMarkets | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getAccessToken"], args: GetAccessToken | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["refreshToken", "refreshAccessToken"], args: RefreshToken | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload
    def stream(self, block: Literal["getClientAccessToken"], args: GetClientAccessToken | Mapping[str, Any] | None = None, **options: Unpack[CallOptions]) -> Generator[Any, None, None]: ...
    @overload  # type: ignore[override]
    def poll(self, trigger: Literal["newSavedTrack"], args: NewSavedTrack | Mapping[str, Any] | None = None, state: Any = None, **options: Unpack[PollOptions]) -> Poll: ...
    @overload
    def poll(self, trigger: Literal["newSavedAlbum"], args: NewSavedAlbum | Mapping[str, Any] | None = None, state: Any = None, **options: Unpack[PollOptions]) -> Poll: ...
    @overload
    def poll(self, trigger: Literal["newSavedEpisode"], args: NewSavedEpisode | Mapping[str, Any] | None = None, state: Any = None, **options: Unpack[PollOptions]) -> Poll: ...
    @overload
    def poll(self, trigger: Literal["newSavedShow"], args: NewSavedShow | Mapping[str, Any] | None = None, state: Any = None, **options: Unpack[PollOptions]) -> Poll: ...
    @overload
    def poll(self, trigger: Literal["savedTrackRemoved"], args: SavedTrackRemoved | Mapping[str, Any] | None = None, state: Any = None, **options: Unpack[PollOptions]) -> Poll: ...
    @overload
    def poll(self, trigger: Literal["newPlaylistItem"], args: NewPlaylistItem | Mapping[str, Any] | None = None, state: Any = None, **options: Unpack[PollOptions]) -> Poll: ...
    @overload
    def poll(self, trigger: Literal["playlistItemRemoved"], args: PlaylistItemRemoved | Mapping[str, Any] | None = None, state: Any = None, **options: Unpack[PollOptions]) -> Poll: ...
    @overload
    def poll(self, trigger: Literal["playlistChanged"], args: PlaylistChanged | Mapping[str, Any] | None = None, state: Any = None, **options: Unpack[PollOptions]) -> Poll: ...
    @overload
    def poll(self, trigger: Literal["newPlaylist"], args: NewPlaylist | Mapping[str, Any] | None = None, state: Any = None, **options: Unpack[PollOptions]) -> Poll: ...
    @overload
    def poll(self, trigger: Literal["newFollowedArtist"], args: NewFollowedArtist | Mapping[str, Any] | None = None, state: Any = None, **options: Unpack[PollOptions]) -> Poll: ...
    @overload
    def poll(self, trigger: Literal["playedTrack"], args: PlayedTrack | Mapping[str, Any] | None = None, state: Any = None, **options: Unpack[PollOptions]) -> Poll: ...
    @overload
    def poll(self, trigger: Literal["playbackChanged"], args: PlaybackChanged | Mapping[str, Any] | None = None, state: Any = None, **options: Unpack[PollOptions]) -> Poll: ...
    @overload
    def poll(self, trigger: Literal["newEpisodeOfSavedShow"], args: NewEpisodeOfSavedShow | Mapping[str, Any] | None = None, state: Any = None, **options: Unpack[PollOptions]) -> Poll: ...
    @overload
    def poll(self, trigger: Literal["newReleaseByFollowedArtist"], args: NewReleaseByFollowedArtist | Mapping[str, Any] | None = None, state: Any = None, **options: Unpack[PollOptions]) -> Poll: ...
    @overload
    def poll(self, trigger: Literal["topTracksChanged"], args: TopTracksChanged | Mapping[str, Any] | None = None, state: Any = None, **options: Unpack[PollOptions]) -> Poll: ...
    @overload
    def poll(self, trigger: Literal["topArtistsChanged"], args: TopArtistsChanged | Mapping[str, Any] | None = None, state: Any = None, **options: Unpack[PollOptions]) -> Poll: ...
    @overload
    def poll(self, trigger: Literal["searchResult"], args: SearchResult | Mapping[str, Any] | None = None, state: Any = None, **options: Unpack[PollOptions]) -> Poll: ...
    @overload
    def poll(self, trigger: Literal["signInEndsSoon"], args: SignInEndsSoon | Mapping[str, Any] | None = None, state: Any = None, **options: Unpack[PollOptions]) -> Poll: ...
    @overload
    def poll(self, trigger: Literal["quotaExceeded"], args: QuotaExceeded | Mapping[str, Any] | None = None, state: Any = None, **options: Unpack[PollOptions]) -> Poll: ...
    @overload  # type: ignore[override]
    def watch(self, trigger: Literal["newSavedTrack"], args: NewSavedTrack | Mapping[str, Any] | None = None, **options: Unpack[WatchOptions]) -> Generator[Event, None, None]: ...
    @overload
    def watch(self, trigger: Literal["newSavedAlbum"], args: NewSavedAlbum | Mapping[str, Any] | None = None, **options: Unpack[WatchOptions]) -> Generator[Event, None, None]: ...
    @overload
    def watch(self, trigger: Literal["newSavedEpisode"], args: NewSavedEpisode | Mapping[str, Any] | None = None, **options: Unpack[WatchOptions]) -> Generator[Event, None, None]: ...
    @overload
    def watch(self, trigger: Literal["newSavedShow"], args: NewSavedShow | Mapping[str, Any] | None = None, **options: Unpack[WatchOptions]) -> Generator[Event, None, None]: ...
    @overload
    def watch(self, trigger: Literal["savedTrackRemoved"], args: SavedTrackRemoved | Mapping[str, Any] | None = None, **options: Unpack[WatchOptions]) -> Generator[Event, None, None]: ...
    @overload
    def watch(self, trigger: Literal["newPlaylistItem"], args: NewPlaylistItem | Mapping[str, Any] | None = None, **options: Unpack[WatchOptions]) -> Generator[Event, None, None]: ...
    @overload
    def watch(self, trigger: Literal["playlistItemRemoved"], args: PlaylistItemRemoved | Mapping[str, Any] | None = None, **options: Unpack[WatchOptions]) -> Generator[Event, None, None]: ...
    @overload
    def watch(self, trigger: Literal["playlistChanged"], args: PlaylistChanged | Mapping[str, Any] | None = None, **options: Unpack[WatchOptions]) -> Generator[Event, None, None]: ...
    @overload
    def watch(self, trigger: Literal["newPlaylist"], args: NewPlaylist | Mapping[str, Any] | None = None, **options: Unpack[WatchOptions]) -> Generator[Event, None, None]: ...
    @overload
    def watch(self, trigger: Literal["newFollowedArtist"], args: NewFollowedArtist | Mapping[str, Any] | None = None, **options: Unpack[WatchOptions]) -> Generator[Event, None, None]: ...
    @overload
    def watch(self, trigger: Literal["playedTrack"], args: PlayedTrack | Mapping[str, Any] | None = None, **options: Unpack[WatchOptions]) -> Generator[Event, None, None]: ...
    @overload
    def watch(self, trigger: Literal["playbackChanged"], args: PlaybackChanged | Mapping[str, Any] | None = None, **options: Unpack[WatchOptions]) -> Generator[Event, None, None]: ...
    @overload
    def watch(self, trigger: Literal["newEpisodeOfSavedShow"], args: NewEpisodeOfSavedShow | Mapping[str, Any] | None = None, **options: Unpack[WatchOptions]) -> Generator[Event, None, None]: ...
    @overload
    def watch(self, trigger: Literal["newReleaseByFollowedArtist"], args: NewReleaseByFollowedArtist | Mapping[str, Any] | None = None, **options: Unpack[WatchOptions]) -> Generator[Event, None, None]: ...
    @overload
    def watch(self, trigger: Literal["topTracksChanged"], args: TopTracksChanged | Mapping[str, Any] | None = None, **options: Unpack[WatchOptions]) -> Generator[Event, None, None]: ...
    @overload
    def watch(self, trigger: Literal["topArtistsChanged"], args: TopArtistsChanged | Mapping[str, Any] | None = None, **options: Unpack[WatchOptions]) -> Generator[Event, None, None]: ...
    @overload
    def watch(self, trigger: Literal["searchResult"], args: SearchResult | Mapping[str, Any] | None = None, **options: Unpack[WatchOptions]) -> Generator[Event, None, None]: ...
    @overload
    def watch(self, trigger: Literal["signInEndsSoon"], args: SignInEndsSoon | Mapping[str, Any] | None = None, **options: Unpack[WatchOptions]) -> Generator[Event, None, None]: ...
    @overload
    def watch(self, trigger: Literal["quotaExceeded"], args: QuotaExceeded | Mapping[str, Any] | None = None, **options: Unpack[WatchOptions]) -> Generator[Event, None, None]: ...
