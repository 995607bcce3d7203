"""Options of the test suite."""

from __future__ import annotations

import gc
import signal
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

settings.register_profile(
    "termsmith", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("termsmith")


if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # Begun in the background of a shell, we would hand on to the processes of tests that they ignore Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="rewrite the golden files with what comes now")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name cases of bytes by number: what is packed has the second of packing in it, and no name may."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(scope="module", autouse=True)
def _leave_no_sockets(request: pytest.FixtureRequest) -> Iterator[None]:
    """Have what a client library leaves open collected where it is known, not in some test that comes later."""
    yield
    if any("Unraisable" in str(each.args) for each in request.node.iter_markers("filterwarnings")):
        gc.collect()


@pytest.fixture
def accept(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are rewritten."""
    return bool(request.config.getoption("--accept"))
