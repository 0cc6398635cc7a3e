"""The command line as a process that hears signals, whatever it is that started the tests."""

from __future__ import annotations

import sys

__all__ = ["LISTENING"]

_SCRIPT = """
import signal
from pcn_group.cli import main
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGTERM, signal.SIG_DFL)
main()
"""

LISTENING = [sys.executable, "-c", _SCRIPT]
"""What to put before the arguments: in background jobs and under nohup some are ignored."""
