"""What a browser is shown when a sign-in has ended, or can't begin."""

from __future__ import annotations

from starlette.responses import Response

from connector.auth.sign_in_page import PAGE_HEADERS, render_page
from connector.runners.http_server.problems import Refused, status_of, to_retry_header


class SignInPage(Exception):
    """What a browser is shown instead of going on: a `status`, a heading and a text; `retry_after` is in seconds."""

    def __init__(self, status: int, heading: str, text: str, retry_after: float | None = None) -> None:
        super().__init__(text)
        self.status = status
        self.heading = heading
        self.text = text
        self.retry_after = retry_after

    @classmethod
    def refusing(cls, text: str, status: int, retry_after: float | None = None) -> SignInPage:
        """The page of a sign-in that failed, with the reason."""
        return cls(status, "Not connected", text, retry_after)

    @classmethod
    def of_refusal(cls, refusal: Refused) -> SignInPage:
        """The page that says what a problem document would."""
        return cls.refusing(refusal.message, status_of(refusal.kind), refusal.retry_after)

    def to_response(self, title: str, docs: str) -> Response:
        """The page under the server's `title`, with a link to the page `docs`, as seen from this one."""
        content = render_page(self.heading, self.text, is_good=self.status < 400, on=(title, docs))
        return Response(content, self.status, headers={**PAGE_HEADERS, **to_retry_header(self.retry_after)})
