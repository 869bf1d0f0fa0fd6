"""Settings: declared once, set by option or variable."""

from pathlib import Path

import pytest
import typer

from connector.cli import serve
from connector.cli.app import app
from connector.limits.file_count import FileCount
from connector.manifest.manifest import Manifest
from connector.runners.environment import DAY_FILE
from connector.runners.http_server.settings import Settings, build_settings, iter_settings

SETTINGS = list(iter_settings())
OPTIONS = [setting for setting in SETTINGS if setting.option]


@pytest.fixture
def served(monkeypatch):
    """`served(words, variables)` gives the settings that `serve` would run with."""
    from typer.testing import CliRunner

    def run(words, **variables):
        got = []

        def stop(connector, settings, *_places):
            run.connector = connector
            got.append(settings)
            raise typer.Exit

        monkeypatch.setattr(serve, "_build_server", stop)
        # Which substitutes there are is the manifest's affair.
        monkeypatch.setattr(Manifest, "choose_substitutes", lambda _, given: frozenset(given or ()))
        done = CliRunner().invoke(app, ["serve", *words], env={"CONNECTOR_STORE": "environment", **variables})
        assert done.exit_code == 0, done.output
        return got[0]

    return run


def another_value(setting):
    """A value that is not the default, as it is typed."""
    if setting.note.choices:
        return setting.note.choices[-1]
    return {bool: "true", int: "7", float: "7"}.get(type(setting.default), "7")


def expected(setting, typed):
    if setting.default == ():
        return (typed,)
    if setting.default is None:
        kind = {"keys_file": Path, "deadline": float}.get(setting.name, str)
    else:
        kind = {bool: lambda text: text == "true"}.get(type(setting.default), type(setting.default))
    return kind(typed)


def test_without_a_word_the_defaults_hold(served):
    assert served([]) == Settings()


def test_a_thread_is_not_slept_away_for_a_rate_limit(served, server):
    for words, kind in (([], "rate_limited"), (["--max-wait", "5"], None)):
        server.queue = [(429, {"Retry-After": "2"}, {}), (200, {}, {"id": "me"})]
        served(["--server", f"api={server.url}", *words])
        result = served.connector.invoke("getCurrentUserProfile", {"access_token": f"token-{kind}"})
        served.connector.close()
        assert (result.error and result.error.kind) == kind


def test_the_environment_s_budget_of_a_day_holds_for_the_server_and_not_for_its_sandbox(served, tmp_path):
    variables = {"CONNECTOR_DAILY_CALLS": "5", "CONNECTOR_STORE": f"file:{tmp_path}"}
    served([], **variables)
    served.connector._shared.budget.begin("studio")
    assert FileCount(tmp_path / DAY_FILE).read("studio")
    served(["--sandbox"], **variables)
    assert served.connector._shared.budget.begin("studio") == 4


@pytest.mark.parametrize("setting", OPTIONS, ids=lambda setting: setting.name)
def test_each_setting_has_a_variable(served, setting):
    typed = "false" if setting.default is True else another_value(setting)
    value = getattr(served([], **{setting.variable: typed}), setting.name)
    assert value == expected(setting, typed)
    assert value != setting.default


@pytest.mark.parametrize("setting", OPTIONS, ids=lambda setting: setting.name)
def test_each_setting_has_an_option_which_goes_before_the_variable(served, setting):
    typed = another_value(setting)
    if setting.default is True:
        words = [setting.option.replace("--", "--no-")]
        value, wanted = getattr(served(words, **{setting.variable: "true"}), setting.name), False
    elif setting.default is False:
        value, wanted = getattr(served([setting.option]), setting.name), True
    else:
        value, wanted = getattr(served([setting.option, typed]), setting.name), expected(setting, typed)
    assert value == wanted


@pytest.mark.parametrize("setting", [one for one in SETTINGS if one.note.is_secret], ids=lambda setting: setting.name)
def test_a_secret_has_a_variable_only_and_no_repr(served, setting):
    assert setting.option is None
    settings = served([], **{setting.variable: "hidden:hidden"})
    assert getattr(settings, setting.name) == "hidden:hidden"
    assert "hidden" not in repr(settings)


def test_limits_and_choices_are_kept(cli):
    for words in (["--port", "70000"], ["--threads", "0"], ["--quota-mode", "wild"], ["--timeout", "0"]):
        assert cli("serve", *words).exit_code == 2


@pytest.mark.parametrize("setting", [one for one in SETTINGS if one.default == ()], ids=lambda setting: setting.name)
def test_several_values_stand_in_a_variable_with_spaces_between(served, setting):
    assert getattr(served([], **{setting.variable: " a  b "}), setting.name) == ("a", "b")
    assert getattr(served([setting.option, "a", setting.option, "b"]), setting.name) == ("a", "b")


@pytest.mark.parametrize(
    "setting", [one for one in OPTIONS if one.type in (float, float | None)], ids=lambda one: one.name
)
def test_times_are_finite(cli, setting):
    for given in ("inf", "nan", "1e999"):
        done = cli("serve", setting.option, given)
        assert done.exit_code == 2
        assert setting.option in done.stderr
        assert cli("serve", **{setting.variable: given}).exit_code == 2


def test_several_origins():
    assert build_settings({"cors_origin": ["https://a", "https://b"]}, {}).cors_origin == ("https://a", "https://b")


@pytest.fixture
def cli():
    from typer.testing import CliRunner

    def invoke(*words, **variables):
        environment = {"COLUMNS": "200", "NO_COLOR": "1", "CONNECTOR_STORE": "environment", **variables}
        return CliRunner().invoke(app, words, env=environment, prog_name="blocks-tool")

    return invoke


def test_an_address_that_others_reach_is_refused_without_a_key(cli):
    done = cli("serve", "--host", "0.0.0.0")  # noqa: S104 - it is refused
    assert done.exit_code == 2
    assert "calls need an API key" in done.stderr


def test_keys_that_can_not_be_read_are_told(cli):
    done = cli("serve", CONNECTOR_SERVE_KEYS="hidden")
    assert done.exit_code == 2
    assert "API key number 1" in done.stderr
    assert "hidden" not in done.stderr


def test_a_server_that_the_manifest_does_not_have(cli):
    assert "There is no server nowhere" in cli("serve", "--server", "nowhere=http://127.0.0.1:1").stderr


def test_a_sandbox_and_a_server_are_one_too_many(cli):
    assert "choose one" in cli("serve", "--sandbox", "--server", "api=http://127.0.0.1:1").stderr


def test_the_sandbox_stands_in_for_its_own_service_only(cli):
    harbour = Path(__file__).parents[1] / "harbour" / "manifest.yaml"
    assert "another service" in cli("--manifest", str(harbour), "serve", "--sandbox").stderr


def test_what_is_not_installed_is_named(cli, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "connector.runners.http_server.serving", None)
    done = cli("serve")
    assert done.exit_code == 2
    assert "install the extra serve" in done.stderr
