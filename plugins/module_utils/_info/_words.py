# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: which variables are looked at, and how nothing secret leaves the machine."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

GO_VARIABLES = """
AR CC CXX FC PKG_CONFIG CGO_ENABLED CGO_CFLAGS CGO_LDFLAGS CGO_CXXFLAGS GCCGO GO111MODULE GO386 GOAMD64 GOARCH
GOARM GOARM64 GOBIN GOCACHE GOCACHEPROG GOCOVERDIR GODEBUG GOENV GOEXE GOEXPERIMENT GOFIPS140 GOFLAGS GOGC
GOHOSTARCH GOHOSTOS GOINSECURE GOMAXPROCS GOMEMLIMIT GOMIPS GOMIPS64 GOMOD GOMODCACHE GONOPROXY GONOSUMDB GOOS
GOPATH GOPLSCACHE GOPPC64 GOPRIVATE GOPROXY GORACE GORISCV64 GOROOT GOROOT_FINAL GOSUMDB GOTELEMETRY
GOTELEMETRYDIR GOTMPDIR GOTOOLCHAIN GOTOOLDIR GOTRACEBACK GOVCS GOVERSION GOWASM GOWORK
"""
SYSTEM_VARIABLES = """
HOME LANG LC_ALL LOGNAME PATH SHELL TMPDIR TEMP TMP USER WSLENV WSL_DISTRO_NAME WSL_INTEROP XDG_CACHE_HOME
XDG_CONFIG_HOME XDG_DATA_HOME SSL_CERT_FILE SSL_CERT_DIR HTTP_PROXY HTTPS_PROXY NO_PROXY ALL_PROXY http_proxy
https_proxy no_proxy all_proxy REMOTE_CONTAINERS CODESPACES CONTAINER container DISPLAY WAYLAND_DISPLAY
"""
REPORTED = frozenset(f"{GO_VARIABLES} {SYSTEM_VARIABLES}".split())

_USERINFO = re.compile(r"(?<=://)[^/@\s,|]+@")
_NAMES = r"password|passwd|token|secret|api[_-]?key|authorization"
_TOKEN = re.compile(rf"(?i)(?<![a-z0-9])((?:{_NAMES})[\w-]{{0,30}}\s*[=:]\s*(?:(?:bearer|basic)\s+)?)[^\s&,;]+")
_COMMAND = re.compile(r"(?m)^(GOAUTH\s*=).+$")  # a line of Go's env file; the command may name a secret
_SECRET_KEY = re.compile(rf"(?i)(?:{_NAMES}|goauth|credential)")
_ENVIRONMENT = re.compile(r"(?:EnvVars|\benv)$")  # go.toolsEnvVars, gopls' build.env


def scrub(text: str) -> str:
    """``text`` without credentials in addresses and without what follows the usual names of secrets."""
    return _COMMAND.sub(r"\1***", _TOKEN.sub(r"\1***", _USERINFO.sub("***@", text)))


def scrubbed(value: Any) -> Any:
    """The same for everything inside lists and mappings, and nothing of what a key calls a secret."""
    if isinstance(value, str):
        return scrub(value)
    if isinstance(value, Mapping):
        return {str(key): _member(str(key), one) for key, one in value.items()}
    return [scrubbed(one) for one in value] if isinstance(value, (list, tuple)) else value


def _member(key: str, value: Any) -> Any:
    if _SECRET_KEY.search(key) and isinstance(value, str):
        return value and "***"
    if _ENVIRONMENT.search(key) and isinstance(value, Mapping):
        return {str(name): scrubbed(one) if name in REPORTED else "***" for name, one in value.items()}
    return scrubbed(value)


def reported(env: Mapping[str, str]) -> dict[str, str]:
    """Only the variables that rules look at: a whole environment is full of other people's secrets."""
    return {name: scrub(env[name]) for name in sorted(env) if name in REPORTED}


def excerpt(text: str, lines: int = 12, width: int = 300) -> str:
    """The first lines of what a program printed, fit for a report."""
    return "\n".join(line[:width] for line in scrub(text).strip().splitlines()[:lines])
