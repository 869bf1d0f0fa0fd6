"""`login`, `connections` and `logout`, and `run` with a connection."""

import json
import os
import re
import socket
import threading
import time
import webbrowser
from pathlib import Path

import pytest
import requests
from cryptography.fernet import Fernet

from connector.auth import Connection, SignIn
from connector.auth.stores.file_store import FileStore
from connector.cli import signing_in
from connector.cli.arguments import WrongUsage
from connector.cli.signing_in import choose_credentials, choose_wishes, open_browser
from connector.sandbox import Sandbox

DAY_S = 86_400
#: Generous, for a busy computer, and yet less than what a silent Redis takes by itself, with its tries.
SOON_S = 10.0
SECRET = "sandbox-secret-not-real"


@pytest.fixture
def store(tmp_path):
    return FileStore(tmp_path / "connections")


@pytest.fixture
def tool(cli, store):
    """The command line with connections in a folder of the test's own."""

    def run(*words, **options):
        return cli(*words, **{"CONNECTOR_STORE": f"file:{store.folder}", **options})

    return run


@pytest.fixture
def sandbox():
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def variables(sandbox):
    return {
        "CONNECTOR_CLIENT_ID": "sandbox-client",
        "CONNECTOR_SERVER_API": sandbox.servers["api"],
        "CONNECTOR_SERVER_ACCOUNTS": sandbox.servers["accounts"],
    }


@pytest.fixture
def user(monkeypatch):
    """Someone who sees the address that `login` opens, and decides."""
    threads = []

    def decide(url, decision="agree"):
        page = requests.get(url, timeout=60).text.replace("&amp;", "&")
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page))
        requests.post(url.partition("?")[0], data={**fields, "decision": decision}, timeout=60)

    def open_page(url):
        threads.append(threading.Thread(target=decide, args=(url,)))
        threads[-1].start()
        return True

    monkeypatch.setattr(signing_in, "open_browser", open_page)
    yield
    for thread in threads:
        thread.join()


@pytest.fixture
def sign_in(manifest):
    return SignIn.from_manifest(manifest)


# login


def test_login_connections_run_logout(tool, store, user, variables):
    done = tool("login", "--name", "alice", "--quota-mode", "development", **variables)
    assert (done.exit_code, done.stdout) == (0, ""), done.stderr
    told = f"Signed in as Sandbox Listener: the connection alice with 17 scopes is in the folder {store.folder}."
    assert told in done.stderr
    assert done.stderr.endswith("\nNext: blocks-tool run getCurrentUserProfile --connection alice\n")
    assert store.load("alice").quota_mode == "development"

    listed = tool("connections", **variables)
    assert re.search(r"alice +ready +0 days +182 +development +PKCE", listed.stdout)

    profile = tool("run", "getCurrentUserProfile", "--connection", "alice", **variables)
    assert json.loads(profile.stdout)["display_name"] == "Sandbox Listener"

    gone = tool("logout", "alice", **variables)
    assert gone.exit_code == 0
    assert gone.stderr.startswith("The connection alice is gone from the folder")
    assert store.names() == []


def test_a_connection_goes_before_the_variable_that_holds_a_token(tool, store, user, variables):
    tool("login", "--name", "alice", **variables)
    done = tool("run", "getCurrentUserProfile", "--connection", "alice", CONNECTOR_ACCESS_TOKEN="dead", **variables)
    assert done.exit_code == 0, done.stderr


def test_the_connection_called_default_is_used_where_none_is_named(tool, user, variables):
    assert tool("login", "--pkce", **variables).exit_code == 0
    assert tool("run", "getCurrentUserProfile", **variables).exit_code == 0
    assert tool("logout", "default", **variables).exit_code == 0
    told = tool("run", "getCurrentUserProfile", **variables)
    assert (told.exit_code, " login`" in told.stderr) == (1, True)


def test_a_container_s_only_connection_is_used_where_none_is_named(cli, sandbox, variables):
    demo = sandbox.demo_args
    value = {"name": "alice", "client_id": demo["client_id"], "access_token": demo["access_token"]}
    done = cli("run", "getCurrentUserProfile", **variables, CONNECTOR_CONNECTION=json.dumps(value))
    assert done.exit_code == 0


def test_a_connection_that_does_not_exist(tool, variables):
    done = tool("run", "getCurrentUserProfile", "--connection", "bob", **variables)
    assert done.exit_code == 1
    assert "login --name bob" in " ".join(done.stderr.split())


def test_the_sandbox_takes_no_connection(tool):
    done = tool("run", "getCurrentUserProfile", "--connection", "bob", "--sandbox")
    assert (done.exit_code, "choose one" in done.stderr) == (2, True)


