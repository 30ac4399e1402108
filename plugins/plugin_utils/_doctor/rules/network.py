# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: rules about fetching modules."""

from __future__ import annotations

import re

from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._facts import Facts
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._model import (
    ERROR,
    WARNING,
    Finding,
    Policy,
    Unknown,
    rule,
)
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._texts import (
    go_variable,
    host_of,
    proxies,
    set_where,
    unset_command,
)

TLS = (
    "certificate signed by unknown authority",
    "certificate is not trusted",
    "self-signed certificate",
    "self signed certificate",
)
CLOCK = ("certificate has expired", "is not yet valid")
UNREACHABLE = (
    *(
        "dial tcp",
        "connection refused",
        "no such host",
        "i/o timeout",
        "context deadline exceeded",
        "network is unreachable",
    ),
    *("proxyconnect", "500 ", "502 ", "503 ", "504 ", "Bad Gateway", "EOF", "connection reset", "not done after"),
)


LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def errors(facts: Facts) -> list[str]:
    """What go said when it could not fetch; empty when it could."""
    texts = []
    for name in ("latest", "download"):
        answer = facts["network", name]
        rc = answer.number("rc")
        if rc:
            texts.append(answer.text("error") or f"no answer within the time limit (exit status {rc:.0f})")
    return list(dict.fromkeys(texts))


@rule(
    "GD032",
    "The module proxy cannot be reached",
    ERROR,
    needs=("network",),
    after=("GD012", "GD035", "GD033", "GD037"),
    cause="No connection, a proxy that does not answer, or a mirror that was closed.",
    remedy="Choose a mirror that can be reached from here.",
    mended_by="go_network",
)
def goproxy_unreachable(facts: Facts, policy: Policy) -> Finding | None:
    if policy["offline"] or go_variable(facts, "GOPROXY") == "off":
        return None
    bad = [text for text in errors(facts) if not any(one in text for one in (*TLS, *CLOCK))]
    bad = [text for text in bad if any(one in text for one in UNREACHABLE) or "exit status 124" in text]
    if not bad:
        return None
    # A mirror of this very machine that nobody runs any more may go. Any other may be a company's, and without it the
    # names of its modules would go to the public one.
    hosts = {host_of(entry) for entry, _separator in proxies(go_variable(facts, "GOPROXY"))} - {""}
    dead = hosts and hosts <= LOOPBACK and set_where(facts, "GOPROXY")
    away = ("GOPROXY",) if dead else ()
    return Finding([*bad, f"GOPROXY={go_variable(facts, 'GOPROXY')}"], unset=away)


@rule(
    "GD033",
    "The list in GOPROXY does not do what it seems to",
    WARNING,
    needs=("go",),
    after=("GD012",),
    cause="After a comma the next entry is asked only when a module is not found (404 or 410); after | on any error.",
    remedy="Write https://first|https://second,direct and mean it.",
    mended_by="go_network",
)
def goproxy_malformed(facts: Facts, policy: Policy) -> Finding | None:
    value = go_variable(facts, "GOPROXY")
    entries = proxies(value)
    names = [entry for entry, _separator in entries]
    evidence = []
    if value and not any(names):
        evidence.append("it holds separators only")
    if set(value) & set("\"'"):
        evidence.append("quotes are part of the value")
    for word in ("direct", "off"):
        if word in names[:-1]:
            evidence.append(f"what follows {word} is never asked")
    own = [str(one) for one in policy["internal_hosts"]]
    for entry, separator in entries:
        if separator == "|" and any(host_of(entry).endswith(one) for one in own):
            evidence.append(f"when {entry} fails, names of internal modules go to the next entry")
        if (
            entry
            and entry not in ("direct", "off", "none")
            and not re.match(r"(https?|file)://", entry)
            and '"' not in value
        ):
            evidence.append(f"{entry!r} is no address")
    return (
        Finding([f"GOPROXY={value}", *evidence], command=unset_command(facts, "GOPROXY"), unset=("GOPROXY",))
        if evidence
        else None
    )


