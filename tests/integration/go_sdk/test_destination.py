"""Where Go should go: full, read-only, not ours, mounted, taken by another run."""

from __future__ import annotations

import fcntl
import json
import os
import pathlib
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sdk.synthetic import NEW, OLD
from sdk.world import World, command

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")


@pytest.fixture
def layered(world: World) -> Iterator[World]:
    """What is installed first lies in a lower layer, as a Go that came with a container's image does."""
    lower = world.home.with_name(world.home.name + "-lower")
    parts = [world.home.with_name(f"{world.home.name}-{name}") for name in ("upper", "work")]

    def seal() -> None:
        shutil.copytree(world.home, lower, symlinks=True)
        for part in parts:
            part.mkdir()
        options = f"lowerdir={lower},upperdir={parts[0]},workdir={parts[1]},redirect_dir=off"
        subprocess.run(["mount", "-t", "overlay", "overlay", "-o", options, world.home], check=True)

    world.seal = seal  # type: ignore[attr-defined]
    try:
        yield world
    finally:
        subprocess.run(["umount", "-l", world.home], check=False)
        for part in (lower, *parts):
            shutil.rmtree(part, ignore_errors=True)


@as_root
@pytest.mark.parametrize("state", ["stomped", "directory", "absent"])
def test_a_go_that_came_with_a_containers_image(layered: World, state: str) -> None:
    """Its directory cannot be renamed there (EXDEV), only be copied."""
    if state == "directory":
        layered.machine = True
        layered.link.parent.mkdir(parents=True)
        layered.go(OLD)
        layered.link.unlink()
        (layered.root / f"go{OLD}").rename(layered.link)
        shutil.rmtree(layered.root)
    else:
        layered.go(NEW)
    if state == "stomped":
        layered.stomp(NEW)
    layered.seal()  # type: ignore[attr-defined]
    if state == "absent":
        layered.go(state="absent")
        assert not layered.root.exists()
        return
    layered.go(NEW)
    assert layered.active() == NEW
    assert not layered.go(NEW)["changed"]


