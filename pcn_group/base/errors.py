"""The exceptions a user can meet, each with the exit code the command line gives it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

__all__ = [
    "EXIT_CODES",
    "Fault",
    "IncompleteError",
    "InfeasibleError",
    "InputError",
    "InterruptedRunError",
    "NoPlanInTimeError",
    "PcnGroupError",
    "PipeClosedError",
    "UnwrittenError",
]


EXIT_CODES: Mapping[int, str] = {
    0: "done; every network is in the band, but for practices too large for one",
    1: "files could be written only in part: run again with `--overwrite`; of `batch`: a region "
    "failed, and `summary.csv` says why, or the cluster was lost; else a fault of the program: "
    "please report it",
    2: "unusable input, configuration or arguments; nothing was written",
    3: "done, with networks outside the band (`solve`, `repair`, `batch`, `alternatives`, "
    "`footprints`), with one that cannot be divided (`divide`), or a rule is broken (`check`)",
    4: "proven: no plan satisfies the rules; the message says why and what would help",
    5: "no plan was found within the time limit; of `alternatives`: or none was proven the best",
    6: "the result could not be written where it was asked for; the message says where it is kept",
    129: "the terminal was closed; what was written by then is kept",
    130: "interrupted; what was written by then is kept",
    141: "nobody reads the output any more; files are written before anything is printed",
    143: "terminated; what was written by then is kept",
}
"""What each exit code of the command line means."""


@dataclass(frozen=True)
class Fault:
    """One thing wrong with what the user gave: where it is, what it is, what to do about it.

    Attributes
    ----------
    source
        File name, option or configuration key.
    problem
        What is wrong, in one clause.
    remedy
        What the user can do about it, in one sentence.
    row
        Line number in the file as a text editor counts it (the header is line 1).
    column, value
        The column and the offending value as read, where there is one.
    """

    source: str
    problem: str
    remedy: str
    row: int | None = None
    column: str | None = None
    value: str | None = None

    def __str__(self) -> str:
        """Return the fault as one line: place, problem, value, remedy."""
        place = self.source
        if self.row is not None:
            place += f", row {self.row}"
        if self.column is not None:
            place += f", column {self.column}"
        value = f" ({self.value!r})" if self.value is not None else ""
        return f"{place}: {self.problem}{value}. {self.remedy}"


class PcnGroupError(Exception):
    """Any error meant for the user; never a traceback on the terminal."""

    exit_code = 1


class InputError(PcnGroupError):
    """Unusable input, configuration or arguments: carries every fault found, not only the first."""

    exit_code = 2

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Fault, ...]]]:
        """Travel between processes with the faults: by default only the message would."""
        return type(self), (self.faults,)


class IncompleteError(PcnGroupError):
    """Of files that belong together some are new, and one cannot be written: not the input's fault.

    The message says which one, and why.
    """


class UnwrittenError(PcnGroupError):
    """What was found cannot be written where it was asked for: the message says where it is."""

    exit_code = 6


class PipeClosedError(PcnGroupError):
    """Nobody reads standard output any more: there is nobody to tell."""

    exit_code = 141


class InterruptedRunError(PcnGroupError):
    """A run was interrupted that had written something already: the message says what.

    The command line ends with the code of the signal, which is 130 for Ctrl-C.
    """

    exit_code = 130


class InfeasibleError(PcnGroupError):
    """Proven: no plan satisfies the rules. The message says why and what would help."""

    exit_code = 4


class NoPlanInTimeError(PcnGroupError):
    """A search ended with neither a plan nor a proof that there is none."""

    exit_code = 5

    @classmethod
    def within(cls, seconds: float, *, outside_band: bool = False) -> NoPlanInTimeError:
        """Return the error of a search that had so many seconds at most; it may end before.

        Parameters
        ----------
        outside_band
            Whether it is proven that no plan keeps the band, and one outside it was looked for.
        """
        if outside_band:
            return cls(
                "Proven: no plan keeps the band. The one with the least outside it was not found "
                f"within the time limit of {seconds:g} seconds. Allow more with --time-limit; or "
                "say --set band.below=forbid --set band.above=forbid, which tells what clashes."
            )
        return cls(
            f"No plan was found within the time limit of {seconds:g} seconds, nor a proof that "
            "there is none. Allow more with --time-limit."
        )
