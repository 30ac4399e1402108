"""Power cuts: replay a traced run onto a model of a filesystem that keeps only what it was made to keep.

A name survives when its directory was synced after it, or may; a rename is one step, also between two directories;
the bytes of a file survive when the file (or the whole filesystem) was synced after them, and are gone otherwise.
From each point of the run several disks are built: only what is guaranteed, everything that was said about names,
and what was said about each directory by itself.
"""

from __future__ import annotations

import json
import os
import pathlib
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

_LINE = re.compile(r"^(\d+) +(\w+)\((.*)\) += (-?\d+)(.*)$")
_STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_DESCRIPTOR = re.compile(r"^(?:AT_FDCWD|\d+)<([^>]*)>")


@dataclass
class Node:
    """A file, a directory or a link."""

    kind: str
    mode: int = 0o755
    data: bytearray = field(default_factory=bytearray)
    synced: bytes | None = None
    target: bytes = b""
    inode: int = 0
    """What stat says of it; a power cut does not change that, but laying a disk down anew does."""


@dataclass(frozen=True)
class Act:
    """One thing that the run did. ``folders`` are the directories whose names it changes."""

    what: str
    """name | rename | swap | gone | write | sync | sync all"""
    folders: frozenset[int]
    node: int
    place: tuple[int, bytes] = (0, b"")
    other: tuple[int, bytes] = (0, b"")
    partner: int = 0
    data: bytes = b""
    text: str = ""


Entries = dict[tuple[int, bytes], int]


