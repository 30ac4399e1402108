"""From nothing to installed, upgraded, rolled back, repaired, pruned and gone; each step predicted by check mode."""

from __future__ import annotations

import os
import shutil
from typing import Any

import pytest
from sdk.operations import DEFAULTS
from sdk.synthetic import NEW, OLD, pin, release, tree_h1
from sdk.world import World

SOURCES = ("archive", "proxy", "pypi")


def predicted(world: World, *versions: str, **options: Any) -> dict[str, Any]:
    """Run in check mode, see that nothing moved, run for real, see that it did what was said, and only once."""
    before = snapshot(world)
    said = world.go(*versions, check=True, **options)
    assert snapshot(world) == before
    done = world.go(*versions, **options)
    for key in ("changed", "changes", "diff"):
        assert done[key] == said[key], key
    for key in ("version", "goroot", "link", "bin", "h1", "previous", "versions", "stomped"):
        assert done["sdk"][key] == said["sdk"][key], key
    assert said["sdk"].keys() == done["sdk"].keys()
    again = world.go(*versions, **options)
    assert not again["changed"] and again["changes"] == []
    return done


def snapshot(world: World) -> list[tuple[str, ...]]:
    found = []
    for folder, folders, files in os.walk(world.home):
        for name in sorted(folders + files):
            path = os.path.join(folder, name)
            info = os.lstat(path)
            link = os.readlink(path) if os.path.islink(path) else ""
            found.append((path, str(info.st_mode), str(info.st_mtime_ns), str(info.st_ino), link))
    return sorted(found)


@pytest.mark.parametrize("kind", SOURCES)
def test_every_source_gives_the_same_tree(world: World, kind: str) -> None:
    result = world.go(NEW, sources=[world.source(kind)])
    assert world.active() == NEW
    assert (result["sdk"]["source"], result["sdk"]["h1"]) == (kind, pin(NEW)["h1"])
    assert "h1 equals the published pin" in result["sdk"]["proof"]
    assert ("SHA-256" in result["sdk"]["proof"]) == (kind == "archive")
    world.assert_tidy(NEW)


def test_install_on_a_fresh_host(world: World) -> None:
    result = predicted(world, NEW)
    assert [change["act"] for change in result["changes"]] == ["create", "install", "link"]
    assert world.active() == NEW
    world.assert_tidy(NEW)


@pytest.mark.parametrize("machine", [False, True])
def test_upgrade_rollback_and_forward_again(world: World, machine: bool) -> None:
    world.machine = machine
    predicted(world, OLD)
    upgraded = predicted(world, NEW)
    assert upgraded["sdk"]["previous"] == OLD
    asked = len(world.mirror.requests)
    predicted(world, state="rollback")
    assert world.active() == OLD
    predicted(world, NEW)
    assert world.active() == NEW
    assert len(world.mirror.requests) == asked, "going back and forth must not download"
    world.assert_tidy(OLD, NEW)


def test_downgrade(world: World) -> None:
    world.go(NEW)
    predicted(world, OLD)
    assert world.active() == OLD


def test_several_with_one_active(world: World) -> None:
    predicted(world, OLD, NEW, active=NEW)
    assert world.active() == NEW
    world.assert_tidy(OLD, NEW)


def test_rollback_without_a_past_says_so(world: World) -> None:
    world.go(NEW)
    assert "no version was active before it" in world.fails(state="rollback")


def test_prune_keeps_what_is_asked_and_takes_only_ours(world: World) -> None:
    world.go(OLD)
    theirs = world.root / "go1.97.5"
    theirs.mkdir()
    (theirs / ".unpacked-success").touch()
    world.go(NEW)
    result = predicted(world, NEW, keep=0)
    assert [change["act"] for change in result["changes"]] == ["remove"]
    assert theirs.is_dir()
    world.assert_tidy(NEW, also=("go1.97.5",))


def test_absent_one_and_absent_all(world: World) -> None:
    world.go(OLD, NEW)
    predicted(world, NEW, state="absent")
    assert world.active() == OLD
    world.go(NEW)
    predicted(world, NEW, state="absent")
    assert not os.path.lexists(world.link)
    predicted(world, state="absent")
    assert not os.path.lexists(world.root)


def test_absent_leaves_what_is_not_ours(world: World) -> None:
    world.go(NEW)
    (world.root / "go1.97.5").mkdir()
    predicted(world, state="absent")
    assert world.names() == ["go1.97.5"]


def test_a_stomped_tree_is_named_file_by_file_and_replaced(world: World) -> None:
    world.go(NEW)
    world.stomp(NEW)
    result = predicted(world, NEW)
    assert result["sdk"]["stomped"][NEW] == [
        "src/fmt/left_over.go (extra)",
        "src/fmt/print.go (changed)",
        "src/unsafe/unsafe.go (missing)",
    ]
    assert world.active() == NEW
    world.assert_tidy(NEW)


def test_a_program_without_its_mode_is_stomped(world: World) -> None:
    world.go(NEW)
    (world.root / f"go{NEW}" / "bin" / "gofmt").chmod(0o644)
    result = predicted(world, NEW)
    assert result["sdk"]["stomped"][NEW] == ["bin/gofmt (mode)"]


