"""Archives that want more than to be unpacked. The pins are the attacker's here."""

from __future__ import annotations

import os
import pathlib
import stat
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable

import pytest
from sdk.synthetic import NEW, OLD, module_zip, pin, release, tar, tree_h1, zipped
from sdk.world import World, site_paths

MODULE = f"golang.org/toolchain@v0.0.1-go{NEW}.linux-amd64/"


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "", mode: int = 0o644) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.mode = kind, link, mode
    return info


TAR: dict[str, list[tuple[tarfile.TarInfo, bytes]]] = {
    "parent": [(member("go/../../escaped"), b"x")],
    "parent at the end": [(member("go/src/.."), b"x")],
    "absolute": [(member("/tmp/escaped"), b"x")],
    "outside of go": [(member("escaped"), b"x")],
    "empty component": [(member("go/src//x"), b"x")],
    "symlink": [(member("go/src/link", tarfile.SYMTYPE, "/etc"), b"")],
    "symlink escape": [(member("go/out", tarfile.SYMTYPE, "../.."), b""), (member("go/out/escaped"), b"x")],
    "hard link": [(member("go/src/link", tarfile.LNKTYPE, "/etc/passwd"), b"")],
    "character device": [(member("go/null", tarfile.CHRTYPE), b"")],
    "block device": [(member("go/disk", tarfile.BLKTYPE), b"")],
    "fifo": [(member("go/fifo", tarfile.FIFOTYPE), b"")],
    "setuid": [(member("go/bin/su", mode=0o4755), b"x")],
    "setgid": [(member("go/bin/sg", mode=0o2755), b"x")],
    "twice": [(member("go/VERSION"), b"go9.9.9\n")],
    "case clash": [(member("go/version"), b"x")],
    "case clash of directories": [(member("go/SRC/x"), b"x")],
    "file under a file": [(member("go/VERSION/x"), b"x")],
    "directory over a file": [(member("go/src/fmt"), b"x")],
    "backslash": [(member("go/src\\..\\x"), b"x")],
    "hostile directory": [(member("go/../up", tarfile.DIRTYPE), b"")],
}

ZIP: dict[str, Callable[[str], zipfile.ZipInfo]] = {
    "parent": lambda prefix: zipfile.ZipInfo(prefix + "../../escaped"),
    "parent before the prefix": lambda prefix: zipfile.ZipInfo("../escaped"),
    "absolute": lambda prefix: zipfile.ZipInfo("/tmp/escaped"),
    "empty component": lambda prefix: zipfile.ZipInfo(prefix + "src//x"),
    "symlink": lambda prefix: attributed(prefix + "src/link", stat.S_IFLNK | 0o777),
    "device": lambda prefix: attributed(prefix + "null", stat.S_IFCHR | 0o666),
    "setuid": lambda prefix: attributed(prefix + "bin/su", stat.S_IFREG | 0o4755),
    "twice": lambda prefix: zipfile.ZipInfo(prefix + "VERSION"),
    "case clash": lambda prefix: zipfile.ZipInfo(prefix + "version"),
    "backslash": lambda prefix: zipfile.ZipInfo(prefix + "src\\x"),
}


def attributed(name: str, mode: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


def refused(world: World, data: bytes, proved_by: dict[str, object]) -> str:
    world.go(OLD)
    outside = sorted(os.listdir(world.home))
    before = world.names()
    path = world.home / "archive"
    path.write_bytes(data)
    message = world.fails(NEW, sources=[{"type": "local", "path": str(path)}], releases={NEW: proved_by})
    path.unlink()
    assert (world.active(), world.names(), sorted(os.listdir(world.home))) == (OLD, before, outside)
    assert not os.path.lexists("/tmp/escaped")
    return message


@pytest.mark.parametrize("attack", TAR)
def test_hostile_tar(world: World, attack: str) -> None:
    data = tar(release(NEW), TAR[attack])
    message = refused(world, data, pin(NEW) | {"h1": None, "archive": None})
    assert " holds " in message or "is damaged" in message


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("attack", ZIP)
@pytest.mark.parametrize("prefix", [MODULE, "go/"])
def test_hostile_zip(world: World, attack: str, prefix: str) -> None:
    extra = [(ZIP[attack](prefix), b"x")]
    data = zipped(release(NEW), prefix, rename=prefix == MODULE, extra=extra)
    assert " holds " in refused(world, data, pin(NEW))


def test_a_bomb_is_stopped(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from ansible_collections.gopherops.workstation.plugins.module_utils._sdk import _unpack  # noqa: PLC0415

    monkeypatch.setattr(_unpack, "_MOST_BYTES", 1 << 20)
    files = release(NEW) | {"src/bomb": bytes(8 << 20)}
    for data in (tar(files), module_zip(files, NEW)):
        assert "unpacks to more than 1048576 bytes" in refused(world, data, pin(NEW))


def test_too_many_files_are_stopped(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from ansible_collections.gopherops.workstation.plugins.module_utils._sdk import _unpack  # noqa: PLC0415

    monkeypatch.setattr(_unpack, "_MOST_FILES", 100)
    files = release(NEW) | {f"src/x{number}": b"" for number in range(100)}
    assert "more than 100 files" in refused(world, tar(files), pin(NEW))


def test_modes_owners_and_umask_of_the_archive_do_not_count(world: World) -> None:
    before = os.umask(0o077)
    try:
        world.go(NEW)
    finally:
        os.umask(before)
    for path in (world.root / f"go{NEW}").rglob("*"):
        mode = stat.S_IMODE(path.lstat().st_mode)
        relative = str(path.relative_to(world.root / f"go{NEW}"))
        program = relative.startswith(("bin/", "pkg/tool/"))
        assert mode == (0o755 if path.is_dir() or program else 0o644), relative
        assert path.lstat().st_uid == os.geteuid()


@pytest.mark.parametrize("locale", ["C", "POSIX", "en_US.ISO-8859-1"])
def test_names_that_are_not_ascii_under_any_locale(world: World, locale: str) -> None:
    """The release archive has such names in test/; here one stands where it is laid down, too."""
    files = release(NEW) | {"src/Þñ/grüße.go": b"package x\n"}
    path = world.home / "archive.tar.gz"
    path.write_bytes(tar(files))
    code = (
        "import sys; sys.path[:0] = sys.argv[3:]\n"
        "from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._unpack import *\n"
        "writer = TreeWriter(sys.argv[2])\n"
        "unpack_tar(iter([open(sys.argv[1], 'rb').read()]), writer)\n"
    )
    tree = world.home / "tree"
    tree.mkdir()
    environment = {"LC_ALL": locale, "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "PATH": os.environ["PATH"]}
    command = [sys.executable, "-c", code, str(path), str(tree), *site_paths()]
    subprocess.run(command, env=environment, check=True)
    assert b"gr\xc3\xbc\xc3\x9fe.go" in os.listdir(os.fsencode(tree) + b"/src/\xc3\x9e\xc3\xb1")


def test_what_no_hash_covers_is_not_laid_down(world: World) -> None:
    world.go(NEW)
    tree = world.root / f"go{NEW}"
    assert not (tree / "test").exists() and not (tree / "api").exists()
    assert tree_h1(tree, NEW) == pin(NEW)["h1"]
    assert pathlib.Path(tree / "src" / "go.mod").read_text() == "module std\n"