@rule(
    "GD034",
    "Modules are not checked against the checksum database",
    WARNING,
    needs=("go",),
    cause="Without the database nobody notices a module that was changed, and toolchain switches fail.",
    remedy="Turn it on again; name only your own modules in GOPRIVATE. In China use sum.golang.google.cn.",
    mended_by="go_network",
)
def sumdb_broken(facts: Facts, policy: Policy) -> Finding | None:
    evidence = []
    if go_variable(facts, "GOSUMDB") == "off":
        evidence.append(f"GOSUMDB=off in {set_where(facts, 'GOSUMDB') or 'the Go tree (go.env)'}")
    for name in ("GONOSUMDB", "GOPRIVATE"):
        if "*" in go_variable(facts, name).split(","):
            evidence.append(f"{name}={go_variable(facts, name)} takes every module out")
    broken = [text for text in errors(facts) if "verifying module" in text or "/sumdb/" in text or "/lookup/" in text]
    if broken:
        return Finding(evidence + broken, severity=ERROR)
    names = tuple(one.split("=", maxsplit=1)[0] for one in evidence)
    return Finding(evidence, command=unset_command(facts, *names), unset=names) if evidence else None


@rule(
    "GD035",
    "Go does not trust the certificate that it is shown",
    ERROR,
    needs=("network",),
    after=("GD037",),
    cause="A proxy of the company or the provider opens TLS connections and signs them with an authority of its own.",
    remedy="Put that authority into the system's trust store.",
    mended_by="go_network",
)
def tls_intercepted(facts: Facts, policy: Policy) -> Finding | None:
    bad = [text for text in errors(facts) if any(one in text for one in TLS)]
    return Finding(bad) if bad else None


def _matches(host: str, pattern: str) -> bool:
    """As Go reads NO_PROXY: a star alone is every host, a name is itself and all below it."""
    name = pattern.strip().lower().lstrip("*").lstrip(".")
    return pattern.strip() == "*" or (bool(name) and (host == name or host.endswith("." + name)))


@rule(
    "GD036",
    "Proxy variables contradict each other",
    WARNING,
    needs=("env.login",),
    cause="Programs read HTTP_PROXY, HTTPS_PROXY and NO_PROXY, some in capitals and some in small letters.",
    remedy="Give both spellings the same value, with http:// in front.",
    mended_by="go_network",
)
def proxy_env(facts: Facts, policy: Policy) -> Finding | None:
    env = facts["env", "login"]
    evidence = []
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"):
        capital, small = env.text(name), env.text(name.lower())
        if capital and small and capital != small:
            evidence.append(f"{name}={capital}, but {name.lower()}={small}")
        value = capital or small
        if name != "NO_PROXY" and value and "://" not in value:
            evidence.append(f"{name}={value} has no scheme")
    http, https = (env.text(name) or env.text(name.lower()) for name in ("HTTP_PROXY", "HTTPS_PROXY"))
    wanted: tuple[tuple[str, str], ...] = ()
    if http and not https:
        evidence.append("HTTP_PROXY is set and HTTPS_PROXY is not: modules are fetched by https")
        wanted = (("HTTPS_PROXY", http),) if "***" not in http else ()  # a password does not leave the machine
    no_proxy = (env.text("NO_PROXY") or env.text("no_proxy")).split(",")
    for entry, _separator in proxies(go_variable(facts, "GOPROXY")) if https else []:
        host = host_of(entry)
        internal = any(host.endswith(str(one)) for one in policy["internal_hosts"]) or (host and "." not in host)
        if internal and host != "localhost" and not any(_matches(host, one) for one in no_proxy):
            evidence.append(f"{host} of GOPROXY is internal and not in NO_PROXY")
    return Finding(evidence, environment=wanted) if evidence else None


@rule(
    "GD037",
    "The clock is wrong",
    ERROR,
    needs=("network",),
    cause="Certificates look expired or not yet valid, and build tools take old files for new ones.",
    remedy="Turn on time synchronisation. In WSL run: sudo hwclock -s",
    mended_by="linux",
)
def clock_skew(facts: Facts, policy: Policy) -> Finding | None:
    dates = [one for one in facts.items("network", "dates") if one.number("skew") is not None]
    if not dates:
        raise Unknown("no server told its time")
    # One proxy with a wrong clock is its own trouble: the smallest difference counts.
    best = min(dates, key=lambda one: abs(one.number("skew") or 0))
    skew = best.number("skew") or 0.0
    if abs(skew) <= policy["clock_warning_seconds"]:
        return None
    evidence = f"{abs(skew):.0f} s {'ahead of' if skew > 0 else 'behind'} {best.text('address')}"
    serious = abs(skew) > policy["clock_error_seconds"]
    return Finding([evidence], severity=ERROR if serious else WARNING)
