"""The programs compared: how each is called, and the environment it is called in."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

__all__ = ["PCN_GROUP", "PEERS", "TODAY", "Peer", "prepare_environment"]

PCN_GROUP = "pcn-group"
TODAY = "networks of 2020"

_HERE = Path(__file__).resolve().parent
_ENVIRONMENT = _HERE.parent / ".venv" / "peers"
_REQUIREMENTS = _HERE / "peers" / "requirements.txt"


@dataclass(frozen=True)
class Peer:
    """A script in `peers/`.

    Attributes
    ----------
    name
        What the tables call it.
    apart
        Whether it runs in the peers' environment; else in that of pcn-group.
    largest
        The most practices it is given.
    """

    name: str
    script: str
    apart: bool = True
    largest: int = 1_000_000

    @property
    def python(self) -> Path:
        """The interpreter it runs under."""
        return _ENVIRONMENT / "bin" / "python" if self.apart else Path(sys.executable)

    @property
    def is_ready(self) -> bool:
        """Whether its environment is there."""
        return not self.apart or _stamp().exists()

    @property
    def command(self) -> list[str]:
        """How it is called, before its arguments."""
        return [str(self.python), str(_HERE / "peers" / self.script)]


PEERS = (
    Peer("Hess's model, HiGHS", "hess.py"),
    Peer("one model, CP-SAT", "monolith.py", apart=False),
    Peer("every candidate, CP-SAT", "enumeration.py", apart=False, largest=60),
    Peer("GerryChain ReCom", "recom.py"),
    Peer("spopt MaxP", "maxp.py"),
    Peer("spopt AZP", "azp.py"),
)


def prepare_environment() -> str | None:
    """Install the peers in an environment of their own; say why where that fails."""
    if _stamp().exists() and _stamp().stat().st_mtime > _REQUIREMENTS.stat().st_mtime:
        return None
    print(f"installing the peers in {_ENVIRONMENT}", file=sys.stderr)
    for command in (
        [sys.executable, "-m", "venv", str(_ENVIRONMENT)],
        [str(_ENVIRONMENT / "bin" / "pip"), "install", "--quiet", "-r", str(_REQUIREMENTS)],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            return (done.stderr.strip().splitlines() or ["it ended without a message"])[-1]
    _stamp().touch()
    return None


def _stamp() -> Path:
    return _ENVIRONMENT / "ready"
