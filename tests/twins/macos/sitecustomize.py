"""Twin only: Python on this machine says that it runs on macOS. docs/testing.md lists what is arranged and what is real.

Loaded by every Python of the twin at its start, before any program of ours. The kernel is still Linux: only what a
program asks Python about the system is answered differently.
"""

from __future__ import annotations

import os
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
_scproxy._get_proxy_settings = lambda: {}
_scproxy._get_proxies = lambda: {}
sys.modules["_scproxy"] = _scproxy