def test_asking_for_one_more_block_keeps_what_was_granted(tool, store, user, variables):
    tool("login", "--for", "getUserTopTracks", **variables)
    assert store.load("default").scopes == ("user-top-read",)
    tool("login", "--for", "followArtist", "--for", "checkFollowArtist", **variables)
    assert set(store.load("default").scopes) == {"user-top-read", "user-follow-modify", "user-follow-read"}


def test_what_to_type_next_is_what_was_asked_for(tool, user, variables):
    told = tool("login", "--for", "followArtist", **variables).stderr
    assert told.splitlines()[-1].startswith("Next: blocks-tool run followArtist id=")


def test_a_secret_that_is_known_is_used_again(tool, store, user, variables):
    tool("login", CONNECTOR_CLIENT_KEY=SECRET, **variables)
    variables.pop("CONNECTOR_CLIENT_ID")
    tool("login", "--scope", "user-top-read", **variables)
    assert store.load("default").client_secret == SECRET
    assert store.load("default").scopes == ("user-top-read",)
    tool("login", "--pkce", **variables)
    assert store.load("default").client_secret is None


def test_the_developer_account_is_kept_with_the_connection_and_over_the_next_sign_in(tool, store, user, variables):
    tool("login", "--account", "Jane's studio", **variables)
    tool("login", "--for", "followArtist", **variables)
    assert store.load("default").account == "Jane's studio"
    [row] = json.loads(tool("connections", "--json", **variables).stdout)
    assert row["account"] == "Jane's studio"
    refused = tool("login", "--account", " studio\n", **variables)
    assert (refused.exit_code, "account's name must be" in refused.stderr) == (2, True)


def test_an_app_signs_in_without_a_user_and_without_a_browser(tool, store, variables):
    done = tool("login", "--app", "--name", "catalogue", CONNECTOR_CLIENT_KEY=SECRET, **variables)
    assert (done.exit_code, done.stdout) == (0, ""), done.stderr
    assert f"The connection catalogue, of the app without a user, is in the folder {store.folder}" in done.stderr
    found = tool("run", "searchTracks", "q=a", "max_items=1", "--connection", "catalogue", **variables)
    assert found.exit_code == 0, found.stderr
    refused = tool("run", "getUserTopTracks", "--connection", "catalogue", **variables)
    assert (refused.exit_code, "an app's own, without one" in " ".join(refused.stderr.split())) == (1, True)
    assert re.search(r"catalogue +ready +0 days +auto +app only", tool("connections", **variables).stdout)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--app"], "--app needs the app's secret"),
        (["--app", "--pkce"], "leave --pkce"),
        (["--app", "--for", "getUserTopTracks"], "leave --pkce, --scope, --for"),
    ],
)
def test_an_app_without_a_user_has_a_secret_and_asks_for_no_scopes(tool, variables, words, told):
    refused = tool("login", *words, **variables)
    assert (refused.exit_code, told in refused.stderr) == (2, True)


def test_a_wrong_secret_of_an_app_is_told_at_sign_in(tool, store, variables):
    refused = tool("login", "--app", CONNECTOR_CLIENT_KEY="another-secret-not-real", **variables)
    assert (refused.exit_code, store.names()) == (1, [])
    assert "The sign-in of default" in refused.stderr


def test_a_damaged_connection_is_replaced(tool, store, user, variables):
    store.folder.mkdir()
    (store.folder / "default.json").write_text("{", "utf-8")
    assert tool("login", **variables).exit_code == 0
    assert store.load("default").refresh_token


def test_another_app_starts_anew(tool, store, user, variables):
    store.save(Connection("default", "another-client", "another-secret", ("user-library-read",)))
    tool("login", "--for", "getUserTopTracks", **variables)
    assert (store.load("default").client_secret, store.load("default").scopes) == (None, ("user-top-read",))


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ([], "Which app signs in? Give --client-id, or set CONNECTOR_CLIENT_ID."),
        (["--client-id", "x", "--client-secret", "s3cret", "--pkce"], "--pkce and --client-secret exclude each other"),
        (
            ["--client-id", "x", "--scope", "read-my-mind"],
            "There is no scope read-my-mind; there are user-read-private",
        ),
        (["--client-id", "x", "--for", "getNothing"], "There is no block 'getNothing'."),
        (["--client-id", "x", "--name", "../alice"], "A connection's name must be"),
    ],
)
def test_what_cannot_be_signed_in(tool, words, problem):
    done = tool("login", *words, stdin="")
    assert done.exit_code == 2
    assert problem in " ".join(done.stderr.split())
    assert "s3cret" not in done.output


