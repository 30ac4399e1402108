# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: what a network profile means for Go, and which wishes are refused.

Pure functions on the controller; the addresses come from ``_data/services.json`` and from nowhere else.
"""

from __future__ import annotations

import hashlib
import json
import pathlib
import re
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError

_SERVICES = pathlib.Path(__file__).resolve().parent / "_data" / "services.json"
_PEM = re.compile(r"-----BEGIN CERTIFICATE-----\s+[A-Za-z0-9+/=\s]+?-----END CERTIFICATE-----")
_LAST_WORDS = ("direct", "off")


def services() -> dict[str, Any]:
    """The default addresses of public services."""
    table: dict[str, Any] = json.loads(_SERVICES.read_text(encoding="utf-8"))
    return table


def plan(options: Mapping[str, Any], table: Mapping[str, Any]) -> dict[str, Any]:
    """Go's variables and the environment that these options mean; raises ``WorkstationError`` to refuse."""
    variables = _go_variables(options, table)
    return {
        "variables": variables,
        "environment": _proxy_environment(options, variables),
        "certificates": [entry for text in options["certificates"] for entry in certificates(text)],
    }


def _go_variables(options: Mapping[str, Any], table: Mapping[str, Any]) -> dict[str, str]:
    profile = options["profile"]
    goproxy, gosumdb = options["goproxy"], options["gosumdb"]
    if profile == "corporate" and not goproxy:
        raise WorkstationError(
            "use",
            "network profile",
            profile,
            "it needs the address of your module proxy",
            "Set go_network_goproxy, for instance https://goproxy.example.com",
        )
    if profile == "china":
        # Go's defaults need no writing; those of the China profile do.
        goproxy = goproxy or table["profiles"]["china"]["goproxy"]
        gosumdb = gosumdb or table["profiles"]["china"]["gosumdb"]
    if goproxy:
        check_goproxy(goproxy)
    if gosumdb == "off":
        raise WorkstationError(
            "set",
            "variable",
            "GOSUMDB",
            "off accepts unknown code and stops toolchain downloads",
            "Use sum.golang.google.cn in China, and GOPRIVATE for your own modules",
        )
    for pattern in options["goprivate"]:
        if not pattern.strip("*/ ") or re.search(r"[\s,]|://", pattern):
            raise WorkstationError(
                "set",
                "variable",
                "GOPRIVATE",
                f"'{pattern}' is no pattern for module paths of your own",
                "Write the host and path prefix, for instance git.example.com or github.com/our-company",
            )
    wanted = {"GOPROXY": goproxy, "GOSUMDB": gosumdb, "GOPRIVATE": ",".join(options["goprivate"])}
    return {name: value for name, value in wanted.items() if value}


def check_goproxy(value: str) -> None:
    """Refuse a list that Go would misread, or that carries a secret."""
    entries = re.split(r"[,|]", value)
    cause = ""
    if any(not entry or entry != entry.strip() or set(entry) & set("\"' \t") for entry in entries):
        cause = "an entry is empty, or holds a space or a quote"
    elif any(entry in _LAST_WORDS for entry in entries[:-1]):
        cause = "what stands after 'direct' or 'off' is never asked"
    else:
        cause = next((reason for reason in map(_address_reason, entries) if reason), "")
    if cause:
        raise WorkstationError("set", "variable", "GOPROXY", cause, "Write it like https://goproxy.example.com,direct")


def _address_reason(entry: str) -> str:
    if entry in _LAST_WORDS:
        return ""
    address = urlsplit(entry)
    if address.scheme not in ("https", "http", "file") or (address.scheme != "file" and not address.hostname):
        return f"'{entry}' is no address"
    if address.username or address.password:
        return "an address holds a password, which go env shows to everyone; use go_network_credentials"
    return ""


