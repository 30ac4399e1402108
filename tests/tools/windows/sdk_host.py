"""Plays win_go_sdk on a file system of dictionaries: what each act does is what the PowerShell of that name does."""

from __future__ import annotations

import base64
import hashlib
import json
import ntpath
from typing import Any

from ansible_collections.gopherops.workstation.plugins.module_utils._dirhash import h1, module_prefix, without_block

HOME = r"C:\Users\ada"
PLACES = {"%USERPROFILE%": HOME, "%ProgramW6432%": r"C:\Program Files"}
Tree = dict[str, bytes]


def release(version: str) -> Tree:
    return {
        "VERSION": f"go{version}\n".encode(),
        "go.env": b"GOPROXY=https://proxy.golang.org,direct\n",
        "src/go.mod": b"module std\n",
        "bin/go.exe": version.encode(),
    }


def digests(tree: Tree) -> dict[str, str]:
    return {
        name: hashlib.sha256(without_block(data) if name == "go.env" else data).hexdigest()
        for name, data in tree.items()
    }


def tree_hash(tree: Tree, version: str, platform: str = "windows-amd64") -> str:
    return h1(digests(tree), module_prefix(version, platform))


class KilledError(Exception):
    """The process ended in the middle."""


class SdkHost:
    """``places`` maps a full path to a tree (dict), the target of a junction (str) or the bytes of a file."""

    def __init__(self, *, junctions: bool = True, platform: str = "windows-amd64") -> None:
        self.places: dict[str, Tree | str | bytes] = {}
        self.folders: set[str] = set()
        self.guarded: set[str] = set()
        """Where only administrators may write."""
        self.junctions, self.platform = junctions, platform
        self.installers: list[dict[str, str]] = []
        self.calls: list[str] = []
        self.acts: list[str] = []
        self.offers: dict[str, Tree] = {}
        """What the sources hold; a release where nothing is said."""
        self.kill_after: int | None = None
        self.kill_at: int | None = None
        self.points = 0
        """Writes and renames so far; killed before that of this number."""

    def run(self, module_name: str, module_args: dict[str, Any], task_vars: Any) -> dict[str, Any]:
        assert module_name == "gopherops.workstation.win_go_sdk"
        self.calls.append(module_args["action"])
        self.root, self.link = (self._expand(module_args[name]) for name in ("root", "link"))
        if module_args["action"] == "read":
            return {"changed": False, "seen": self._seen(module_args)}
        assert module_args["before"] == self._token()
        self.folders.add(self.root)
        laid: list[dict[str, Any]] = []
        for number, act in enumerate(module_args["steps"]):
            if number == self.kill_after:
                raise KilledError
            self.acts.append(act["act"])
            getattr(self, f"_{act['act']}")(act, laid)
        if not self._names():
            self.folders.discard(self.root)
        return {"changed": True, "laid": laid}

    def gives(self) -> str:
        """The version of the Go that the link gives; nothing when it gives none."""
        place = self.places.get(self.link)
        tree = self.places.get(place) if isinstance(place, str) else place
        return tree["bin/go.exe"].decode() if isinstance(tree, dict) else ""

    def _expand(self, path: str) -> str:
        for name, value in PLACES.items():
            path = path.replace(name, value)
        assert "%" not in path
        return path

    def _names(self) -> list[str]:
        return sorted(ntpath.basename(path) for path in self.places if ntpath.dirname(path) == self.root)

    def _place(self, path: str) -> dict[str, str]:
        here = self.places.get(path)
        kind = {dict: "directory", str: "junction", bytes: "file", type(None): "absent"}[type(here)]
        return {"name": ntpath.basename(path), "kind": kind, "target": here if isinstance(here, str) else ""}

    def _token(self) -> str:
        return repr([self._place(ntpath.join(self.root, name)) for name in self._names()] + [self._place(self.link)])

    def _notes(self) -> dict[str, str]:
        found = {}
        for name in self._names():
            data = self.places[ntpath.join(self.root, name)]
            if isinstance(data, bytes) and (name.endswith(".manifest") or name in {".go.history", ".go.place"}):
                found[name] = data.decode().partition("\n")[0]
        return found

    def _seen(self, asked: dict[str, Any]) -> dict[str, Any]:
        given, notes, link = self.places.get(self.link), self._notes(), self._place(self.link)
        tree = self.places.get(given) if isinstance(given, str) else given
        says = tree["VERSION"].decode().strip() if isinstance(tree, dict) and "VERSION" in tree else ""
        stands = link["kind"] == "directory"
        return {
            "platform": self.platform,
            "root": self.root,
            "root_kind": "directory" if self.root in self.folders else "absent",
            "link": link,
            "link_path": self.link,
            "link_says": says,
            "link_go_env": base64.b64encode(tree["go.env"]).decode() if isinstance(tree, dict) else None,
            "link_tree": self._look(self.link, says[2:], full=True) if stands and ".go.place" not in notes else None,
            "names": [self._place(ntpath.join(self.root, name)) for name in self._names()],
            "notes": notes,
            "busy": False,
            "installers": self.installers,
            "token": self._token(),
            "trees": [
                self._look(
                    self.link
                    if stands and notes.get(".go.place") == f"go{one['version']}"
                    else ntpath.join(self.root, f"go{one['version']}"),
                    one["version"],
                    full=asked["full"],
                )
                for one in asked["trees"]
                if one["platform"] == self.platform
            ],
        }

    def _look(self, path: str, version: str, *, full: bool) -> dict[str, Any]:
        place, tree = self._place(path), self.places.get(path)
        found = {"version": version, "path": path, **place, "h1": "", "differences": [], "go_env": "", "read": False}
        if not isinstance(tree, dict):
            return found
        manifest = self.places.get(ntpath.join(self.root, f".go{version}.manifest"))
        now = tree_hash(tree, version, self.platform)
        noted = json.loads(manifest)["stat"] if isinstance(manifest, bytes) else ""
        env = base64.b64encode(tree.get("go.env", b"")).decode()
        return {**found, "h1": now, "go_env": env, "read": full or noted != now}

    def _mkdir(self, act: dict[str, Any], laid: list[Any]) -> None:
        self.folders.add(act["path"])
        self.guarded |= {act["path"]} if act["guard"] else set()

    def _remove(self, act: dict[str, Any], laid: list[Any]) -> None:
        assert act["path"] != self.root
        self.places.pop(act["path"], None)

    def _uninstall(self, act: dict[str, Any], laid: list[Any]) -> None:
        assert [one["product"] for one in self.installers] == [act["product"]]
        self.installers = []
        self._set(act["path"], None)

    def _drop(self, act: dict[str, Any], laid: list[Any]) -> None:
        self.places.pop(act["manifest"], None)
        assert isinstance(self.places.pop(act["path"]), dict)

    def _move(self, act: dict[str, Any], laid: list[Any]) -> None:
        assert act["to"] not in self.places
        self.places[act["to"]] = self.places.pop(act["path"])

    def _write(self, act: dict[str, Any], laid: list[Any]) -> None:
        folder, name = ntpath.split(act["path"])
        data, tree = base64.b64decode(act["content"]), self.places.get(folder)
        if isinstance(tree, dict):
            tree[name] = data
        else:
            self.places[act["path"]] = data

    def _note(self, act: dict[str, Any], laid: list[Any]) -> None:
        tree = self.places[act["path"]]
        assert isinstance(tree, dict)
        stat = tree_hash(tree, act["header"]["version"], self.platform)
        self.places[act["manifest"]] = json.dumps({**act["header"], "stat": stat}).encode()

    def _link(self, act: dict[str, Any], laid: list[Any]) -> None:
        """As Set-GopheropsLink: no rename replaces a directory, so the old one goes aside first."""
        fresh, old, mark = f"{self.link}.gopherops-new", f"{self.link}.gopherops-old", self._mark
        self._set(fresh, None)
        self._set(old, None)
        assert isinstance(self.places[act["path"]], dict)
        if self.junctions:
            self._set(fresh, act["path"])
        before = self.places.get(self.link)
        away = act["back"] if isinstance(before, dict) else old
        if before is not None:
            self._rename(self.link, away)
        if self.junctions:
            self._rename(fresh, self.link)
            self._set(mark, None)
        else:
            self._set(mark, ntpath.basename(act["path"]).encode())
            self._rename(act["path"], self.link)
        self._set(old, None)

    def _install(self, act: dict[str, Any], laid: list[Any]) -> None:
        """As Install-GopheropsGo: laid down, proved and tried beside, then renamed."""
        version = act["version"]
        stage = ntpath.join(self.root, ".stage-4711-00c0ffee")
        tree = dict(self.offers.get(version) or release(version))
        assert act["sources"] or act["refused"]
        for number in range(1, len(tree) + 1):
            self._set(stage, dict(list(tree.items())[:number]))
        found = tree_hash(tree, version, self.platform)
        assert act["h1"] in {"", found}, "no source could give it"
        tree["go.env"] = base64.b64decode(act["go_env_top"]) + tree["go.env"]
        self._set(stage, tree)
        if act["aside"]:
            self._rename(act["path"], act["aside"])
        elif act["path"] in self.places:
            self._rename(act["path"], rf"{stage}-old")
        source = act["sources"][0]
        header = {
            "format": 1,
            "version": version,
            "platform": act["platform"],
            "h1": found,
            "proof": f"{'h1' if act['h1'] else 'SHA-256'} equals the published pin",
            "source": source["name"],
            "source_url": source["url"],
            "ours": True,
            "stat": found,
        }
        self._set(act["manifest"], json.dumps(header).encode())
        self._rename(stage, act["path"])
        self._set(rf"{stage}-old", None)
        laid.append({"version": version, "header": header, "failed": act["refused"]})

    @property
    def _mark(self) -> str:
        return ntpath.join(self.root, ".go.place")

    def _set(self, path: str, content: Tree | str | bytes | None) -> None:
        """One write, which is a point where the process may be killed."""
        self._point()
        self.places.pop(path, None)
        if content is not None:
            self.places[path] = content

    def _rename(self, path: str, to: str) -> None:
        self._point()
        assert to not in self.places
        self.places[to] = self.places.pop(path)

    def _point(self) -> None:
        if self.points == self.kill_at:
            raise KilledError
        self.points += 1
