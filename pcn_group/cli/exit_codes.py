"""The exit codes that every command has, for its help."""

from __future__ import annotations

__all__ = ["with_common_codes"]

_PLAIN = """\b
Exit codes:
  0  done
  2  unusable input, configuration or arguments; nothing was written
"""

_COMMON = """\
  1  a fault of the program, or files were written only in part; the message says which
  6  the result could not be written; the message says where it is kept
  130, 141, 143  interrupted, nobody reads the output, terminated; what was written is kept
"""


def with_common_codes(epilog: str | None) -> str:
    """Return the end of a command's help with the codes that all commands have, if not yet there.

    Parameters
    ----------
    epilog
        What the command itself has to say: its own codes are the last of it, if it has any.
    """
    own = epilog or _PLAIN
    if "Exit codes" not in own:
        own = f"{own.rstrip()}\n\n{_PLAIN}"
    return own if own.endswith(_COMMON) else own + _COMMON
