"""Role go_network where it matters: a module proxy that only a company's authority and log-in open, asked by Go itself.

Real: TLS, the trust store and what rebuilds it, Go's own client, a proxy that is asked to CONNECT. Both hosts have no
network but their loopback, so nothing else can have answered.
"""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
import real_go
from _hosts import Hosts, Run, podman, role  # type: ignore[import-not-found]

SERVER = "goproxy.corp.test"
ADDRESS = f"https://{SERVER}:8443"
ACCOUNTS = {"machine": "gopher", "account": "dev"}
THEIRS = "machine theirs.example.com login a password b\n"
PLACES = ("/etc", "/usr/local/share", "/home")


def authority(folder: Path) -> Path:
    """Our company's root, and the certificate of its module proxy."""

    def openssl(*words: str) -> None:
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    new = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    openssl("req", "-x509", *new, "-keyout", "root.key", "-out", "root.pem", "-days", "30", "-subj", "/CN=Corp Root")
    openssl("req", *new, "-keyout", "key.pem", "-out", "server.csr", "-subj", f"/CN={SERVER}")
    (folder / "san").write_text(f"subjectAltName=DNS:{SERVER}\n")
    signed = ("-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-extfile", "san", "-days", "30")
    openssl("x509", "-req", "-in", "server.csr", *signed, "-out", "cert.pem")
    return folder / "root.pem"


def wanted(root: Path) -> dict[str, dict[str, Any]]:
    """The whole machine trusts the authority and asks the proxy directly; the account does all on its own."""
    # Go compares host and port: https://go.dev/src/cmd/go/internal/auth/auth.go
    log_in = {"machine": f"{SERVER}:8443", "login": "gopher", "password": "s3cret-token"}
    common = {"go_network_certificates": [root.read_text()], "go_network_credentials": [log_in]}
    return {
        "machine": {
            **common,
            "golang_dev_scope": "machine",
            "golang_dev_user": "gopher",
            "go_network_profile": "corporate",
            "go_network_goproxy": ADDRESS,
            "go_network_goprivate": ["git.corp.test"],
        },
        "account": {
            **common,
            "go_network_goproxy": ADDRESS,
            "go_network_https_proxy": "http://proxy.corp.test:3128",
        },
    }


@pytest.fixture(scope="module")
def network(hosts: Hosts, tmp_path_factory: pytest.TempPathFactory) -> Hosts:
    folder = tmp_path_factory.mktemp("authority")
    given = wanted(authority(folder))
    for name, image, user in (("machine", "trixie", "admin"), ("account", "bookworm", "dev")):
        names = [f"--add-host={one}.corp.test:127.0.0.1" for one in ("goproxy", "proxy")]
        options = ("--network=none", *names, "-v", f"{real_go.go_root()}:/usr/local/go:ro")
        hosts.start(name, image, *options, user=user, bundle=False, **given[name])
        hosts.shell(name, "mkdir -p /root/corp && chmod 700 /root/corp")
        for file in (folder / "cert.pem", folder / "key.pem", Path(__file__).with_name("_network.py")):
            podman("cp", str(file), f"{hosts.mark}-{name}:/root/corp/{file.name}")
        hosts.shell(name, "python3 /root/corp/_network.py /root/corp >/root/corp/log 2>&1 & ")
        hosts.shell(
            name,
            "for i in 1 2 3 4 5 6 7 8 9; do [ -e /root/corp/ready ] && exit; sleep 1; done; cat /root/corp/log; exit 1",
        )
    # A netrc that everybody could read, with somebody else's entry.
    hosts.shell("account", f"printf '{THEIRS}' > ~/.netrc; chmod 644 ~/.netrc", user="dev")
    return hosts


def provision(network: Hosts, *words: str, **changed: Any) -> Run:
    parts = [role("golang_dev", "look"), role("golang_dev", "developer")]
    stack = [role("go_network"), role("go_env"), role("golang_dev", "verdict")]
    # As golang_dev does it: everything as the developer.
    block = {
        "name": "As the developer",
        "become": "{{ __golang_dev_become }}",
        "become_user": "{{ __golang_dev_developer }}",
        "block": stack,
    }
    return network.play(network.book(*parts, block), *words, go_env_path=["/usr/local/go/bin"], **changed)


