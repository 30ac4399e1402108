# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: where each system keeps the authorities it trusts, and how one is added.

A certificate counts as trusted when the bundle that programs read holds it; its file in the anchors' directory is only
the way there. https://pkg.go.dev/crypto/x509#SystemCertPool names what Go reads.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ansible_collections.gopherops.workstation.plugins.module_utils._changes import Change
from ansible_collections.gopherops.workstation.plugins.module_utils._env._files import Edit, Files
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError

Run = Callable[[Sequence[str]], tuple[int, str, str]]
PREFIX = "gopherops-"
KEYCHAIN = "/Library/Keychains/System.keychain"
_BLOCK = re.compile(rb"-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----")
# OpenSSL and Go read these when SSL_CERT_DIR is not set; a value of our own has to keep them.
SYSTEM_DIRECTORIES = ("/etc/ssl/certs", "/etc/pki/tls/certs")


@dataclass(frozen=True)
class Store:
    """One family of systems: where anchors go, what makes the bundle of them, where the bundle is."""

    anchors: str
    command: tuple[str, ...]
    bundle: str
    links: str = ""  # where the command leaves one for each anchor, also when the anchor has gone


STORES = (
    Store(
        "/etc/pki/ca-trust/source/anchors",
        ("update-ca-trust", "extract"),
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    ),
    Store("/etc/pki/trust/anchors", ("update-ca-certificates",), "/var/lib/ca-certificates/ca-bundle.pem"),
    Store(
        "/etc/ca-certificates/trust-source/anchors",
        ("update-ca-trust",),
        "/etc/ca-certificates/extracted/tls-ca-bundle.pem",
    ),
    Store(
        "/usr/local/share/ca-certificates",
        ("update-ca-certificates",),
        "/etc/ssl/certs/ca-certificates.crt",
        "/etc/ssl/certs",
    ),
)


@dataclass(frozen=True)
class Result:
    changes: list[Change]
    places: list[dict[str, str]]
    environment: dict[str, str]


def find_store(root: str = "/") -> Store:
    """The store of this Linux system: the first whose anchors' directory is there."""
    for store in STORES:
        if os.path.isdir(os.path.join(root, store.anchors[1:])):
            return store
    raise WorkstationError(
        "find",
        "trust store",
        root,
        "none of the known directories for certificates is there",
        "Install the package ca-certificates",
    )


def machine_linux(
    certificates: Sequence[dict[str, str]], *, present: bool, check: bool, run: Run, store: Store
) -> Result:
    """Anchors of this collection equal the wanted ones, and the bundle holds them."""
    files, wanted = _anchors(store.anchors, certificates if present else [])
    stale = not files.edits and any(
        _der(entry["pem"].encode()) not in bundle(store.bundle) for entry in wanted.values()
    )
    changes = files.changes()
    if changes or stale:
        changes.append(Change(store.bundle, "edit", f"rebuilt by {store.command[0]}"))
    if changes and not check:
        files.check()
        files.apply()
        _rebuild(store, list(wanted.values()), run)
    return Result(changes, [_place(path, entry) for path, entry in wanted.items()], {})


def user_linux(certificates: Sequence[dict[str, str]], *, present: bool, check: bool, data_home: str) -> Result:
    """Without root: a directory of our own that Go and OpenSSL read besides the system's, through SSL_CERT_DIR."""
    folder = os.path.join(data_home, "gopherops", "certificates")
    files, wanted = _anchors(folder, certificates if present else [])
    changes = files.changes()
    if not check:
        files.check()
        files.apply()
        if not wanted:
            _remove_if_empty(folder)
    environment = {"SSL_CERT_DIR": ":".join((folder, *SYSTEM_DIRECTORIES))} if wanted else {}
    return Result(changes, [_place(path, entry) for path, entry in wanted.items()], environment)


