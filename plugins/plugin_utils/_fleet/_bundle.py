# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: one signed folder with all that provisioning needs, for networks that have no way out.

Its content is the controller's own cache: what ``delivery: controller`` would fetch or build is there already. So the
bundle needs no code path of its own, and every proof (hash of the tree, build info of a tool) is made again when used.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from ansible_collections.gopherops.workstation.plugins.module_utils._changes import Change
from ansible_collections.gopherops.workstation.plugins.module_utils._digest import sha256
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.plugin_utils._fleet._journal import write_whole

SUMS, SIGNATURE, CONTENT = "SHA256SUMS", "SHA256SUMS.sig", "cache"
NAMESPACE = "gopherops-bundle"
ADVICE = "Make the bundle anew with the playbook gopherops.workstation.bundle, or copy it again"


def files(folder: Path) -> Iterator[Path]:
    """Every file of the content, in a fixed order; locks and half-made things are not content."""
    for path in sorted((folder / CONTENT).rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and not path.name.endswith(".lock") and not any(p.startswith(("stage-", ".")) for p in parts):
            yield path


def seal(folder: Path, key: str) -> int:
    """Write the sums, and sign them when there is a key; returns the number of files."""
    lines = [f"{sha256(path)}  {path.relative_to(folder).as_posix()}\n" for path in files(folder)]
    (folder / SIGNATURE).unlink(missing_ok=True)
    write_whole(folder / SUMS, "".join(lines))
    if key:
        command = ["-Y", "sign", "-q", "-f", os.path.expanduser(key), "-n", NAMESPACE, str(folder / SUMS)]
        done = _ssh_keygen(folder, command, "sign")
        if done.returncode:
            cause = done.stderr.decode("utf-8", "replace").strip() or "ssh-keygen failed"
            raise WorkstationError("sign", "bundle", str(folder), cause, "Check the key")
    return len(lines)


def verify(folder: Path, signers: Iterable[str]) -> list[str]:
    """The bundle's files, when it is whole, nothing was added, and somebody who may has signed it."""
    sums = folder / SUMS
    if not sums.is_file():
        raise WorkstationError("use", "bundle", str(folder), f"it has no {SUMS}", ADVICE)
    _check_signature(folder, list(signers))
    expected: dict[str, str] = {}
    for line in sums.read_text(encoding="utf-8").splitlines():
        total, _blank, name = line.partition("  ")
        expected[name] = total
    found = {path.relative_to(folder).as_posix() for path in files(folder)}
    for name in sorted(found ^ expected.keys()):
        what = "not in its list" if name in found else "missing"
        raise WorkstationError("use", "bundle", str(folder), f"'{name}' is {what}", ADVICE)
    for name, total in expected.items():
        if sha256(folder / name) != total:
            raise WorkstationError("use", "bundle", str(folder), f"'{name}' is not what was signed", ADVICE)
    return sorted(expected)


def _check_signature(folder: Path, signers: list[str]) -> None:
    if not signers:
        advice = "Set golang_dev_bundle_signers to lines of an allowed signers file (ssh-keygen(1))"
        raise WorkstationError("use", "bundle", str(folder), "nothing says who may sign it", advice)
    if not (folder / SIGNATURE).is_file():
        raise WorkstationError("use", "bundle", str(folder), "it is not signed", ADVICE)
    # Not beside the bundle: that may be a medium that cannot be written.
    with tempfile.TemporaryDirectory() as place:
        allowed = Path(place, "signers")
        allowed.write_text("\n".join(signers) + "\n", encoding="utf-8")
        for principal in sorted({line.split()[0].split(",")[0] for line in signers if line.strip()}):
            command = ["-Y", "verify", "-f", str(allowed), "-I", principal, "-n", NAMESPACE]
            command += ["-s", str(folder / SIGNATURE)]
            with (folder / SUMS).open("rb") as stream:
                if _ssh_keygen(folder, command, "verify", stream).returncode == 0:
                    return
    raise WorkstationError("use", "bundle", str(folder), "nobody who may sign it has signed what it says", ADVICE)


def _ssh_keygen(
    folder: Path, arguments: list[str], verb: str, stdin: IO[bytes] | int = subprocess.DEVNULL
) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["ssh-keygen", *arguments], stdin=stdin, capture_output=True, check=False)
    except OSError as error:
        raise WorkstationError(verb, "bundle", str(folder), str(error), "Install OpenSSH's client") from error


def unpack(folder: Path, names: Iterable[str], cache: Path, *, check: bool = False) -> list[Change]:
    """Lay verified files into the controller's cache, where they are not there already; or only say which."""
    changes = []
    for name in names:
        source, target = folder / name, cache / Path(name).relative_to(CONTENT)
        there = target.is_file()
        if there and target.stat().st_size == source.stat().st_size and sha256(target) == sha256(source):
            continue
        changes.append(Change(str(target), "replace" if there else "create", "from the bundle"))
        if check:
            continue
        with _told("unpack", folder):
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            part = target.with_name(f".{target.name}.part")
            shutil.copy2(source, part)
            os.replace(part, target)
    return changes


def collect(cache: Path, wanted: Iterable[Path], folder: Path) -> None:
    """Put cache entries (files or folders) into the bundle."""
    for path in wanted:
        target = folder / CONTENT / path.relative_to(cache)
        with _told("pack", folder):
            target.parent.mkdir(parents=True, exist_ok=True)
            if path.is_dir():
                shutil.copytree(path, target, dirs_exist_ok=True)
            else:
                shutil.copy2(path, target)


@contextlib.contextmanager
def _told(verb: str, folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:  # copytree's is a list of (from, to, why)
        cause = str(error.args[0][0][2]) if isinstance(error, shutil.Error) else error.strerror or str(error)
        advice = "Check space and rights there, and run again"
        raise WorkstationError(verb, "bundle", str(folder), cause, advice) from error
