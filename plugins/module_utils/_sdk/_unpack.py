# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: lay a Go tree down out of an archive that may be hostile.

Whatever the archive, the tree is the same: the files that the published hash covers, under their own names, programs
executable, nothing else. Only plain files and directories are taken; everything is hashed as it is written.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import queue
import stat
import tarfile
import threading
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any, Protocol

from ansible_collections.gopherops.workstation.plugins.module_utils._dirhash import is_proved, must_execute
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._network import SourceError

_CHUNK = 1 << 18
_BLOCK = 1 << 20
_MOST_FILES = 60_000
_MOST_BYTES = 1 << 30


class Reader(Protocol):
    """What the writer copies from."""

    def read(self, size: int = ..., /) -> bytes: ...


class TreeWriter:
    """Writes files below ``root`` and remembers their hashes."""

    def __init__(self, root: str) -> None:
        # Bytes, so that no locale has a say in the names.
        self._root = os.fsencode(root)
        self._made = {""}
        self._files: dict[str, str] = {}
        self._folders: dict[str, str] = {}
        self._bytes = 0
        self.digests: dict[str, str] = {}

    def add(self, name: str, content: Reader) -> None:
        """One file of the tree, ``name`` relative to GOROOT."""
        self._claim(name)
        if not is_proved(name):
            return
        self._make(name.rpartition("/")[0])
        mode = 0o755 if must_execute(name) else 0o644
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        descriptor = os.open(self._path(name), flags, mode)
        try:
            os.fchmod(descriptor, mode)
            self.digests[name] = self._copy(content, descriptor)
        finally:
            os.close(descriptor)

    def _copy(self, content: Reader, descriptor: int) -> str:
        summary = hashlib.sha256()
        while True:
            chunk = content.read(_CHUNK)
            if not chunk:
                return summary.hexdigest()
            self._bytes += len(chunk)
            if self._bytes > _MOST_BYTES:
                raise SourceError(f"unpacks to more than {_MOST_BYTES} bytes")
            summary.update(chunk)
            written = os.write(descriptor, chunk)
            while written < len(chunk):
                written += os.write(descriptor, chunk[written:])

    def _claim(self, name: str) -> None:
        """Refuse names that lead out of the tree, and two that are one file where case does not count."""
        _refuse_unsafe(name)
        if len(self._files) >= _MOST_FILES:
            raise SourceError(f"holds more than {_MOST_FILES} files")
        folder, folded = name.rpartition("/")[0], name.casefold()
        while folder:
            known = self._folders.setdefault(folder.casefold(), folder)
            if known != folder or folder.casefold() in self._files:
                raise SourceError(f"holds both {folder!r} and {known!r}")
            folder = folder.rpartition("/")[0]
        if folded in self._files or folded in self._folders:
            raise SourceError(f"holds both {name!r} and {self._files.get(folded, folded)!r}")
        self._files[folded] = name

    def _make(self, folder: str) -> None:
        if folder in self._made:
            return
        self._make(folder.rpartition("/")[0])
        os.mkdir(self._path(folder), 0o755)
        os.chmod(self._path(folder), 0o755)
        self._made.add(folder)

    def _path(self, name: str) -> bytes:
        return os.path.join(self._root, name.encode("utf-8", "surrogateescape"))