def _proxy_environment(options: Mapping[str, Any], variables: Mapping[str, str]) -> dict[str, str]:
    http, https = options["http_proxy"], options["https_proxy"]
    if not http and not https:
        if options["no_proxy"]:
            raise WorkstationError(
                "set",
                "variable",
                "NO_PROXY",
                "without a proxy it means nothing",
                "Set go_network_https_proxy too, or drop it",
            )
        return {}
    # Most of what Go fetches is https: one proxy given means both (GD036).
    wanted = {"HTTP_PROXY": http or https, "HTTPS_PROXY": https or http}
    for name, value in wanted.items():
        _check_proxy(name, value)
    wanted["NO_PROXY"] = ",".join(_direct_hosts(options, variables))
    both = {name: value for name, value in wanted.items() if value}
    # curl reads http_proxy in small letters only, Go reads both: they have to agree.
    return {**both, **{name.lower(): value for name, value in both.items()}}


def _check_proxy(name: str, value: str) -> None:
    address = urlsplit(value)
    cause = ""
    if address.scheme not in ("http", "https", "socks5") or not address.hostname:
        cause = f"'{_without_secret(value)}' is no address of a proxy with its scheme"
    elif address.username or address.password:
        cause = "it holds a password, which every program on the machine could read"
    if cause:
        raise WorkstationError(
            "set",
            "variable",
            name,
            cause,
            "Write http://proxy.example.com:3128; for a proxy with a log-in run a local relay",
        )


def _direct_hosts(options: Mapping[str, Any], variables: Mapping[str, str]) -> list[str]:
    """NO_PROXY: what was asked for, plus the hosts that are ours and so are reached without the proxy."""
    hosts = list(options["no_proxy"])
    hosts += [pattern.split("/")[0].removeprefix("*.") for pattern in options["goprivate"] if not _public(pattern)]
    if options["profile"] == "corporate":
        first = re.split(r"[,|]", variables.get("GOPROXY", ""))[0]
        hosts.append(urlsplit(first).hostname or "")
    return list(dict.fromkeys(host for host in hosts if host))


def _public(pattern: str) -> bool:
    """Private repositories on a public forge are still reached through the proxy."""
    return pattern.split("/", maxsplit=1)[0] in {
        "github.com",
        "gitlab.com",
        "bitbucket.org",
        "gitee.com",
        "codeberg.org",
        "dev.azure.com",
    }


def _without_secret(value: str) -> str:
    return re.sub(r"//[^/@]*@", "//", value)


def certificates(text: str) -> list[dict[str, str]]:
    """The authorities in a PEM text (``pem``, ``sha256``, ``subject``, ``expires``); other words in it do not count."""
    blocks = _PEM.findall(text)
    if not blocks:
        raise _bad_certificate(text[:40], "it holds no PEM block 'BEGIN CERTIFICATE'")
    return [_authority(block) for block in blocks]


def _authority(block: str) -> dict[str, str]:
    try:
        der = ssl.PEM_cert_to_DER_cert(block)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cadata=der)
    except (ValueError, ssl.SSLError) as error:
        raise _bad_certificate(block[28:60].strip(), f"it cannot be read ({error})") from error
    # OpenSSL lists authorities only: a server's own certificate in the trust store would help nobody.
    found = context.get_ca_certs()
    digest = hashlib.sha256(der).hexdigest()
    if not found:
        raise _bad_certificate(digest[:16], "it is no certificate authority (CA:TRUE is missing)")
    subject: Any = found[0].get("subject") or ()
    names = {key: value for group in subject for key, value in group}
    return {
        "pem": ssl.DER_cert_to_PEM_cert(der),
        "sha256": digest,
        "subject": names.get("commonName") or names.get("organizationName") or digest[:16],
        "expires": str(found[0].get("notAfter", "")),
    }


def _bad_certificate(name: str, cause: str) -> WorkstationError:
    return WorkstationError(
        "trust", "certificate", name, cause, "Give the root authority's certificate as PEM, from your security team"
    )