class Disk:
    """What the run did to one directory, and the disks that a power cut may leave of it."""

    def __init__(self, home: pathlib.Path) -> None:
        self.home = os.fsencode(home)
        self.nodes: list[Node] = [Node("directory")]
        self.base: Entries = {}
        self.acts: list[Act] = []
        self._read(self.home, 0)
        self._now: Entries = dict(self.base)

    def _read(self, folder: bytes, number: int) -> None:
        for name in sorted(os.listdir(folder)):
            path = os.path.join(folder, name)
            mode = os.lstat(path).st_mode
            node = Node("file", stat.S_IMODE(mode), inode=os.lstat(path).st_ino)
            if stat.S_ISDIR(mode):
                node.kind = "directory"
            elif stat.S_ISLNK(mode):
                node.kind, node.target = "link", os.readlink(path)
            else:
                with open(path, "rb") as stream:
                    node.data = bytearray(stream.read())
                node.synced = bytes(node.data)
            self.base[number, name] = self._add(node)
            if node.kind == "directory":
                self._read(path, self.base[number, name])

    def _add(self, node: Node) -> int:
        self.nodes.append(node)
        return len(self.nodes) - 1

    def trace(self, log: pathlib.Path) -> None:
        """The calls of the first process, in strace's -xx -y form."""
        first = None
        for line in log.read_text(errors="replace").splitlines():
            parts = _LINE.match(line)
            if not parts or int(parts.group(4)) < 0:
                continue
            first = first or parts.group(1)
            if parts.group(1) == first:
                self._call(parts.group(2), parts.group(3), parts.group(5), line[:160])

    def _call(self, name: str, text: str, decoded: str, line: str) -> None:
        strings = [bytes.fromhex(found.replace("\\x", "")) for found in _STRING.findall(text)]
        given = _DESCRIPTOR.match(text)
        where = _plain(given.group(1)) if given else b""
        if name in {"open", "openat"}:
            self._open(_join(where, strings[0]), text, line)
        elif name == "write":
            self._write(where, strings[0] if strings else b"")
        elif name in {"mkdir", "mkdirat"}:
            self._make(_join(where, strings[0]), Node("directory"), line)
        elif name in {"symlink", "symlinkat"}:
            self._make(strings[-1], Node("link", target=strings[0]), line)
        elif name in {"unlink", "unlinkat", "rmdir"}:
            self._gone(_join(where, strings[0]), line)
        elif name in {"rename", "renameat", "renameat2"}:
            self._rename(strings[-2], strings[-1], swap="RENAME_EXCHANGE" in text, line=line)
        elif name in {"fsync", "fdatasync"}:
            self._sync(where, line)
        elif name == "syncfs":
            self.acts.append(Act("sync all", frozenset(), 0, text=line))
        elif name in {"fchmod", "chmod", "fchmodat"}:
            self._mode(_join(where, strings[0]) if strings else where, text)
        elif name in {"truncate", "ftruncate", "link", "linkat", "copy_file_range", "sendfile", "pwrite64"}:
            raise AssertionError(f"the model does not know {line}")

    def _place(self, path: bytes) -> tuple[int, bytes] | None:
        if not path.startswith(self.home + b"/"):
            return None
        folder = 0
        *upper, name = os.path.normpath(path)[len(self.home) + 1 :].split(b"/")
        for part in upper:
            folder = self._now.get((folder, part), -1)
            if folder < 0:
                return None
        return folder, name

    def _open(self, path: bytes, text: str, line: str) -> None:
        place = self._place(path)
        if place and "O_CREAT" in text and place not in self._now:
            self._make(path, Node("file", 0o644), line)
        elif place and "O_TRUNC" in text:
            raise AssertionError(f"a file is overwritten in place: {line}")

    def _make(self, path: bytes, node: Node, line: str) -> None:
        place = self._place(path)
        if place:
            number = self._add(node)
            self._now[place] = number
            self.acts.append(Act("name", frozenset([place[0]]), number, place, text=line))

    def _write(self, path: bytes, data: bytes) -> None:
        place = self._place(path)
        if place and place in self._now:
            self.acts.append(Act("write", frozenset(), self._now[place], data=data))

    def _gone(self, path: bytes, line: str) -> None:
        place = self._place(path)
        if place:
            number = self._now.pop(place)
            self.acts.append(Act("gone", frozenset([place[0]]), number, place, text=line))

    def _rename(self, old: bytes, new: bytes, *, swap: bool, line: str) -> None:
        source, target = self._place(old), self._place(new)
        if not source or not target:
            return
        folders = frozenset([source[0], target[0]])
        number, partner = self._now[source], self._now.get(target, 0)
        if swap:
            self._now[source], self._now[target] = partner, number
        else:
            self._now[target] = self._now.pop(source)
        what = "swap" if swap else "rename"
        self.acts.append(Act(what, folders, number, source, target, partner, text=line))

    def _sync(self, path: bytes, line: str) -> None:
        if path == self.home:
            self.acts.append(Act("sync", frozenset(), 0, text=line))
            return
        place = self._place(path)
        if place and place in self._now:
            self.acts.append(Act("sync", frozenset(), self._now[place], text=line))

    def _mode(self, path: bytes, text: str) -> None:
        place, mode = self._place(path), re.search(r"0([0-7]+)$", text.strip())
        if place and place in self._now and mode:
            self.nodes[self._now[place]].mode = int(mode.group(1), 8)

    def disks(self, acts: Sequence[Act], end: int) -> Iterator[tuple[str, Entries, dict[int, bytes]]]:
        """What may be found after a power cut behind the act ``end``."""
        done = acts[: end + 1]
        forced, data = self._guaranteed(done)
        moves = [at for at, act in enumerate(done) if act.folders]
        loose = {folder for at in moves if at not in forced for folder in done[at].folders}
        yield "only what is guaranteed", self._entries(done, forced), data
        yield "every name", self._entries(done, set(moves)), data
        # No order is promised: any one of what is not guaranteed may be there alone, or alone be missing.
        pending = [at for at in moves if at not in forced][-8:]
        for at in pending:
            yield f"besides only act {at}", self._entries(done, forced | {at}), data
            yield f"all but act {at}", self._entries(done, set(moves) - {at}), data
        for folder in sorted(loose):
            some = forced | {at for at in moves if folder in done[at].folders}
            yield f"names of one directory ({folder})", self._entries(done, some), data

    def _guaranteed(self, done: Sequence[Act]) -> tuple[set[int], dict[int, bytes]]:
        """Acts on names that are certainly on disk, and the bytes that certainly are."""
        forced: set[int] = set()
        written: dict[int, bytearray] = {}
        data = {number: node.synced for number, node in enumerate(self.nodes) if node.synced is not None}
        for at, act in enumerate(done):
            if act.what == "write":
                written.setdefault(act.node, bytearray()).extend(act.data)
            elif act.what == "sync all":
                forced |= {other for other in range(at) if done[other].folders}
                data.update({number: bytes(content) for number, content in written.items()})
            elif act.what == "sync":
                forced |= {other for other in range(at) if act.node in done[other].folders}
                if self.nodes[act.node].kind == "file":
                    data[act.node] = bytes(written.get(act.node, b""))
        return forced, data

    def _entries(self, done: Sequence[Act], chosen: set[int]) -> Entries:
        entries = dict(self.base)
        for at, act in enumerate(done):
            if at not in chosen:
                continue
            if act.what == "name":
                entries[act.place] = act.node
            elif act.what == "gone" and entries.get(act.place) == act.node:
                del entries[act.place]
            elif act.what == "rename":
                if entries.get(act.place) == act.node:
                    del entries[act.place]
                entries[act.other] = act.node
            elif act.what == "swap":
                entries[act.place], entries[act.other] = act.partner, act.node
        return entries

    def build(self, entries: Entries, data: dict[int, bytes], home: pathlib.Path) -> None:
        """Lay that disk down as real files."""
        children: dict[int, list[tuple[bytes, int]]] = {}
        for (folder, name), number in entries.items():
            children.setdefault(folder, []).append((name, number))

        inodes: dict[int, int] = {}
        notes = []

        def lay(folder: int, path: bytes) -> None:
            os.mkdir(path)
            inodes[self.nodes[folder].inode] = os.lstat(path).st_ino
            for name, number in children.get(folder, []):
                node, below = self.nodes[number], os.path.join(path, name)
                if node.kind == "directory":
                    lay(number, below)
                elif node.kind == "link":
                    os.symlink(node.target, below)
                else:
                    with open(below, "wb") as stream:
                        stream.write(data.get(number, b""))
                    os.chmod(below, node.mode)
                    if name == b"note.json" and data.get(number):
                        notes.append(below)

        lay(0, os.fsencode(home))
        for path in notes:
            with open(path) as stream:
                note = json.load(stream)
            with open(path, "w") as stream:
                json.dump({**note, "inode": inodes.get(note["inode"], 0)}, stream)

    @staticmethod
    def key(entries: Entries, data: dict[int, bytes]) -> int:
        reached = frozenset(entries.items())
        return hash((reached, frozenset((n, hash(d)) for n, d in data.items() if n in set(entries.values()))))


def _plain(text: str) -> bytes:
    if text.startswith("\\x"):
        return bytes.fromhex(text.replace("\\x", ""))
    return os.fsencode(text)


def _join(folder: bytes, name: bytes) -> bytes:
    return name if name.startswith(b"/") else os.path.join(folder, name)
