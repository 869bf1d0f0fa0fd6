"""Every door of the installed wheel, with the lowest packages that pyproject.toml allows and with the newest, in each
Python that it names and that is found here."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOORS = Path(__file__).with_name("doors.py")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
PYTHONS = [word for line in PROJECT["classifiers"] if (word := line.rpartition(" :: ")[2]).startswith("3.")]
UV = Path(sys.executable).with_name("uv")
#: As it is outside of the tests, whose cache is thrown away: what uv has downloaded it keeps for the next time.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("CONNECTOR_")}

pytestmark = pytest.mark.versions


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    words = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT]
    subprocess.run(words, check=True, capture_output=True)
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture
def install(wheel, tmp_path):
    """Installs the wheel and what it needs into a fresh environment, and gives the Python there."""

    def build(python, resolution, extras):
        wanted = [
            *PROJECT["dependencies"],
            *(line for name in extras for line in PROJECT["optional-dependencies"][name]),
        ]
        (tmp_path / "wanted.txt").write_text("\n".join(wanted), "utf-8")
        run(UV, "venv", "--quiet", "--python", find_python(python), tmp_path / "env")
        fresh = tmp_path / "env" / "bin" / "python"
        # Only what is named here is taken as low as it may be; what that needs in turn is the newest that fits.
        choose = ["--resolution", resolution, "--only-binary", ":all:"]
        run(UV, "pip", "install", "--quiet", "--python", fresh, *choose, "-r", tmp_path / "wanted.txt", wheel)
        return fresh

    return build


@pytest.mark.parametrize("resolution", ["lowest-direct", "highest"])
@pytest.mark.parametrize("python", PYTHONS)
def test_every_door_opens(install, tmp_path, python, resolution):
    extras = [name for name in PROJECT["optional-dependencies"] if name != "all"]
    opened = run(install(python, resolution, extras), "-P", DOORS, HOME=tmp_path)
    assert opened.split() == ["import", "python", "bomb", "command", "http", "webhook", "mcp", "worker"]


@pytest.mark.parametrize("resolution", ["lowest-direct", "highest"])
def test_a_bare_install_has_the_command_and_the_sandbox(install, tmp_path, resolution):
    python = "{}.{}".format(*sys.version_info)
    assert run(install(python, resolution, ()), "-P", DOORS, "--bare", HOME=tmp_path).split()[-1] == "command"


def find_python(version):
    """The program of that Python, wherever one is kept; skips the test where there is none."""
    kept = [*Path("~/.pyenv/versions").expanduser().glob(f"{version}.*/bin/python"), shutil.which(f"python{version}")]
    for program in filter(None, [sys.executable, *kept]):
        # A name alone tells little: pyenv's own stand in for what isn't chosen.
        done = subprocess.run([program, "-c", "import sys; print(*sys.version_info[:2], sep='.')"], capture_output=True)
        if done.stdout.decode().strip() == version:
            return program
    pytest.skip(f"There is no Python {version} here.")


def run(*words, **variables):
    """What the program prints."""
    environment = {**ENVIRONMENT, **{name: str(value) for name, value in variables.items()}}
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
    return done.stdout
