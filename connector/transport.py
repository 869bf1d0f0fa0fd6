"""One request over HTTP, on connections that are kept: `Request` → `Response`, in the time that is left.

Never follows a redirect, so a token stays with the server that it belongs to. Retries nothing and reads no meaning
into a status. The library is `requests`, by its adapter: what a session works out anew for each call (proxies, CA
bundle) is worked out here once for each server.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from requests.utils import get_environ_proxies

from connector.binding import Request
from connector.deadline import Deadline
from connector.errors import ErrorDetail, InvocationFailed

#: The largest body that is read, in bytes, after decompression.
BODY_LIMIT: Final = 32 * 1024 * 1024
_CHUNK: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Response:
    """A server's answer, read to its end: status, headers (names in any case) and decoded content."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class Transport:
    """Sends requests to named servers; safe to share between threads.

    `servers` maps names to base URLs; `pool_size` is the number of connections kept for each.
    """

    def __init__(self, servers: Mapping[str, str], user_agent: str, pool_size: int = 16) -> None:
        self._servers = dict(servers)
        self._user_agent = user_agent
        self._adapter = HTTPAdapter(pool_connections=len(self._servers) or 1, pool_maxsize=pool_size, max_retries=0)
        self._proxies = {name: get_environ_proxies(url) for name, url in self._servers.items()}
        self._verify = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True

    def send(self, request: Request, deadline: Deadline) -> Response:
        """The answer to `request`. Raises `InvocationFailed` (`network`, `timeout`, `bad_answer`) without one."""
        base = self._servers[request.server]
        left = deadline.left
        if left <= 0:
            raise _failed("timeout", base, "no answer in the time allowed")
        try:
            answer = self._adapter.send(
                self._prepare(request, base),
                stream=True,
                timeout=left,
                verify=self._verify,
                proxies=self._proxies[request.server],
            )
            try:
                content = self._read(answer.raw, base, deadline)
            finally:
                answer.close()
        except (requests.Timeout, urllib3.exceptions.TimeoutError):
            raise _failed("timeout", base, "no answer in the time allowed") from None
        except urllib3.exceptions.DecodeError:
            raise _failed("bad_answer", base, "the answer can't be decompressed") from None
        except requests.exceptions.SSLError:
            raise _failed("network", base, "no trusted connection (TLS); check the address and the CA bundle") from None
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError):
            raise _failed("network", base, "no connection, or it broke off; check the network and proxies") from None
        deadline.renew()
        return Response(answer.status_code, answer.headers, content)

    def close(self) -> None:
        """Closes all kept connections."""
        self._adapter.close()

    def _prepare(self, request: Request, base: str) -> requests.PreparedRequest:
        prepared = requests.PreparedRequest()
        prepared.method = request.method
        prepared.url = base + request.target
        headers: CaseInsensitiveDict[str] = CaseInsensitiveDict(request.headers)
        headers["User-Agent"] = self._user_agent
        headers["Accept-Encoding"] = "gzip, deflate"
        if request.content is not None:
            headers["Content-Length"] = str(len(request.content))
        elif request.method in ("PUT", "POST", "PATCH"):
            headers["Content-Length"] = "0"
        prepared.headers = headers
        prepared.body = request.content
        return prepared

    def _read(self, raw: urllib3.response.BaseHTTPResponse, base: str, deadline: Deadline) -> bytes:
        content = bytearray()
        # Not `stream`, which waits until a chunk is full: a server that drips bytes would outlast the deadline.
        raw.decode_content = True
        while chunk := raw.read1(_CHUNK):
            content += chunk
            if len(content) > BODY_LIMIT:
                raise _failed("bad_answer", base, f"the answer is larger than {BODY_LIMIT // 2**20} MiB")
            if deadline.left <= 0:
                raise _failed("timeout", base, "the answer did not end in the time allowed")
        return bytes(content)


def _failed(kind: str, base: str, what: str) -> InvocationFailed:
    return InvocationFailed(ErrorDetail(kind, f"{base}: {what}."))