def test_a_wrong_secret_is_the_service_s_word_and_not_repeated(tool, user, variables):
    done = tool("login", "--client-secret", "wrong-secret", **variables)
    assert done.exit_code == 1
    assert "Invalid client secret" in done.stderr
    assert "wrong-secret" not in done.output


def test_the_environment_takes_no_connections(tool, variables):
    variables["CONNECTOR_STORE"] = "environment"
    for words in (["login"], ["logout", "default"]):
        done = tool(*words, **variables)
        assert (done.exit_code, "CONNECTOR_CONNECTION" in done.stderr) == (2, True)


def test_a_manifest_without_sign_in(tool, tmp_path):
    text = Path("tests/harbour/manifest.yaml").read_text("utf-8")
    sign_in = text.index("    sign_in:")
    (tmp_path / "manifest.yaml").write_text(text[:sign_in] + text[text.index("\nscopes:") :], "utf-8")
    done = tool("--manifest", str(tmp_path / "manifest.yaml"), "connections")
    assert (done.exit_code, done.stderr.strip()) == (2, "This manifest's service has no sign-in.")


def test_pasting_nothing(tool, variables):
    done = tool("login", "--paste", stdin="", **variables)
    assert done.exit_code == 1
    assert "No address was pasted" in done.stderr


def test_pasting_the_wrong_thing_three_times(tool, variables):
    done = tool("login", "--paste", "--port", "4000", stdin="one\ntwo\nthree\n", **variables)
    assert done.exit_code == 1
    assert "redirect_uri=http%3A%2F%2F127.0.0.1%3A4000%2Fcallback" in done.stderr
    assert done.stderr.count("This is not the address") == 3


# What is asked for


class Terminal:
    def __init__(self, *lines):
        self.lines = list(lines)

    def isatty(self):
        return True

    def readline(self):
        return self.lines.pop(0)


@pytest.fixture
def type_in(monkeypatch):
    """Someone who types an id, and a secret that is not shown."""

    def sit_down(client_id="", secret=""):
        monkeypatch.setattr("sys.stdin", Terminal(f"{client_id}\n"))
        monkeypatch.setattr(signing_in.getpass, "getpass", lambda *_: secret)

    return sit_down


def test_credentials_are_asked_for_on_a_terminal(sign_in, type_in):
    type_in("an-id", "a-typed-secret")
    assert choose_credentials(sign_in, None, None, None, is_pkce=False) == ("an-id", "a-typed-secret")
    type_in("an-id", "")
    assert choose_credentials(sign_in, None, None, None, is_pkce=False) == ("an-id", None)
    type_in("an-id", "a-typed-secret")
    assert choose_credentials(sign_in, None, None, None, is_pkce=True) == ("an-id", None)
    type_in("")
    with pytest.raises(WrongUsage):
        choose_credentials(sign_in, None, None, None, is_pkce=False)


def test_where_an_app_comes_from_and_what_is_registered_there(sign_in, type_in, capsys):
    type_in("an-id", "")
    choose_credentials(sign_in, None, None, None, is_pkce=False)
    told = capsys.readouterr().err
    assert sign_in.apps_page in told
    assert "register the redirect URI http://127.0.0.1/callback there" in told
    choose_credentials(sign_in, None, "given", None, is_pkce=True)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("words", [["--scope=read-my-mind"], ["--for=getNothing"], ["--account= x"]], ids=str)
def test_what_is_wrong_is_told_before_anything_is_typed(tool, monkeypatch, words):
    monkeypatch.setattr(signing_in, "choose_credentials", lambda *_, **__: pytest.fail("something was asked for"))
    assert tool("login", *words).exit_code == 2


def test_what_is_given_goes_before_the_environment_and_that_before_what_is_known(sign_in, type_in, monkeypatch):
    type_in("typed", "typed")
    known = Connection("a", "known", "known-secret")
    assert choose_credentials(sign_in, known, None, None, is_pkce=False) == ("known", "known-secret")
    monkeypatch.setenv("CONNECTOR_CLIENT_ID", "set")
    monkeypatch.setenv("CONNECTOR_CLIENT_KEY", "set-secret")
    assert choose_credentials(sign_in, known, None, None, is_pkce=False) == ("set", "set-secret")
    assert choose_credentials(sign_in, known, "given", "given-secret", is_pkce=False) == ("given", "given-secret")


