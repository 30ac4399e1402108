"""What a Mac answers, from recorded output of its programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from ansible_collections.gopherops.workstation.plugins.module_utils._host import _macos
from ansible_collections.gopherops.workstation.plugins.module_utils._info._place import Place
from ansible_collections.gopherops.workstation.plugins.module_utils._info._runner import Ran

ANSWERS = {
    ("/usr/bin/sw_vers", "-productVersion"): "26.1",
    ("/usr/sbin/sysctl", "-in", "hw.optional.arm64"): "1",
    ("/usr/sbin/sysctl", "-in", "sysctl.proc_translated"): "1",
    ("/usr/bin/xcode-select", "-p"): "/Library/Developer/CommandLineTools",
    ("/usr/sbin/pkgutil", f"--pkg-info={_macos.RECEIPT}"): "package-id: x\nversion: 26.1.0.0.1.1761104275\nvolume: /",
    ("/bin/launchctl", "limit", "maxfiles"): "\tmaxfiles    256            unlimited      ",
    ("/usr/bin/dscl", ".", "-read", "/Users/dev", "UserShell"): "UserShell: /bin/zsh",
}


def place(tmp_path: Path, answers: Mapping[tuple[str, ...], str]) -> Place:
    def run(argv: Sequence[str], env: Mapping[str, str], cwd: str, timeout: float, stdin: bytes = b"") -> Ran:
        # Nothing that may open a dialog is ever started.
        assert argv[0] not in {"/usr/bin/git", "/usr/bin/python3", "/usr/bin/clang"}
        known = answers.get(tuple(argv))
        return Ran(0, f"{known}\n", "", 0.0) if known is not None else Ran(1, "", "no", 0.0)

    return Place(run, {}, "Darwin", "dev", 501, "/Users/dev", "/bin/zsh", "/", str(tmp_path))


def test_translated_process_still_learns_the_processor(tmp_path: Path) -> None:
    tools = tmp_path / "Library/Developer/CommandLineTools/usr/bin"
    tools.mkdir(parents=True)
    (tools / "git").write_text("")
    keg = tmp_path / "opt/homebrew/Cellar/go/1.26.9"
    keg.mkdir(parents=True)
    (tmp_path / "opt/homebrew/bin").mkdir()
    (tmp_path / "opt/homebrew/bin/brew").write_text("")
    (tmp_path / "opt/homebrew/opt").mkdir()
    (tmp_path / "opt/homebrew/opt/go").symlink_to(keg)
    facts = _macos.collect_macos(place(tmp_path, ANSWERS), "x86_64")
    assert (facts["arch"], facts["translated"], facts["version"], facts["shell"]) == ("arm64", True, "26.1", "/bin/zsh")
    assert facts["command_line_tools"]["version"] == "26.1.0.0.1.1761104275"
    assert facts["brews"] == [{"prefix": "/opt/homebrew", "go": str(keg), "go_version": "1.26.9"}]
    assert facts["maxfiles"] == {"soft": 256, "hard": 0}


def test_path_of_tools_that_an_update_of_macos_took_counts_as_missing(tmp_path: Path) -> None:
    assert _macos.collect_macos(place(tmp_path, ANSWERS), "arm64")["command_line_tools"] == {"path": "", "version": ""}


def test_intel_mac_without_anything(tmp_path: Path) -> None:
    facts = _macos.collect_macos(place(tmp_path, {}), "x86_64")
    assert (facts["arch"], facts["translated"], facts["brews"], facts["maxfiles"]) == ("x86_64", False, [], {})
