"""A person signs in: the page, the decision, the code and what it is worth."""

import re
from base64 import b64encode
from urllib.parse import parse_qs, urlsplit

import pytest

from connector.sandbox.grants import challenge_of

REDIRECT = "https://example.com/callback"
ASKED = {
    "client_id": "sandbox-client",
    "response_type": "code",
    "redirect_uri": REDIRECT,
    "scope": "user-library-read user-top-read",
    "state": "xyz & 1",
    "show_dialog": "true",
}
SECRET = ("sandbox-client", "sandbox-secret-not-real")


def sign_in(client, decision="agree", **changes):
    """Load the page, post its own form, and give back the parameters of the redirect."""
    asked = {name: value for name, value in {**ASKED, **changes}.items() if value is not None}
    page = client.session.get(f"{client.url}/authorize", params=asked)
    assert page.status_code == 200, page.text
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page.text.replace("&amp;", "&")))
    fields.pop("decision")
    answer = client.session.post(
        f"{client.url}/authorize", data={**fields, "decision": decision}, allow_redirects=False
    )
    assert answer.status_code == 303
    target = urlsplit(answer.headers["Location"])
    assert target._replace(query="").geturl() == asked["redirect_uri"].split("?")[0]
    return {name: values[0] for name, values in parse_qs(target.query).items()}


def redeem(client, code, auth=SECRET, **changes):
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT, **changes}
    return client.token_call(data=form, auth=auth)


def assert_refused(response, error, description, status=400):
    expected = {"error": error} if description is None else {"error": error, "error_description": description}
    assert (response.status_code, response.json()) == (status, expected)


def test_the_page_says_what_is_asked_for_in_words(client):
    page = client.session.get(f"{client.url}/authorize", params=ASKED)
    assert page.headers["Content-Type"].startswith("text/html")
    for words in ("Sandbox demo app", "sandbox-listener", "favourite artists", "This is a sandbox", "Agree", "Cancel"):
        assert words in page.text


def test_the_page_escapes_what_it_was_given(client):
    page = client.session.get(f"{client.url}/authorize", params={**ASKED, "state": '"><script>alert(1)</script>'})
    assert "<script>" not in page.text


def test_agreeing_leads_to_tokens_that_work(client):
    back = sign_in(client)
    assert back.keys() == {"code", "state"}
    assert back["state"] == "xyz & 1"
    answer = redeem(client, back["code"])
    assert answer.status_code == 200
    tokens = answer.json()
    assert tokens == {
        "access_token": "sandbox-access-000001",
        "token_type": "Bearer",
        "expires_in": 3600,
        "scope": "user-library-read user-top-read",
        "refresh_token": "sandbox-refresh-000001",
    }
    client.token = tokens["access_token"]
    assert client.get("/me/tracks").status_code == 200
    assert client.get("/me/following", type="artist").json()["error"]["message"] == "Insufficient client scope"


def test_cancelling_leads_back_with_an_error(client):
    assert sign_in(client, "cancel") == {"error": "access_denied", "state": "xyz & 1"}


def test_no_scopes_and_no_state(client):
    back = sign_in(client, scope=None, state=None)
    assert back.keys() == {"code"}
    assert redeem(client, back["code"]).json()["scope"] == ""


@pytest.mark.parametrize(
    "uri", ["http://127.0.0.1/callback", "http://127.0.0.1:53682/callback", "http://127.0.0.1:8080/callback"]
)
def test_a_loopback_address_takes_any_port(client, uri):
    code = sign_in(client, redirect_uri=uri)["code"]
    assert redeem(client, code, redirect_uri=uri).status_code == 200


def test_the_ipv6_loopback_address(client, control):
    control.seed(app={"redirect_uris": ["http://[::1]/cb", "http://127.0.0.1:9/fixed", f"{REDIRECT}?a=b"]})
    assert "code" in sign_in(client, redirect_uri="http://[::1]:9999/cb")
    assert "code" in sign_in(client, redirect_uri=f"{REDIRECT}?a=b")
    assert_page_refuses(client, "INVALID_CLIENT: Invalid redirect URI", redirect_uri="http://127.0.0.1:10/fixed")


def assert_page_refuses(client, message, **changes):
    asked = {name: value for name, value in {**ASKED, **changes}.items() if value is not None}
    page = client.session.get(f"{client.url}/authorize", params=asked, allow_redirects=False)
    assert page.status_code == 400
    assert message in page.text
    posted = client.session.post(f"{client.url}/authorize", data={**asked, "decision": "agree"}, allow_redirects=False)
    assert posted.status_code == 400


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"redirect_uri": "http://localhost/callback"}, "INVALID_CLIENT: Insecure redirect URI"),
        ({"redirect_uri": "http://localhost:8080/callback"}, "INVALID_CLIENT: Insecure redirect URI"),
        ({"redirect_uri": "http://example.com/callback"}, "INVALID_CLIENT: Insecure redirect URI"),
        ({"redirect_uri": "https://elsewhere.example/callback"}, "INVALID_CLIENT: Invalid redirect URI"),
        ({"redirect_uri": "http://127.0.0.1:80/other"}, "INVALID_CLIENT: Invalid redirect URI"),
        ({"redirect_uri": None}, "INVALID_CLIENT: Insecure redirect URI"),
        ({"client_id": "nobody"}, "INVALID_CLIENT: Invalid client"),
        ({"response_type": "token"}, "response_type must be code"),
        ({"response_type": None}, "response_type must be code"),
        ({"scope": "read-my-mind"}, "INVALID_SCOPE: Invalid scope"),
        ({"code_challenge": "abc", "code_challenge_method": "plain"}, "code_challenge_method must be S256"),
    ],
)
def test_what_cannot_go_on_is_shown_and_not_redirected(client, changes, message):
    assert_page_refuses(client, message, **changes)