def test_same_size_and_time_do_not_hide_a_change(world: World) -> None:
    world.go(NEW)
    path = world.root / f"go{NEW}" / "src" / "fmt" / "print.go"
    before = path.stat()
    path.write_bytes(path.read_bytes().replace(b"echo", b"exit"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert predicted(world, NEW)["sdk"]["stomped"][NEW] == ["src/fmt/print.go (changed)"]


def test_a_touched_tree_is_hashed_and_found_intact(world: World) -> None:
    world.go(NEW)
    os.utime(world.root / f"go{NEW}" / "src" / "fmt" / "print.go")
    assert not world.go(NEW)["changed"]
    assert not world.go(NEW, verify="full")["changed"]


def test_the_marked_block_in_go_env_is_no_difference_and_anything_else_is(world: World) -> None:
    world.go(NEW)
    path = world.root / f"go{NEW}" / "go.env"
    released = path.read_bytes()
    path.write_bytes(released + b"# BEGIN gopherops.workstation\nGOPROXY=x\n# END gopherops.workstation\n")
    assert not world.go(NEW)["changed"]
    assert not world.go(NEW, verify="full")["changed"]
    path.write_bytes(released + b"GOPROXY=x\n")
    assert world.go(NEW)["sdk"]["stomped"][NEW] == ["go.env (changed)"]


def test_the_machines_defaults_follow_the_link(world: World) -> None:
    """Forward, back, through a repair, and no further than they were wanted."""
    world.go(OLD)
    released = (world.link / "go.env").read_bytes()
    (world.link / "go.env").write_bytes(DEFAULTS + released)
    result = predicted(world, NEW)
    assert [change["act"] for change in result["changes"]] == ["install", "edit", "link"]
    assert (world.link / "go.env").read_bytes() == DEFAULTS + released
    world.stomp(NEW)
    predicted(world, NEW)
    assert (world.link / "go.env").read_bytes() == DEFAULTS + released
    (world.link / "go.env").write_bytes(released)
    result = predicted(world, state="rollback")
    assert [change["act"] for change in result["changes"]] == ["edit", "link"]
    assert (world.link / "go.env").read_bytes() == released
    assert world.active() == OLD


def test_the_defaults_of_a_directory_at_the_link_are_kept(world: World) -> None:
    lay(world, OLD, str(world.link))
    released = (world.link / "go.env").read_bytes()
    (world.link / "go.env").write_bytes(DEFAULTS + released)
    predicted(world, OLD)
    assert (world.link / "go.env").read_bytes() == DEFAULTS + released
    predicted(world, NEW)
    assert (world.link / "go.env").read_bytes() == DEFAULTS + released
    assert world.active() == NEW


def lay(world: World, version: str, where: str) -> None:
    for name, data in release(version).items():
        path = world.home / where / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        path.chmod(0o755 if name.startswith(("bin/", "pkg/tool")) else 0o644)


@pytest.mark.parametrize("machine", [False, True])
def test_an_intact_directory_at_the_link_is_taken_over_without_a_download(world: World, machine: bool) -> None:
    world.machine = machine
    lay(world, OLD, str(world.link))
    result = predicted(world, OLD)
    assert [change["act"] for change in result["changes"]][-2:] == ["move", "link"]
    assert not world.mirror.requests
    assert world.active() == OLD
    world.assert_tidy(OLD)


def test_an_intact_directory_of_another_version_becomes_the_one_before(world: World) -> None:
    lay(world, OLD, str(world.link))
    predicted(world, NEW)
    assert world.active() == NEW
    assert tree_h1(world.root / f"go{OLD}", OLD) == pin(OLD)["h1"]
    world.assert_tidy(OLD, NEW)


def test_a_damaged_directory_at_the_link_is_set_aside_with_a_telling_name(world: World) -> None:
    world.machine = True
    lay(world, OLD, str(world.link))
    (world.link / "src" / "mine.go").write_text("package mine\n")
    predicted(world, NEW)
    assert world.active() == NEW
    assert (world.root / f"go{OLD}.set-aside" / "src" / "mine.go").read_text() == "package mine\n"
    world.assert_tidy(NEW, also=(f"go{OLD}.set-aside",))


def test_a_users_own_tree_is_used_when_intact_and_set_aside_when_not(world: World) -> None:
    lay(world, NEW, str(world.root / f"go{NEW}"))
    (world.root / f"go{NEW}" / ".unpacked-success").touch()
    predicted(world, NEW)
    (world.root / f"go{NEW}" / ".unpacked-success").unlink()
    assert world.active() == NEW
    assert not world.mirror.requests
    world.go(state="absent")
    assert (world.root / f"go{NEW}").is_dir(), "not ours: stays"
    shutil.rmtree(world.root / f"go{NEW}" / "src")
    predicted(world, NEW)
    assert world.active() == NEW
    assert (world.root / f"go{NEW}.set-aside" / "VERSION").exists()
