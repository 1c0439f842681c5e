"""What must hold of the whole: the linters, the tests in the tree, and the wheel with no extra, each extra, and all.

    nox                  everything
    nox -s bare          one session
    nox -l               what there is

Sessions that test the wheel copy the tests out of the tree first, so that only the installed package can be imported.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import nox

nox.needs_version = ">=2026.2"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.error_on_missing_interpreters = True

PYTHON = "3.11"
DEV: list[str] = nox.project.load_toml("pyproject.toml")["project"]["optional-dependencies"]["dev"]
PACKAGES = ("headroom", "headroom_agno", "headroom_core", "headroom_langchain", "headroom_litellm", "headroom_mcp")
RUNNER = (
    "hypothesis",
    "inline-snapshot",
    "pytest",
    "pytest-asyncio",
    "pytest-timeout",
    "pytest-xdist",
    "starlette",
    "uvicorn",
)
COPIED = (
    *("tests", "examples", "docs", "README.md", "pyproject.toml", "training/example.json"),
    *(f"integrations/{framework}/README.md" for framework in ("agno", "langchain", "litellm", "mcp")),
)
IN_THE_TREE = (
    "tests/docs/test_pages.py",
    "tests/package/test_layers.py",
    "tests/package/test_wheel.py",
)  # these look at the source tree itself

INSTALLED = """
import sys, sysconfig
from importlib.util import find_spec
site = sysconfig.get_path("purelib")
strays = [name for name in sys.argv[1:] if not find_spec(name).origin.startswith(site)]
sys.exit(f"not the installed ones: {strays}" if strays else 0)
"""


@dataclass(frozen=True, slots=True)
class Extra:
    """What the tests of one extra are, and which tools of the development environment they need beyond the runner."""

    tests: tuple[str, ...]
    tools: tuple[str, ...] = ()


EXTRAS = {
    "cli": Extra(tests=("tests/cli", "tests/report")),
    "langchain": Extra(
        tests=("tests/integrations/langchain",),
        tools=(
            "langchain",
            "langchain-anthropic",
            "langchain-google-genai",
            "langchain-openai",
            "langchain-tests",
        ),
    ),
    "litellm": Extra(tests=("tests/integrations/litellm",), tools=("boto3", "mcp")),
    "agno": Extra(tests=("tests/integrations/agno",), tools=("anthropic", "google-genai", "openai")),
    "prices": Extra(tests=("tests/extras",), tools=("tiktoken", "litellm")),
    "mcp": Extra(tests=("tests/integrations/mcp", "tests/core/test_store.py")),
    "ml": Extra(tests=("tests/ml",), tools=("onnx",)),
    "ocr": Extra(tests=("tests/ocr",)),
}


@nox.session(python=PYTHON)
def lint(session: nox.Session) -> None:
    """Run ruff, mypy --strict and import-linter; with `--no-venv`, in the environment that nox itself runs in."""
    if session.virtualenv.is_sandboxed:
        session.install("-e", ".[dev]")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy")
    session.run("lint-imports", "--no-logo")


@nox.session(python=PYTHON)
def tests(session: nox.Session) -> None:
    """Run every test in the source tree."""
    session.install("-e", ".[dev]")
    session.run("pytest", "-q", *session.posargs)


@nox.session(python=PYTHON)
def wheel(session: nox.Session) -> None:
    """Run every test, outside the tree, on the wheel with all extras."""
    session.install(f"{_built(session)}[dev]")
    _test_outside(session, "tests")


@nox.session(python=PYTHON)
def bare(session: nox.Session) -> None:
    """Run the tests of the engine, outside the tree, on the wheel with no extra."""
    session.install(str(_built(session)), *_tools(*RUNNER))
    _test_outside(session, "tests/core")


@nox.session(python=PYTHON)
@nox.parametrize("extra", list(EXTRAS), ids=list(EXTRAS))
def alone(session: nox.Session, extra: str) -> None:
    """Run the tests of one extra, outside the tree, on the wheel with that extra alone."""
    wanted = EXTRAS[extra]
    session.install(f"{_built(session)}[{extra}]", *_tools(*RUNNER, *wanted.tools))
    _test_outside(session, *wanted.tests)


@nox.session(python=PYTHON)
def openai3(session: nox.Session) -> None:
    """LangChain on the openai and httpx2 that Agno and LiteLLM do not take yet."""
    session.install(f"{_built(session)}[langchain]", *_tools(*RUNNER, *EXTRAS["langchain"].tools), "openai>=3")
    _test_outside(session, *EXTRAS["langchain"].tests)


@nox.session(python=PYTHON)
def agno2(session: nox.Session) -> None:
    """The oldest Agno that the extra takes, with the clients of its time."""
    clients = ("anthropic<1", *_tools("google-genai", "openai"))
    session.install(f"{_built(session)}[agno]", "agno==2.6.*", *clients, *_tools(*RUNNER))
    _test_outside(session, *EXTRAS["agno"].tests)


@nox.session(python=PYTHON)
def litellm_proxy(session: nox.Session) -> None:
    """A real LiteLLM proxy with our callback; it pins so much that it has an environment of its own."""
    session.install(str(_built(session)), "litellm[proxy]", "boto3", *_tools(*RUNNER))
    _test_outside(session, "tests/integrations/litellm/test_proxy.py")


@nox.session(python=PYTHON, venv_backend="uv")
def torch(session: nox.Session) -> None:
    """Routers and SigLIP through torch and transformers, on tiny models."""
    session.install(str(_built(session)), *_tools(*RUNNER))
    session.install("torch", "transformers>=5", "--torch-backend", "cpu")
    _test_outside(session, "tests/heavy/ml")


@nox.session(python=PYTHON)
def docs(session: nox.Session) -> None:
    """Check that the tables of the documentation are up to date, and build the site into `site/`."""
    session.install(".[cli]", "zensical>=0.0.73,<0.1")
    session.run("python", "docs/generate.py", "--check")
    session.run("zensical", "build", "--clean", "--strict")


@nox.session(python=PYTHON, venv_backend="uv")
def lowest(session: nox.Session) -> None:
    """Run every test, outside the tree, on the wheel with the oldest versions that pyproject.toml allows."""
    session.install("--resolution", "lowest-direct", "-r", "pyproject.toml", "--extra", "dev")
    session.install("--no-deps", str(_built(session)))
    _test_outside(session, "tests")


@nox.session(python=PYTHON, venv_backend="uv")
def newest(session: nox.Session) -> None:
    """Run the tests of the adapters, outside the tree, on the newest versions that resolve, pre-releases aside."""
    session.install("--upgrade", f"{_built(session)}[dev]")
    _test_outside(session, "tests/integrations", "tests/contract")


def _built(session: nox.Session) -> Path:
    """The wheel of the source tree as it stands."""
    folder = Path(session.create_tmp()) / "dist"
    shutil.rmtree(folder, ignore_errors=True)
    session.install(*_tools("hatchling"))
    session.run("python", "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), silent=True)
    (built,) = folder.glob("*.whl")
    return built


def _tools(*names: str) -> list[str]:
    """The requirements of the development environment that have these names."""
    return [requirement for requirement in DEV if re.split(r"[\[<>=~!; ]", requirement)[0] in names]


def _test_outside(session: nox.Session, *folders: str) -> None:
    """Run pytest on copies of these folders in a place where the source tree cannot be imported."""
    outside = Path(session.create_tmp()) / "outside"
    shutil.rmtree(outside, ignore_errors=True)
    outside.mkdir()
    for name in COPIED:
        _copy(Path(name), outside / name)
    for name in IN_THE_TREE:
        (outside / name).unlink()
    with session.chdir(outside):
        session.run("python", "-c", INSTALLED, *PACKAGES)
        session.run("pytest", "-q", "-p", "no:cacheprovider", *folders, *session.posargs)


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)
