"""The accounts service: `/authorize`, where a person signs in, and `/api/token`, where apps get tokens.

Rules: Spotify's "Authorization Code", "PKCE", "Client Credentials" and "Refreshing tokens" pages; the implicit grant
ended 2025-11-27. Errors of the token endpoint are those that clients report, status 400.
"""

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from connector.sandbox.answers import Answer, Refused, html_answer, json_answer, token_error
from connector.sandbox.api import to_response
from connector.sandbox.apps import App, RedirectRefused, check_redirect_uri
from connector.sandbox.grants import ACCESS_LIFE_S, Grant, GrantRefused, Tokens
from connector.sandbox.playlists import DEMO_USER
from connector.sandbox.scopes import SCOPES, parse_scopes
from connector.sandbox.signin_page import render_refusal, render_sign_in
from connector.sandbox.state import State

_FORM: Final = "application/x-www-form-urlencoded"
_KEPT_FIELDS: Final = (
    "client_id",
    "response_type",
    "redirect_uri",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
    "show_dialog",
)


@dataclass(frozen=True)
class _SignIn:
    app: App
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str | None
    challenge: str | None

    def back(self, **outcome: str) -> str:
        """The address that the user is sent back to."""
        if self.state is not None:
            outcome["state"] = self.state
        separator = "&" if urlsplit(self.redirect_uri).query else "?"
        return f"{self.redirect_uri}{separator}{urlencode(outcome)}"


def build_routes(state: State) -> list[Route]:
    """Starlette routes for the accounts service."""

    async def show_sign_in(request: Request) -> Response:
        return to_response(_show_sign_in(state, request.query_params))

    async def decide(request: Request) -> Response:
        return _decide(state, _parse_form(await request.body()))

    async def give_token(request: Request) -> Response:
        body = await request.body()
        try:
            return to_response(_give_token(state, request.headers, body))
        except Refused as refused:
            return to_response(refused.answer)

    return [
        Route("/authorize", show_sign_in, methods=["GET"]),
        Route("/authorize", decide, methods=["POST"]),
        Route("/api/token", give_token, methods=["POST"]),
    ]


def _show_sign_in(state: State, fields: Mapping[str, str]) -> Answer:
    try:
        sign_in = _read_sign_in(state, fields)
    except RedirectRefused as refused:
        return html_answer(400, render_refusal(str(refused)))
    kept = {name: fields[name] for name in _KEPT_FIELDS if name in fields}
    return html_answer(200, render_sign_in(sign_in.app.name, DEMO_USER, sign_in.scopes, kept))


def _decide(state: State, fields: Mapping[str, str]) -> Response:
    try:
        sign_in = _read_sign_in(state, fields)
    except RedirectRefused as refused:
        return to_response(html_answer(400, render_refusal(str(refused))))
    if fields.get("decision") != "agree":
        return RedirectResponse(sign_in.back(error="access_denied"), 303)
    grant = Grant(sign_in.app.client_id, DEMO_USER, sign_in.scopes, state.clock.now_s())
    code = state.grants.issue_code(grant, sign_in.redirect_uri, sign_in.challenge)
    return RedirectResponse(sign_in.back(code=code), 303)


def _read_sign_in(state: State, fields: Mapping[str, str]) -> _SignIn:
    """Check a sign-in request; anything wrong with it is a `RedirectRefused`, shown instead of redirected."""
    app = state.apps.get(fields.get("client_id", ""))
    if app is None:
        raise RedirectRefused("INVALID_CLIENT: Invalid client")
    redirect_uri = fields.get("redirect_uri", "")
    try:
        check_redirect_uri(app, redirect_uri)
    except RedirectRefused as refused:
        raise RedirectRefused(f"INVALID_CLIENT: {refused}") from None
    if fields.get("response_type") != "code":
        raise RedirectRefused("response_type must be code")
    scopes = parse_scopes(fields.get("scope", ""))
    if not set(scopes) <= SCOPES.keys():
        raise RedirectRefused("INVALID_SCOPE: Invalid scope")
    challenge = fields.get("code_challenge")
    if challenge is not None and fields.get("code_challenge_method") != "S256":
        raise RedirectRefused("code_challenge_method must be S256")
    return _SignIn(app, redirect_uri, tuple(scopes), fields.get("state"), challenge)


def _give_token(state: State, headers: Mapping[str, str], body: bytes) -> Answer:
    if not headers.get("content-type", "").startswith(_FORM):
        return token_error("invalid_request", f"Content-Type must be {_FORM}", 415)
    fields = _parse_form(body)
    app, is_public = _identify(state, headers.get("authorization"), fields)
    now_s = state.clock.now_s()
    try:
        match fields.get("grant_type"):
            case "authorization_code":
                tokens = state.grants.redeem(
                    fields.get("code", ""),
                    app.client_id,
                    fields.get("redirect_uri", ""),
                    fields.get("code_verifier"),
                    is_public=is_public,
                    now_s=now_s,
                )
            case "refresh_token":
                tokens = state.grants.refresh(
                    fields.get("refresh_token", ""), app.client_id, is_public=is_public, now_s=now_s
                )
            case "client_credentials":
                if is_public:
                    return token_error("invalid_client", "Invalid client secret")
                grant = Grant(app.client_id, None, (), now_s)
                tokens = Tokens(state.grants.mint_access(grant, now_s), grant)
            case _:
                return token_error(
                    "unsupported_grant_type",
                    "grant_type must be client_credentials, authorization_code or refresh_token",
                )
    except GrantRefused as refused:
        return token_error("invalid_grant", refused.description)
    return _token_answer(tokens)


def _token_answer(tokens: Tokens) -> Answer:
    answer = {"access_token": tokens.access_token, "token_type": "Bearer", "expires_in": ACCESS_LIFE_S}
    if tokens.grant.user is not None:
        answer["scope"] = " ".join(tokens.grant.scopes)
    if tokens.refresh_token is not None:
        answer["refresh_token"] = tokens.refresh_token
    return json_answer(answer, headers={"Cache-Control": "no-store"})


def _identify(state: State, authorization: str | None, fields: Mapping[str, str]) -> tuple[App, bool]:
    """The app that asks, and whether it comes without a secret, as PKCE does.

    The secret stands in an `Authorization: Basic` header or, as RFC 6749 (section 2.3.1) allows, in the body.
    """
    if authorization is None:
        client_id, secret = fields.get("client_id", ""), fields.get("client_secret")
    else:
        client_id, secret = _parse_basic(authorization)
    app = state.apps.get(client_id)
    if app is None:
        raise Refused(token_error("invalid_client", "Invalid client"))
    if secret is None:
        # Without a secret only a verifier, or a token that PKCE gave, speaks for the app.
        is_pkce = fields.get("grant_type") != "authorization_code" or "code_verifier" in fields
        if not is_pkce:
            raise Refused(token_error("invalid_request", "code_verifier must be provided"))
        return app, True
    if secret != app.client_secret:
        raise Refused(token_error("invalid_client", "Invalid client secret"))
    return app, False


def _parse_basic(authorization: str) -> tuple[str, str]:
    scheme, _, encoded = authorization.partition(" ")
    try:
        client_id, colon, secret = b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:
        colon = ""
    if scheme.lower() != "basic" or not colon:
        raise Refused(token_error("invalid_client", None))
    return client_id, secret


def _parse_form(body: bytes) -> dict[str, str]:
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