class Inflated:
    """The tar inside a stream of gzip chunks, in bounded memory; hashes what passes.

    A thread of its own downloads, hashes and inflates (all of that outside of Python's lock) while the reader writes
    files, so that both cores of a small machine are used, as a pipe of curl and tar would.
    """

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._inflate = chunks, zlib.decompressobj(31)
        self._summary = hashlib.sha256()
        self._blocks: queue.Queue[bytes | BaseException | None] = queue.Queue(maxsize=4)
        self._stopped = threading.Event()
        self._pending, self._ended = b"", False
        self._thread = threading.Thread(target=self._produce, daemon=True)
        self._thread.start()

    def read(self, size: int = 0, /) -> bytes:
        parts, missing = [], size
        while missing > 0 and (self._pending or self._next()):
            data, self._pending = self._pending[:missing], self._pending[missing:]
            parts.append(data)
            missing -= len(data)
        return b"".join(parts)

    def finish(self) -> str:
        """Read to the end; SHA-256 of everything that came."""
        while self._next():
            pass
        if not self._inflate.eof:
            raise SourceError("is truncated")
        return self._summary.hexdigest()

    def close(self) -> None:
        """Let the thread go, wherever it is."""
        self._stopped.set()
        self._thread.join(timeout=60)

    def _next(self) -> bool:
        if self._ended:
            return False
        block = self._blocks.get()
        if block is None:
            self._ended, self._pending = True, b""
            return False
        if isinstance(block, BaseException):
            self._ended = True
            raise block
        self._pending = block
        return True

    def _produce(self) -> None:
        try:
            for chunk in self._chunks:
                self._summary.update(chunk)
                rest = b"" if self._inflate.eof else chunk
                while rest and not self._inflate.eof and not self._stopped.is_set():
                    self._put(self._inflate.decompress(rest, _BLOCK))
                    rest = self._inflate.unconsumed_tail
                if self._stopped.is_set():
                    return
            self._put(None)
        except BaseException as error:  # whatever it is, the reader has to know
            self._put(error)

    def _put(self, block: bytes | BaseException | None) -> None:
        while not self._stopped.is_set():
            with contextlib.suppress(queue.Full):
                self._blocks.put(block, timeout=0.2)
                return


def unpack_tar(chunks: Iterator[bytes], writer: TreeWriter) -> str:
    """A release archive, everything in it under ``go/``; gives its SHA-256."""
    stream = Inflated(chunks)
    try:
        with tarfile.open(fileobj=_as_file(stream), mode="r|", bufsize=_CHUNK) as archive:
            for member in archive:
                archive.members = []  # type: ignore[attr-defined]  # tarfile keeps all of them otherwise
                _check_tar(member)
                content = archive.extractfile(member)
                if content is not None:
                    writer.add(_below(member.name, "go/"), content)
        return stream.finish()
    except (tarfile.TarError, zlib.error, EOFError, UnicodeError, ValueError) as error:
        raise SourceError(f"is damaged ({error})") from error
    finally:
        stream.close()


def unpack_zip(path: str, prefix: str, writer: TreeWriter, *, skip: tuple[str, ...] = ()) -> None:
    """A module zip or a wheel: what stands under ``prefix``, without the root files named in ``skip``."""
    found = False
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                _check_zip(member)
                name = member.orig_filename[len(prefix) :]
                if not member.orig_filename.startswith(prefix) or member.is_dir() or name in skip:
                    continue
                found = True
                with archive.open(member) as content:
                    writer.add(_plain_name(name), content)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, UnicodeError, ValueError) as error:
        raise SourceError(f"is damaged ({error})") from error
    if not found:
        raise SourceError(f"holds nothing under {prefix}")


def _plain_name(name: str) -> str:
    """A module zip may hold no go.mod below its root, so Go's release tool renames them."""
    head, slash, tail = name.rpartition("/")
    return f"{head}{slash}go.mod" if tail == "_go.mod" else name


def _check_tar(member: tarfile.TarInfo) -> None:
    if not (member.isreg() or member.isdir()) or member.issparse():
        raise SourceError(f"holds {member.name!r}, which is neither a plain file nor a directory")
    if member.mode & 0o6000:
        raise SourceError(f"holds {member.name!r} with a setuid or setgid bit")
    if member.isdir():
        _refuse_unsafe(_below(member.name.rstrip("/") + "/", "go/").rstrip("/") or "go")


def _check_zip(member: zipfile.ZipInfo) -> None:
    mode = member.external_attr >> 16
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise SourceError(f"holds {member.filename!r}, which is neither a plain file nor a directory")
    if mode & 0o6000:
        raise SourceError(f"holds {member.filename!r} with a setuid or setgid bit")
    _refuse_unsafe(member.orig_filename.rstrip("/"))


def _refuse_unsafe(name: str) -> None:
    if "\\" in name or "\0" in name or not {"", ".", ".."}.isdisjoint(name.split("/")):
        raise SourceError(f"holds the unsafe name {name!r}")


def _below(name: str, prefix: str) -> str:
    if not name.startswith(prefix):
        raise SourceError(f"holds {name!r}, which is not under {prefix}")
    return name[len(prefix) :]


def _as_file(stream: Inflated) -> IO[bytes]:
    result: Any = stream
    return result  # type: ignore[no-any-return]
