"""Twin only: Python on this machine says that it runs on macOS. docs/testing.md lists what is real and what is not.

Loaded by every Python of the twin at its start, before any program of ours. The kernel is still Linux: only what a
program asks Python about the system is answered differently.
"""

from __future__ import annotations

import os
import subprocess
import sys
import types

RELEASE, MACHINE = "25.1.0", os.environ.get("TWIN_MACHINE", "arm64")
_real = os.uname()


def uname() -> os.uname_result:
    text = f"Darwin Kernel Version {RELEASE}: twin; root:xnu-12377.41.6~2/RELEASE_{MACHINE.upper()}_T6000"
    return os.uname_result(("Darwin", _real.nodename, RELEASE, text, MACHINE))


os.uname = uname
sys.platform = "darwin"
# urllib.request imports it on macOS, for the proxies of the system's settings.
_scproxy = types.ModuleType("_scproxy")
vars(_scproxy).update(_get_proxy_settings=dict, _get_proxies=dict)
sys.modules["_scproxy"] = _scproxy

# Programs for macOS cannot be started by this kernel: what is asked of them goes to a stand-in that reads the files
# beside them, knows `go version` and fails loudly on the rest.
MACHO = b"\xcf\xfa\xed\xfe"
RUNNER = "/usr/lib/twin/macho"


def _is_macho(path: object) -> bool:
    try:
        with open(os.fsdecode(path), "rb") as stream:  # type: ignore[arg-type]
            return bool(stream.read(4) == MACHO)
    except (OSError, TypeError, ValueError):
        return False


def _redirected(words: object) -> object:
    if isinstance(words, (list, tuple)) and words and _is_macho(words[0]):
        return [RUNNER, *words]
    return words


class _Popen(subprocess.Popen):  # type: ignore[type-arg]
    def __init__(self, args: object, *others: object, **named: object) -> None:
        super().__init__(_redirected(args), *others, **named)  # type: ignore[call-overload]


def _execvpe(file: str, args: list[str], env: dict[str, str]) -> None:
    words = [RUNNER, file, *args[1:]] if _is_macho(file) else args
    _real_execvpe(words[0], words, env)


_real_execvpe = os.execvpe
os.execvpe = _execvpe  # type: ignore[assignment]
subprocess.Popen = _Popen  # type: ignore[misc]
