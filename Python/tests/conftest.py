"""The package under test: an installed wheel, or the checkout with its ordinary build."""

import os
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
try:
    import crossbar_gan  # noqa: F401 - an installed wheel comes first
except ImportError:
    sys.path.insert(0, str(ROOT / "Python"))


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory):
    """One classifier for all tests."""
    os.environ.setdefault("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture(scope="session")
def program():
    """The command line that belongs to the package."""
    import crossbar_gan

    package = pathlib.Path(crossbar_gan.__file__).parent
    named = os.environ.get("CROSSBAR_GAN_PROGRAM")
    for path in ([pathlib.Path(named)] if named else []) + [package / "bin" / "crossbar-gan", ROOT / ".build" / "release" / "crossbar-gan"]:
        if path.exists():
            return path
    pytest.skip("no command line beside the package")


@pytest.fixture
def tool(program, tmp_path):
    """Runs the command line: its output, or what it says on standard error."""

    def run(*words, fails=False):
        done = subprocess.run([program, *map(str, words)], capture_output=True, text=True,
                              cwd=tmp_path)
        assert (done.returncode != 0) == fails, done.stderr
        return done.stderr if fails else done.stdout

    return run
