"""Where the API key comes from. It is read as late as possible, and never shown."""

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias, assert_never

from cfsync.desired.trust import ALLOW_COMMANDS, commands_allowed
from cfsync.errors import TokenUnavailable, Untrusted

SERVICE: Final = "cfsync"
_TOKEN = re.compile(r"[!-~]{1,4096}\Z")
_PATIENCE: Final = 60.0


@dataclass(frozen=True, slots=True)
class FromVariable:
    name: str


@dataclass(frozen=True, slots=True)
class FromKeyring:
    name: str


@dataclass(frozen=True, slots=True)
class FromCommand:
    command: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoToken:
    """The emulator in-process needs none; nor does a server on this machine, unless it says so."""


Origin: TypeAlias = FromVariable | FromKeyring | FromCommand | NoToken


class TokenSource:
    """Reads the key of one environment when asked; shows nothing of it."""

    __slots__ = ("_environ", "_folder", "_origin", "environment")

    def __init__(
        self, environment: str, origin: Origin, environ: Mapping[str, str], folder: Path
    ) -> None:
        self.environment = environment
        self._origin = origin
        self._environ = environ
        self._folder = folder

    def __repr__(self) -> str:
        return "TokenSource(***)"

    def read(self) -> str | None:
        """The key; None where none is needed. May run a command or ask the keyring.

        Raises TokenUnavailable, or Untrusted for a command that nobody allowed.
        """
        match self._origin:
            case NoToken():
                return None
            case FromVariable(name):
                return self._variable(name)
            case FromKeyring(name):
                return self._keyring(name)
            case FromCommand(command):
                return self._command(command)
            case _:
                assert_never(self._origin)

    def _variable(self, name: str) -> str:
        token = self._environ.get(name, "")
        if not token:
            raise self._unavailable(f"{name} is not set", f"export {name}=…")
        return self._fit(token, name, f"export {name}=…")

    def _keyring(self, name: str) -> str:
        again = f"keyring set {SERVICE} {name}"
        try:
            import keyring  # noqa: PLC0415 - an optional extra
        except ImportError:
            raise self._unavailable(
                "the package keyring is not installed", "pip install 'cfsync[keyring]'"
            ) from None
        try:
            token = keyring.get_password(SERVICE, name)
        except Exception as error:  # noqa: BLE001 - every backend raises its own
            raise self._unavailable(f"the keyring failed: {type(error).__name__}", again) from None
        if not token:
            raise self._unavailable(f"the keyring has no '{name}' under '{SERVICE}'", again)
        return self._fit(token, f"'{name}' in the keyring", again)

    def _command(self, command: tuple[str, ...]) -> str:
        if not commands_allowed(self._environ):
            raise Untrusted(
                f"the configuration wants to run '{command[0]}' for the key of {self.environment}",
                why="commands of a configuration run only where that was allowed from outside",
                next_step=f"export {ALLOW_COMMANDS}=1",
            )
        return self._fit(self._output(command), f"the output of '{command[0]}'", command[0])

    def _output(self, command: tuple[str, ...]) -> str:
        try:
            done = subprocess.run(  # noqa: S603 - allowed from outside, no shell  # nosec B603
                command,
                cwd=self._folder,
                env=dict(self._environ),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_PATIENCE,
                check=False,
            )
        except (OSError, ValueError, subprocess.TimeoutExpired) as error:
            why = getattr(error, "strerror", None) or type(error).__name__
            raise self._unavailable(f"'{command[0]}' did not run: {why}", command[0]) from None
        if done.returncode:
            # its output may hold the key
            raise self._unavailable(f"'{command[0]}' ended with {done.returncode}", command[0])
        return done.stdout.decode("latin-1").removesuffix("\n").removesuffix("\r")

    def _fit(self, token: str, what: str, next_step: str) -> str:
        if not _TOKEN.match(token):
            why = "a key has no spaces, line breaks or characters beyond ASCII"
            raise self._unavailable(f"{what} is not a key: {why}", next_step)
        return token

    def _unavailable(self, why: str, next_step: str) -> TokenUnavailable:
        return TokenUnavailable(
            f"there is no key for the environment {self.environment}", why=why, next_step=next_step
        )