def machine_darwin(
    certificates: Sequence[dict[str, str]], *, present: bool, check: bool, run: Run, temporary: str
) -> Result:
    """The System keychain, by ``security``; Go asks Security.framework."""
    rc, out, err = run(["/usr/bin/security", "find-certificate", "-a", "-p", KEYCHAIN])
    if rc != 0:
        raise WorkstationError(
            "read", "keychain", KEYCHAIN, err.strip() or f"status {rc}", "Look at it in Keychain Access"
        )
    there = {_der(block.group(0)) for block in _BLOCK.finditer(out.encode())}
    changes, places = [], []
    for entry in certificates:
        known = _der(entry["pem"].encode()) in there
        if present:
            places.append(_place(KEYCHAIN, entry))
        if known == present:
            continue
        changes.append(Change(KEYCHAIN, "edit", f"{'trusted' if present else 'remove'} authority {entry['subject']}"))
        if not check:
            _darwin_act(entry, present=present, run=run, temporary=temporary)
    return Result(changes, places, {})


def _darwin_act(entry: dict[str, str], *, present: bool, run: Run, temporary: str) -> None:
    if present:
        path = os.path.join(temporary, f"{PREFIX}{entry['sha256'][:16]}.pem")
        with open(path, "w", encoding="ascii") as stream:
            stream.write(entry["pem"])
        argv = ["/usr/bin/security", "add-trusted-cert", "-d", "-r", "trustRoot", "-k", KEYCHAIN, path]
    else:
        argv = ["/usr/bin/security", "delete-certificate", "-Z", entry["sha256"].upper(), "-t", KEYCHAIN]
    rc, out, err = run(argv)
    if rc != 0:
        raise WorkstationError(
            "change",
            "keychain",
            KEYCHAIN,
            (err or out).strip() or f"status {rc}",
            "Over ssh macOS may refuse; push the certificate by a profile of your device management instead",
        )


def bundle(path: str) -> set[bytes]:
    """What programs trust, as DER; empty when the bundle is not there."""
    try:
        with open(path, "rb") as stream:
            return {_der(block.group(0)) for block in _BLOCK.finditer(stream.read())}
    except OSError:
        return set()


def _rebuild(store: Store, wanted: Sequence[dict[str, str]], run: Run) -> None:
    # Debian's command leaves the links of an anchor that has gone, unless it makes them all anew.
    stale = [name for name in _ours(store.links) if not os.path.exists(os.path.join(store.links, name))]
    rc, out, err = run([*store.command, *(["--fresh"] if stale else [])])
    missing = [entry["subject"] for entry in wanted if _der(entry["pem"].encode()) not in bundle(store.bundle)]
    if rc != 0 or missing:
        said = (err or out).strip().splitlines() or [f"status {rc}"]
        raise WorkstationError(
            "rebuild",
            "certificate bundle",
            store.bundle,
            said[-1] if rc else f"it does not hold {', '.join(missing)} afterwards",
            f"Run {store.command[0]} by hand and read its output",
        )


def _anchors(folder: str, certificates: Sequence[dict[str, str]]) -> tuple[Files, dict[str, dict[str, str]]]:
    """What makes the anchors of this collection in a folder equal to these, and the path of each."""
    files = Files()
    # update-ca-certificates takes .crt only, and the others take any name.
    wanted = {os.path.join(folder, f"{PREFIX}{entry['sha256'][:16]}.crt"): entry for entry in certificates}
    for path, entry in wanted.items():
        files.want(Edit(path, files.read(path), entry["pem"].encode(), f"trusted authority {entry['subject']}", 0o644))
    for path in (os.path.join(folder, name) for name in _ours(folder)):
        if path not in wanted:
            files.want(Edit(path, files.read(path), None, "trusted authority"))
    return files, wanted


def _ours(folder: str) -> list[str]:
    try:
        return sorted(name for name in os.listdir(folder) if name.startswith(PREFIX)) if folder else []
    except OSError:
        return []


def _place(path: str, entry: dict[str, str]) -> dict[str, str]:
    return {"path": path, **{key: entry[key] for key in ("subject", "sha256", "expires")}}


def _der(block: bytes) -> bytes:
    match = _BLOCK.search(block)
    try:
        return base64.b64decode(b"".join(match.group(1).split())) if match else b""
    except binascii.Error:
        return b""


def _remove_if_empty(folder: str) -> None:
    for path in (folder, os.path.dirname(folder)):
        try:
            os.rmdir(path)
        except OSError:
            return
