# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A developer swaps entries of a cache for links to somewhere else, as fast as possible, while root repairs it.

``race.py TRIES WORKERS``: root runs the real walk TRIES times over a cache whose entries another process, with the
developer's ids, keeps replacing: a directory by a symbolic link to a directory of root's, a file by a symbolic link and
by a hard link to a file of root's, and two directories by each other, so that two workers meet in one. Prints the
number of walks and of swaps; fails when anything outside changed. Takes root.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import stat
import sys
import tempfile
import time
from pathlib import Path

from ansible_collections.gopherops.workstation.plugins.module_utils._caches import _crew
from ansible_collections.gopherops.workstation.plugins.module_utils._caches._policy import Policy
from ansible_collections.gopherops.workstation.plugins.module_utils._caches._reach import open_place
from ansible_collections.gopherops.workstation.plugins.module_utils._caches._repair import Walk
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError

UID = GID = 61235
FILES = [f"h{number}" for number in range(20)]
TWINS = ("x", "y")
SWAPPED = [
    *(("d", "etc"), ("f", "etc/shadow")),
    *((name, "open") for name in FILES),
    *((f"{twin}/{name}", "open") for name in FILES for twin in TWINS),
]


def build(top: Path) -> tuple[Path, Path]:
    """A home with a cache in it, and a directory of root's with what an attacker would like to own."""
    home, outside = top / "home", top / "outside"
    (home / ".cache" / "go-build").mkdir(parents=True)
    (outside / "etc" / "sub").mkdir(parents=True)
    for name in ("etc/shadow", "etc/sub/key"):
        (outside / name).write_text("secret")
        (outside / name).chmod(0o600)
    # What root would hand over were it fooled may be linked: the worst case, without fs.protected_hardlinks.
    (outside / "open").write_text("writable by all")
    (outside / "open").chmod(0o666)
    for path in (top, outside, outside / "etc", outside / "etc" / "sub"):
        path.chmod(0o755)
    for path in (home, home / ".cache", home / ".cache" / "go-build"):
        os.chown(path, UID, GID)
    return home / ".cache" / "go-build", outside


def attack(cache: Path, outside: Path, counter: int) -> None:
    """As the developer, for ever: each entry is now real, now a link."""
    os.setgroups([])
    os.setgid(GID)
    os.setuid(UID)
    swaps, place = 0, str(cache)
    while True:
        for name, goal in SWAPPED:
            path, aside = f"{place}/{name}", f"{place}/{name}.aside"
            with contextlib.suppress(OSError):
                os.rename(path, aside)
            with contextlib.suppress(OSError):
                if goal == "open":
                    os.link(outside / goal, path)
                else:
                    os.symlink(outside / goal, path)
            with contextlib.suppress(OSError):
                os.unlink(path)
            with contextlib.suppress(OSError):
                os.rename(aside, path)
            swaps += 1
            for now, then in (("x", "z"), ("y", "x"), ("z", "y")):
                with contextlib.suppress(OSError):
                    os.rename(f"{place}/{now}", f"{place}/{then}")
        # The cache itself, too: root must not enter what is a link now.
        with contextlib.suppress(OSError):
            os.rename(place, place + ".aside")
            os.symlink(outside / "etc", place)
            os.unlink(place)
        with contextlib.suppress(OSError):
            os.rename(place + ".aside", place)
        os.pwrite(counter, str(swaps).encode(), 0)


def spoil(cache: int) -> None:
    """Give root's walk something to do each time; through the cache's own descriptor, for it may be a link by now."""
    with contextlib.suppress(OSError):
        os.mkdir("d", dir_fd=cache)
    with contextlib.suppress(OSError):
        folder = os.open("d", os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=cache)
        spoil_file("f", folder)
        with contextlib.suppress(OSError):
            os.mkdir("s", dir_fd=folder)
        os.fchown(folder, 0, 0)
        os.close(folder)
    for name in ("f", *FILES):
        spoil_file(name, cache)
    for twin in TWINS:
        with contextlib.suppress(OSError):
            os.mkdir(twin, dir_fd=cache)
        with contextlib.suppress(OSError):
            folder = os.open(twin, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=cache)
            for name in FILES:
                spoil_file(name, folder)
            os.fchown(folder, UID, GID)
            os.close(folder)


def spoil_file(name: str, folder: int) -> None:
    with contextlib.suppress(OSError):
        file = os.open(name, os.O_CREAT | os.O_WRONLY | os.O_NOFOLLOW, 0o644, dir_fd=folder)
        if os.fstat(file).st_nlink == 1:
            os.fchown(file, 0, 0)
        os.close(file)


def look(outside: Path) -> list[tuple[str, int, int, int, bytes]]:
    found = []
    for path in [outside, *sorted(outside.rglob("*"))]:
        info = path.lstat()
        data = path.read_bytes() if stat.S_ISREG(info.st_mode) else b""
        found.append((str(path), info.st_uid, info.st_gid, info.st_mode, data))
    return found


def main(tries: int, workers: int) -> int:
    # So small a place would be one process's.
    _crew.ENOUGH, _crew.ALONE = 2, 0
    top = Path(tempfile.mkdtemp(prefix="gopherops-race-"))
    cache, outside = build(top)
    own = os.open(cache, os.O_RDONLY | os.O_DIRECTORY)
    before, counter = look(outside), os.open(top / "counter", os.O_RDWR | os.O_CREAT, 0o666)
    child = os.fork()
    if child == 0:
        attack(cache, outside, counter)
    walked = repaired = refused = 0
    started = time.monotonic()
    try:
        while walked + refused < tries:
            spoil(own)
            try:
                descriptor, _ = open_place(str(cache), str(cache.parents[1]), (UID, GID), mend_parents=True)
            except WorkstationError:
                refused += 1  # the cache was away or a link just then
                continue
            try:
                walk = Walk(Policy(UID, GID), act=True, read_only_content=False, workers=workers)
                repaired += walk.run(descriptor, str(cache)).repaired
            finally:
                os.close(descriptor)
            walked += 1
            if walked % 500 == 0 and look(outside) != before:
                break
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    swaps, after = os.pread(counter, 20, 0).decode() or "0", look(outside)
    shutil.rmtree(top)
    seconds = time.monotonic() - started
    print(f"{walked} walks, {refused} refused, {repaired} repairs, {swaps} swaps, {seconds:.0f} s")
    for one in set(after) ^ set(before):
        print(f"CHANGED OUTSIDE: {one}")
    return int(after != before or not repaired or swaps == "0")


if __name__ == "__main__":
    TRIES = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    WORKERS = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    sys.exit(main(TRIES, WORKERS))