def test_a_code_is_good_once(client):
    code = sign_in(client)["code"]
    assert redeem(client, code).status_code == 200
    assert_refused(redeem(client, code), "invalid_grant", "Invalid authorization code")


def test_a_code_dies_after_ten_minutes(client, control):
    young, old = sign_in(client)["code"], sign_in(client)["code"]
    control.clock(advance_s=590)
    assert redeem(client, young).status_code == 200
    control.clock(advance_s=20)
    assert_refused(redeem(client, old), "invalid_grant", "Authorization code expired")


def test_a_code_is_bound_to_its_redirect_uri_and_app(client, control):
    control.seed(app={"client_id": "other", "client_secret": "other-secret"})
    code = sign_in(client)["code"]
    stolen = redeem(client, code, auth=("other", "other-secret"))
    assert_refused(stolen, "invalid_grant", "Invalid authorization code")
    moved = redeem(client, code, redirect_uri="http://127.0.0.1/callback")
    assert_refused(moved, "invalid_grant", "Invalid redirect URI")


def test_pkce_needs_no_secret(client):
    verifier = "v" * 64
    challenge = challenge_of(verifier)
    code = sign_in(client, code_challenge=challenge, code_challenge_method="S256")["code"]
    answer = redeem(client, code, auth=None, client_id="sandbox-client", code_verifier=verifier)
    assert answer.status_code == 200
    assert "refresh_token" in answer.json()


def test_the_challenge_of_rfc_7636_appendix_b():
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert challenge_of(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


@pytest.mark.parametrize("challenge", [challenge_of("v" * 64), None])
def test_a_verifier_must_fit_its_challenge(client, challenge):
    method = None if challenge is None else "S256"
    code = sign_in(client, code_challenge=challenge, code_challenge_method=method)["code"]
    answer = redeem(client, code, auth=None, client_id="sandbox-client", code_verifier="w" * 64)
    assert_refused(answer, "invalid_grant", "code_verifier was incorrect")


def test_a_code_without_secret_or_verifier(client):
    answer = redeem(client, sign_in(client)["code"], auth=None, client_id="sandbox-client")
    assert_refused(answer, "invalid_request", "code_verifier must be provided")


def test_the_secret_may_stand_in_the_body(client):
    id_and_secret = dict(zip(("client_id", "client_secret"), SECRET, strict=True))
    assert redeem(client, sign_in(client)["code"], auth=None, **id_and_secret).status_code == 200


@pytest.mark.parametrize(
    ("auth", "description"),
    [(("nobody", "x"), "Invalid client"), (("sandbox-client", "wrong"), "Invalid client secret")],
)
def test_wrong_credentials(client, auth, description):
    assert_refused(redeem(client, "any", auth=auth), "invalid_client", description)


@pytest.mark.parametrize("header", ["Basic !!!", "Bearer abc", "Basic " + b64encode(b"no-colon").decode()])
def test_a_malformed_authorization_header(client, header):
    answer = client.token_call(data={"grant_type": "refresh_token"}, headers={"Authorization": header})
    assert_refused(answer, "invalid_client", None)


def test_only_three_grants_and_only_forms(client):
    answer = client.token_call(data={"grant_type": "password"}, auth=SECRET)
    assert answer.json()["error"] == "unsupported_grant_type"
    assert answer.status_code == 400
    answer = client.token_call(json={"grant_type": "refresh_token"}, auth=SECRET)
    assert (answer.status_code, answer.json()["error"]) == (415, "invalid_request")


def test_the_demo_args_work_as_they_are(client, sandbox):
    args, again = sandbox.demo_args, sandbox.demo_args
    assert args.keys() == {"access_token", "client_id", "client_key", "code", "redirect_uri", "refresh_token"}
    assert args["code"] != again["code"]
    assert args["access_token"] == again["access_token"]
    answer = redeem(client, args["code"], (args["client_id"], args["client_key"]), redirect_uri=args["redirect_uri"])
    assert answer.status_code == 200


def test_demo_args_are_alive_whatever_the_clock_says(client, control, sandbox):
    first = sandbox.demo_args["access_token"]
    control.clock(advance_s=400 * 86_400)
    client.token = sandbox.demo_args["access_token"]
    assert client.token != first
    assert client.get("/me").status_code == 200