def ask(network: Hosts, name: str, script: str) -> str:
    """Output of a fresh log-in of the developer's, whatever its status."""
    login = f"env -i HOME=/home/{ACCOUNTS[name]} USER={ACCOUNTS[name]} PATH=/usr/bin:/bin TERM=dumb bash -lc"
    return str(network.shell(name, f"cd && {login} '{script}' 2>&1 || true", user=ACCOUNTS[name]))


# Nothing of it is to stay in the home that is compared.
DOWNLOAD = (
    "export GOPATH=$(mktemp -d) GOCACHE=$(mktemp -d) GONOSUMDB=corp.test GOFLAGS=-modcacherw; "
    "go mod download -json corp.test/hello@v1.0.0; rm -rf $GOPATH $GOCACHE"
)


def trusted_as_asked(network: Hosts) -> None:
    """By every program of the machine, and by no other account of the other host."""
    assert "issuer=CN = Corp Root" in network.shell("machine", check_tls()).replace("CN=", "CN = ")
    assert "Verify return code: 0" in network.shell("machine", check_tls())
    assert "Verify return code: 0" not in network.shell("account", check_tls())


def test_go_downloads_through_the_companys_network_only_after_the_run(network: Hosts) -> None:
    before = {name: network.tree(name, *PLACES) for name in ACCOUNTS}
    predicted = provision(network, "--check")
    assert predicted.status == 0, predicted.text
    assert set().union(*(network.tree(name, *PLACES) ^ before[name] for name in ACCOUNTS)) == set()

    done = provision(network)
    assert done.status == 0, done.text
    for name, account in ACCOUNTS.items():
        assert done.planned(name) == predicted.planned(name)
        told = ask(network, name, DOWNLOAD)
        assert '"Version": "v1.0.0"' in told and "Error" not in told, told
        assert network.shell(name, f"stat -c '%a %U' /home/{account}/.netrc") == f"600 {account}"
        assert "s3cret" not in done.text + ask(network, name, "go env; env")
    # The one goes directly, the other through the proxy.
    assert network.shell("machine", "cat /root/corp/connected 2>/dev/null || true") == ""
    assert f"CONNECT {SERVER}:8443" in network.shell("account", "cat /root/corp/connected")
    trusted_as_asked(network)
    assert network.shell("account", "cat /home/dev/.netrc").startswith(THEIRS.strip())

    again = provision(network)
    assert all(again.planned(name) == [] for name in ACCOUNTS), again.text
    assert again.text.count("changed=0 ") == 2, again.text

    assert ask(network, "machine", "go env GOPRIVATE GOPROXY") == f"git.corp.test\n{ADDRESS}"
    china = provision(network, go_network_profile="china", go_network_goproxy="", go_network_https_proxy="")
    assert china.status == 0, china.text
    for name in ACCOUNTS:
        told = ask(network, name, "go env GOPROXY GOSUMDB; env | grep -ci https_proxy")
        assert told == "https://goproxy.cn,direct\nsum.golang.google.cn\n0"

    # What Go notes for itself.
    network.shell("machine", "rm -rf /home/gopher/.config/go/telemetry")
    gone = provision(network, go_network_state="absent", go_network_profile="default", go_env_state="absent")
    assert gone.status == 0, gone.text
    assert network.tree("machine", *PLACES) ^ before["machine"] == set()
    # The other's entry stays, and so does its protection.
    assert network.shell("account", "cat /home/dev/.netrc; stat -c %a /home/dev/.netrc") == f"{THEIRS}600"
    assert "SSL_CERT_DIR" not in ask(network, "account", "env")


def check_tls() -> str:
    return (
        f"echo | openssl s_client -connect 127.0.0.1:8443 -servername {SERVER} -verify_hostname {SERVER} 2>&1 || true"
    )
