"""What profiles mean, and which wishes are refused."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.plugin_utils._network import certificates, plan, services

EMPTY: dict[str, Any] = {
    "profile": "default",
    "goproxy": "",
    "gosumdb": "",
    "goprivate": [],
    "http_proxy": "",
    "https_proxy": "",
    "no_proxy": [],
    "certificates": [],
}
OURS = "https://goproxy.example.com"


def decide(**options: Any) -> dict[str, Any]:
    return plan({**EMPTY, **options}, services())


def test_default_profile_leaves_gos_own_addresses_alone() -> None:
    assert decide() == {"variables": {}, "environment": {}, "certificates": []}


def test_china_profile_takes_its_addresses_from_the_data_file() -> None:
    data = services()["profiles"]["china"]
    assert decide(profile="china")["variables"] == {"GOPROXY": data["goproxy"], "GOSUMDB": data["gosumdb"]}
    assert data["gosumdb"] == "sum.golang.google.cn"


def test_corporate_needs_its_proxy() -> None:
    with pytest.raises(WorkstationError, match="Cannot use network profile 'corporate': it needs the address"):
        decide(profile="corporate")


def test_corporate_hosts_are_reached_without_the_web_proxy() -> None:
    decided = decide(
        profile="corporate",
        goproxy=f"{OURS}/go,direct",
        goprivate=["*.git.example.com/team", "github.com/our-company"],
        https_proxy="http://proxy.example.com:3128",
        no_proxy=["localhost"],
    )
    assert decided["variables"]["GOPRIVATE"] == "*.git.example.com/team,github.com/our-company"
    environment = decided["environment"]
    assert environment["NO_PROXY"] == "localhost,git.example.com,goproxy.example.com"
    assert environment["HTTP_PROXY"] == environment["HTTPS_PROXY"] == "http://proxy.example.com:3128"
    assert {name.lower(): value for name, value in environment.items() if name.isupper()} == {
        name: value for name, value in environment.items() if name.islower()
    }


@pytest.mark.parametrize(
    ("options", "cause"),
    [
        ({"gosumdb": "off"}, "off accepts unknown code"),
        ({"goprivate": ["*"]}, "no pattern for module paths of your own"),
        ({"goprivate": ["https://git.example.com"]}, "no pattern for module paths"),
        ({"goproxy": "direct,https://a.example.com"}, "never asked"),
        ({"goproxy": "off|direct"}, "never asked"),
        ({"goproxy": "https://a.example.com,,direct"}, "an entry is empty"),
        ({"goproxy": "'https://a.example.com'"}, "quote"),
        ({"goproxy": "goproxy.example.com"}, "is no address"),
        ({"goproxy": "https://bob:hunter2@a.example.com"}, "holds a password"),
        ({"https_proxy": "proxy.example.com:3128"}, "no address of a proxy with its scheme"),
        ({"https_proxy": "http://bob:hunter2@proxy.example.com:3128"}, "holds a password"),
        ({"no_proxy": ["a"]}, "without a proxy it means nothing"),
    ],
)
def test_harmful_or_malformed_wishes_are_refused(options: dict[str, Any], cause: str) -> None:
    with pytest.raises(WorkstationError, match=cause) as refusal:
        decide(**options)
    assert "hunter2" not in refusal.value.message


@pytest.mark.parametrize(
    "value", [f"{OURS},direct", f"{OURS}|https://b.example.com,off", "direct", "file:///srv/goproxy"]
)
def test_right_lists_pass(value: str) -> None:
    assert decide(goproxy=value)["variables"]["GOPROXY"] == value


def make_certificate(folder: Path, name: str, *, authority: bool) -> str:
    extension = f"basicConstraints=critical,CA:{'TRUE' if authority else 'FALSE'}"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    files = ["-keyout", str(folder / f"{name}.key"), "-out", str(folder / f"{name}.pem")]
    subprocess.run([*command, *files, "-subj", f"/CN={name}", "-addext", extension], check=True, capture_output=True)
    return (folder / f"{name}.pem").read_text(encoding="ascii")


def test_authorities_are_told_by_name_and_hash(tmp_path: Path) -> None:
    text = make_certificate(tmp_path, "Example Root", authority=True)
    other = make_certificate(tmp_path, "Second Root", authority=True)
    first, second = certificates(f"Bag Attributes\n{text}{other}")
    assert (first["subject"], second["subject"]) == ("Example Root", "Second Root")
    assert ssl.PEM_cert_to_DER_cert(first["pem"]) == ssl.PEM_cert_to_DER_cert(text)
    assert "GMT" in first["expires"]


def test_what_is_no_authority_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorkstationError, match="it is no certificate authority"):
        certificates(make_certificate(tmp_path, "server", authority=False))
    with pytest.raises(WorkstationError, match="it holds no PEM block"):
        certificates("-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n")
    with pytest.raises(WorkstationError, match="it cannot be read"):
        certificates("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
