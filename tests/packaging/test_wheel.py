"""The wheel carries manifest and schemas: built, installed into a fresh environment, and run from there."""

import json
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def fresh_python(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        check=True,
        capture_output=True,
    )
    venv.create(folder / "env", with_pip=False)
    python = folder / "env" / "bin" / "python"
    [wheel] = folder.glob("*.whl")
    subprocess.run([sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", str(wheel)], check=True)
    return python


def run_outside(python: Path, cwd: Path, *command: str) -> str:
    done = subprocess.run(
        [str(python.with_name("spotify-blocks")), *command],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        env={"HOME": str(cwd), "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_block_runs_from_the_installed_wheel(fresh_python, tmp_path):
    printed = run_outside(fresh_python, tmp_path, "run", "searchAlbums", "artist=Ferry", "--sandbox")
    assert json.loads(printed)["albums"]["items"]


def test_the_installed_manifest_is_the_wheel_s_own(fresh_python, tmp_path):
    code = "from connector.manifest.yaml_file import locate_manifest; print(locate_manifest())"
    found = subprocess.run(
        [str(fresh_python), "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout
    assert found.strip().endswith("connector/_data/manifest.yaml")


def test_the_package_is_typed(fresh_python, tmp_path):
    code = "import connector, pathlib; print((pathlib.Path(connector.__file__).parent / 'py.typed').exists())"
    shown = subprocess.run(
        [str(fresh_python), "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout
    assert shown.strip() == "True"
