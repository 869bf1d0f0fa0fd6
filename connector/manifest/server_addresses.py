"""Where a server is, as someone wrote it → the form in which it is used, so that what can't be called is told of at
once."""

from __future__ import annotations

from urllib.parse import urlsplit

from connector.errors import ConnectorError

_BYTE_ORDER_MARK = "\ufeff"


def read_server_address(text: str, where: str) -> str:
    """The base address in `text`, without a slash at the end.

    Raises `ConnectorError`, which says `where` it stands and never repeats it, for it may hold a password.
    """
    address = text.strip().strip(_BYTE_ORDER_MARK).strip().rstrip("/")
    if problem := _find_problem(address):
        raise ConnectorError(
            f"{where} is no address of a server: {problem}. It is written https://HOST or http://HOST."
        )
    scheme, _, rest = address.partition("://")
    return f"{scheme.lower()}://{rest}"


def _find_problem(address: str) -> str | None:
    scheme, separator, rest = address.partition("://")
    if not separator or scheme.lower() not in ("http", "https"):
        return "it has to begin with https:// or http://"
    if not address.isprintable() or set(address) & set(' \\"<>'):
        return "it holds a letter that no address has"
    if "?" in rest or "#" in rest:
        return "it can't have a query (?) or a fragment (#)"
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        return "its host or its port can't be read"
    if "@" in parts.netloc:
        return "it can't have a user or a password (@)"
    if not host:
        return "it names no host"
    return "nothing can be reached at port 0" if port == 0 else None