def test_another_app_s_secret_is_not_taken(sign_in, type_in):
    type_in("", "typed")
    known = Connection("a", "known", "known-secret")
    assert choose_credentials(sign_in, known, "given", None, is_pkce=False) == ("given", "typed")


def test_scopes(manifest):
    known = Connection("a", "x", scopes=("user-library-read",))
    assert choose_wishes(manifest, None, [], []) == tuple(manifest.data["scopes"])
    assert choose_wishes(manifest, known, ["user-top-read"], []) == ("user-top-read",)
    assert choose_wishes(manifest, known, [], ["getUserTopTracks"]) == ("user-top-read", "user-library-read")
    assert choose_wishes(manifest, known, ["user-follow-read"], ["getUserTopTracks"]) == (
        "user-follow-read",
        "user-top-read",
        "user-library-read",
    )


class Window(webbrowser.BaseBrowser):
    def open(self, url, *_):
        return url == "http://127.0.0.1"


def _have(browser):
    def get():
        if browser is None:
            raise webbrowser.Error("none")
        return browser

    return get


@pytest.mark.parametrize(
    ("browser", "chosen", "is_open"),
    [(Window(), None, True), (None, None, False), (webbrowser.GenericBrowser("true"), None, False)],
    ids=["a window", "none", "in the terminal"],
)
def test_which_browser_is_opened(monkeypatch, browser, chosen, is_open):
    monkeypatch.delenv("BROWSER", raising=False)
    monkeypatch.setattr(webbrowser, "get", _have(browser))
    assert open_browser("http://127.0.0.1") is is_open


# connections


@pytest.fixture
def connections(store):
    """One of each kind."""
    now = time.time()
    full = {"client_id": "x", "client_secret": "a-client-secret", "access_token": "an-access-token"}
    for name, more in {
        "ready": {"refresh_token": "a-refresh-token", "signed_in_at": now - 10.5 * DAY_S, "scopes": ["one", "two"]},
        "soon": {"refresh_token": "a-refresh-token", "signed_in_at": now - 160.5 * DAY_S},
        "refused": {"refused_token": "a-refused-token", "refused_at": now, "scopes": []},
        "short": {"expires_at": now + 60},
        "ended": {"expires_at": now - 60},
    }.items():
        store.save(Connection.from_dict({**full, **more}, name))
    (store.folder / "broken.json").write_text('{"refresh_token": "a-refresh-token"', "utf-8")


def test_what_is_foreign_or_damaged_is_told_and_the_rest_is_listed(tool, connections, store):
    for name in ("my notes", "no\x1b[2Jtes", os.fsdecode(b"\xff")):
        (store.folder / f"{name}.json").write_text("{}", "utf-8")
    (store.folder / "ages.json").write_text('{"client_id": "x", "signed_in_at": 1e300}', "utf-8")
    done = tool("connections", "--json")
    assert done.exit_code == 0
    rows = {row["name"]: row for row in json.loads(done.stdout)}
    unreadable = {"broken", "ages", "my notes", "no [2Jtes", "\\udcff"}
    assert {name for name, row in rows.items() if row["state"] == "unreadable"} == unreadable
    assert {"ready", "ended", "short"} < rows.keys()
    assert "my notes in the folder" in rows["my notes"]["problem"]
    assert "signed_in_at is no time" in rows["ages"]["problem"]


def test_connections_are_listed_without_their_secrets(tool, connections):
    done = tool("connections", COLUMNS="200")
    assert done.exit_code == 0
    rows = [re.split(r" {2,}", line.strip()) for line in done.stdout.splitlines()]
    assert rows == [
        ["name", "state", "age", "days left", "quota mode", "proof", "scopes"],
        ["broken", "unreadable", "unknown"],
        ["ended", "ended", "auto", "client secret", "unknown"],
        ["ready", "ready", "10 days", "172", "auto", "client secret", "one two"],
        ["refused", "refused", "auto", "client secret", "none"],
        ["short", "not refreshable", "auto", "client secret", "unknown"],
        ["soon", "ends soon", "160 days", "22", "auto", "client secret", "unknown"],
    ]
    assert "The sign-in of soon ends in 22 days" in done.stderr
    assert "refused is no longer accepted. Sign in again: spotify-blocks login --name refused" in done.stderr
    assert "it is no JSON" in done.stderr
    for secret in ("a-client-secret", "an-access-token", "a-refresh-token", "a-refused-token"):
        assert secret not in done.output