@pytest.fixture
def mounted(world: World) -> Iterator[World]:
    """The home of the world is a filesystem of 300 KB: one release fits, the second does not."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300k", "none", world.home], check=True)
    try:
        yield world
    finally:
        subprocess.run(["umount", "-l", world.home], check=True)


@as_root
def test_full_disk(mounted: World) -> None:
    mounted.go(OLD)
    (mounted.home / "filler").write_bytes(bytes(100_000))
    before = mounted.names()
    message = mounted.fails(NEW)
    assert "No space left on device" in message and "Free about 400 MB" in message
    assert (mounted.active(), mounted.names()) == (OLD, before)
    (mounted.home / "filler").unlink()
    mounted.go(NEW)
    assert mounted.active() == NEW


@as_root
def test_full_disk_on_a_fresh_host_leaves_nothing(mounted: World) -> None:
    (mounted.home / "filler").write_bytes(bytes(280_000))
    assert "No space left on device" in mounted.fails(NEW)
    assert os.listdir(mounted.home) == ["filler"]


@as_root
def test_read_only(mounted: World) -> None:
    mounted.go(OLD)
    subprocess.run(["mount", "-o", "remount,ro", mounted.home], check=True)
    message = mounted.fails(NEW)
    assert "Read-only file system" in message and "choose other paths" in message
    assert not mounted.go(OLD)["changed"], "what stands can still be looked at"


@as_root
def test_noexec(mounted: World) -> None:
    subprocess.run(["mount", "-o", "remount,noexec", mounted.home], check=True)
    message = mounted.fails(NEW)
    assert "does not run on this host" in message and "noexec" in message
    assert os.listdir(mounted.home) == []


@as_root
def test_a_mount_point_at_the_link(world: World) -> None:
    world.machine = True
    world.link.mkdir(parents=True)
    subprocess.run(["mount", "-t", "tmpfs", "none", world.link], check=True)
    try:
        assert "a mount point stands there, and it is not ours" in world.fails(NEW)
    finally:
        subprocess.run(["umount", world.link], check=True)
    assert world.names() == []


def test_a_file_at_the_link(world: World) -> None:
    world.root.mkdir()
    world.link.write_text("mine")
    assert "a file stands there, and it is not ours" in world.fails(NEW)
    assert (world.names(), world.link.read_text()) == (["go"], "mine")


def test_a_foreign_symlink_at_the_link(world: World) -> None:
    world.machine = True
    world.link.parent.mkdir()
    world.link.symlink_to("/opt/go1.20")
    assert "a symlink to /opt/go1.20 stands there" in world.fails(NEW)
    assert os.readlink(world.link) == "/opt/go1.20"
    assert world.names() == []


def test_a_directory_without_go_at_the_link(world: World) -> None:
    world.link.mkdir(parents=True)
    (world.link / "src").mkdir()
    assert "a directory that holds no Go release stands there" in world.fails(NEW)
    assert (world.link / "src").is_dir()


def test_a_file_where_the_tree_belongs(world: World) -> None:
    world.root.mkdir()
    (world.root / f"go{NEW}").write_text("mine")
    assert "a file stands there" in world.fails(NEW)
    assert world.names() == [f"go{NEW}"]


def test_a_file_where_the_root_belongs(world: World) -> None:
    world.root.write_text("mine")
    assert "a file or a dangling link stands there" in world.fails(NEW)
    assert world.root.read_text() == "mine"


def test_no_right_to_write(world: World) -> None:
    world.home.chmod(0o555)
    root = os.geteuid() == 0
    if root:  # who may write everywhere
        os.seteuid(65534)
    try:
        assert "Permission denied" in world.fails(NEW)
    finally:
        if root:
            os.seteuid(0)
        world.home.chmod(0o755)
    assert not world.root.exists()


def test_the_programs_of_another_platform_are_not_switched_to(world: World) -> None:
    """Everything fits its pins, and still it does not run here."""
    from sdk import synthetic  # noqa: PLC0415

    files = synthetic.release(NEW) | {"bin/go": b"\x7fELF\x02\x01\x01" + bytes(57)}
    data = synthetic.tar(files)
    path = world.home / "archive"
    path.write_bytes(data)
    owned = synthetic.pin(NEW) | {"h1": synthetic.h1(files, NEW), "archive": None}
    world.go(OLD)
    message = world.fails(NEW, sources=[{"type": "local", "path": str(path)}], releases={NEW: owned})
    assert "does not run on this host" in message
    assert world.active() == OLD
    world.assert_tidy(OLD)


def test_a_stage_of_a_dead_run_goes_and_one_of_a_live_run_stays(world: World) -> None:
    world.go(NEW)
    dead, live = world.root / ".stage-1-dead", world.root / ".stage-2-live"
    for stage in (dead, live):
        (stage / "tree" / "bin").mkdir(parents=True)
    descriptor = os.open(live, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    said = world.go(NEW, check=True)
    done = world.go(NEW)
    assert said["changes"] == done["changes"]
    assert [change["path"] for change in done["changes"]] == [str(dead)]
    assert live.is_dir() and not dead.exists()
    os.close(descriptor)


def test_a_second_run_waits_for_the_first(world: World) -> None:
    world.go(OLD)
    descriptor = os.open(world.root, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    assert "another run has held the lock for 1 seconds" in world.fails(NEW, lock_timeout=1)
    assert not world.go(OLD)["changed"], "looking needs no lock"
    threading.Timer(0.5, os.close, [descriptor]).start()
    world.go(NEW)
    assert world.active() == NEW


@pytest.mark.parametrize("start", ["fresh", "outdated", "stomped"])
def test_eight_runs_at_once_end_with_one_good_tree(world: World, start: str) -> None:
    if start != "fresh":
        world.go(OLD)
    if start == "stomped":
        world.go(NEW)
        world.stomp(NEW)
    run = command(world.options(NEW))
    asked = world.mirror.asked(world.path("archive", NEW))
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda _: subprocess.run(run, capture_output=True, text=True, check=False), range(8)))
    assert [run.returncode for run in done] == [0] * 8, [run.stdout + run.stderr for run in done]
    changed = [json.loads(run.stdout)["changed"] for run in done]
    assert changed.count(True) == 1
    assert world.mirror.asked(world.path("archive", NEW)) == asked + 1
    assert world.active() == NEW
    world.assert_tidy(*((NEW,) if start == "fresh" else (NEW, OLD)))


def test_two_versions_at_once(world: World) -> None:
    runs = [command(world.options(version)) for version in (OLD, NEW) for _ in range(2)]
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda run: subprocess.run(run, capture_output=True, check=False), runs))
    assert [run.returncode for run in done] == [0] * 4
    assert world.active() in {OLD, NEW}
    world.assert_tidy(OLD, NEW)


def test_a_home_that_is_a_symlink(world: World) -> None:
    real = world.home / "real"
    real.mkdir()
    world.root.symlink_to(real)
    world.go(NEW)
    assert world.active() == NEW
    assert pathlib.Path(real, "go").readlink() == pathlib.Path(f"go{NEW}")
    assert not world.go(NEW)["changed"]


def test_looking_is_quick_and_reads_no_content(world: World) -> None:
    world.go(NEW)
    started = time.process_time()  # a busy machine makes it wait, and not work
    descriptor = os.open(world.root / f"go{NEW}" / "bin" / "go", os.O_RDONLY)
    before = os.fstat(descriptor).st_atime_ns
    assert not world.go(NEW)["changed"]
    assert os.fstat(descriptor).st_atime_ns == before
    assert time.process_time() - started < 2
    os.close(descriptor)