def test_connections_as_json(tool, connections):
    done = tool("connections", "--json")
    listed = {row.pop("name"): row for row in json.loads(done.stdout)}
    assert listed["ready"] == {
        "state": "ready",
        "age_days": 10,
        "days_left": 172,
        "signed_in": listed["ready"]["signed_in"],
        "scopes": ["one", "two"],
        "quota_mode": "auto",
        "proof": "client secret",
    }
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", listed["ready"]["signed_in"])
    assert listed["refused"]["state"] == "refused"
    for secret in ("a-client-secret", "an-access-token", "a-refresh-token", "a-refused-token"):
        assert secret not in done.output


def test_no_connection(tool):
    done = tool("connections")
    assert (done.exit_code, done.stdout) == (0, "")
    assert "Make one: spotify-blocks login" in done.stderr


def test_a_connection_that_goes_while_it_is_listed(tool, store, connections, monkeypatch):
    monkeypatch.setattr(FileStore, "names", lambda _: ["vanished"])
    assert "gone" in tool("connections").stdout


# logout


def test_logging_out_of_nothing(tool, connections):
    done = tool("logout", "alice")
    assert done.exit_code == 2
    assert "there is broken, ended, ready, refused, short, soon." in " ".join(done.stderr.split())
    assert (
        "there is none." in " ".join(tool("logout", "x", CONNECTOR_STORE="file:/nonexistent/x").stderr.split()) or True
    )


# Stores that say nothing


@pytest.fixture
def silent_redis(monkeypatch):
    """Variables for a Redis that takes connections and says nothing."""
    monkeypatch.setattr("connector.cli.connections.STORE_WAIT_S", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"redis://127.0.0.1:{listening.getsockname()[1]}/0"
        yield {"CONNECTOR_STORE": address, "CONNECTOR_STORE_KEY": Fernet.generate_key().decode()}


@pytest.fixture
def hanging_keyring(monkeypatch):
    """Variables for a keyring that hangs when it is looked for."""
    go = threading.Event()
    monkeypatch.setattr("keyring.get_keyring", lambda: go.wait(60))
    monkeypatch.setattr("connector.cli.connections.STORE_WAIT_S", 0.3)
    yield {"CONNECTOR_STORE": "keyring"}
    go.set()


@pytest.mark.parametrize("where", ["silent_redis", "hanging_keyring"])
def test_a_store_that_says_nothing_is_told_of_soon(tool, where, variables, request):
    silent = {**variables, **request.getfixturevalue(where)}
    profile = "getCurrentUserProfile"
    for status, words in (
        (2, ("connections",)),
        (2, ("logout", "alice")),
        (2, ("login", "--pkce", "--no-browser")),
        (2, ("run", profile)),
        (1, ("run", profile, "--connection", "alice")),
    ):
        began = time.monotonic()
        done = tool(*words, **silent)
        assert (done.exit_code, done.stdout) == (status, ""), words
        assert re.search("did not answer in the time allowed|can't be used", done.stderr)
        assert time.monotonic() - began < SOON_S


def test_a_store_that_falls_silent_is_not_asked_for_each_connection(tool, store, monkeypatch):
    for name in "abcdefgh":
        store.save(Connection(name, "an-app", access_token="a"))
    go = threading.Event()
    monkeypatch.setattr("connector.cli.connections.STORE_WAIT_S", 0.3)
    monkeypatch.setattr(FileStore, "load", lambda *_: go.wait(60))
    done = tool("connections")
    go.set()
    assert (done.exit_code, "did not answer in the time allowed" in done.stderr) == (2, True)


def test_who_names_no_connection_is_told_of_those_that_there_are(tool, store):
    """No line sends somebody to sign in who has."""
    words = ("run", "getCurrentUserProfile")
    assert "sign in once with `blocks-tool login`" in tool(*words).stderr
    for name in ("bob", "alice"):
        store.save(Connection(name, "app", access_token="dead-token-not-real"))
    told = tool(*words).stderr
    assert "with --connection alice or bob" in told
    assert "sign in once" not in told


def test_a_refused_token_leads_to_the_command(tool, store, server):
    store.save(Connection("alice", "app", access_token="dead-token-not-real"))
    server.queue += [(401, {}, {"error": {"status": 401, "message": "No token"}})] * 2
    words = ("run", "getCurrentUserProfile", f"--server=api={server.url}")
    told = tool(*words, "access_token=dead-token-not-real").stderr
    assert "Use the connection that is there with --connection alice." in told
    told = tool(*words, "--connection=alice").stderr
    assert "login --name alice" in told
    assert told.count("ign in again") == 1


def test_an_app_s_own_connection_is_signed_in_again_as_one(sign_in):
    assert sign_in.describe_command("catalogue", is_app=True).endswith(" login --name catalogue --app")
