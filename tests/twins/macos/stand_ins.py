"""Twin only: the programs of macOS that the roles ask, with just the state that the roles need.

Every call is logged. An argument that is not known is an error and is logged as one: a twin that answers what it does
not know would prove nothing. It tests our logic, not macOS.
"""

from __future__ import annotations

import json
import os
import pathlib
import sys
from typing import Any, cast

HOME = pathlib.Path("/private/var/db/twin")
TOOLS = pathlib.Path("/Library/Developer/CommandLineTools")
LABEL = "Command Line Tools for Xcode 26.1-26.1"


def state() -> dict[str, Any]:
    return cast(dict[str, Any], json.loads((HOME / "state.json").read_text()))


def keep(**changed: object) -> None:
    (HOME / "state.json").write_text(json.dumps({**state(), **changed}))


def sw_vers(*words: str) -> str:
    (word,) = words
    return {"-productVersion": str(state()["version"]), "-productName": "macOS", "-buildVersion": "25B78"}[word]


def sysctl(*words: str) -> str:
    values: dict[str, str] = {"hw.optional.arm64": "1", "sysctl.proc_translated": state()["translated"], "hw.ncpu": "8"}
    option, *names = words
    {"-n": 0, "-in": 0, "-ni": 0}[option]
    return "\n".join(values[name] for name in names)


def xcode_select(*words: str) -> str:
    if words in {("-p",), ("--print-path",)}:
        return str(state()["tools"]) or fail(
            "error: unable to get active developer directory, use `sudo xcode-select --switch`", 2
        )
    option, path = words
    {"--switch": 0, "-s": 0}[option]
    as_root()
    keep(tools=path)
    return ""


def softwareupdate(*words: str) -> str:
    if words == ("--list",):
        offered = os.path.exists("/tmp/.com.apple.dt.CommandLineTools.installondemand.in-progress")
        lines = [f"* Label: {LABEL}", "\tTitle: Command Line Tools for Xcode 26.1, Version: 26.1, Size: 888000KiB"]
        return "\n".join(["Software Update found the following new or updated software:", *(lines if offered else [])])
    option, label = words
    {"--install": 0}[option]
    {LABEL: 0}[label]
    as_root()
    (TOOLS / "usr/bin").mkdir(parents=True, exist_ok=True)
    for name, target in (
        ("git", "/usr/lib/twin/git"),
        ("clang", "/usr/bin/true"),
        ("python3", "/usr/lib/twin/python3"),
    ):
        if not os.path.lexists(TOOLS / "usr/bin" / name):
            os.symlink(target, TOOLS / "usr/bin" / name)
    keep(tools=str(TOOLS))
    return f"Installed {label}"


def pkgutil(word: str) -> str:
    {"--pkg-info=com.apple.pkg.CLTools_Executables": 0}[word]
    if not state()["tools"]:
        fail(f"No receipt for '{word.partition('=')[2]}' found at '/'.", 1)
    return "package-id: com.apple.pkg.CLTools_Executables\nversion: 26.1.0.0.1.1761104275\nvolume: /\nlocation: /"


def launchctl(*words: str) -> str:
    if words == ("limit", "maxfiles"):
        return "\tmaxfiles    {:<14} {:<14}".format(*state()["maxfiles"])
    if words[:2] == ("limit", "maxfiles"):
        soft, hard = words[2:]
        as_root()
        keep(maxfiles=[soft, hard])
        return ""
    verb, name = words
    {"getenv": 0}[verb]
    return str(state()["environment"].get(name, ""))


def dscl(*words: str) -> str:
    where, verb, record, key = words
    {(".", "-read", "UserShell"): 0}[(where, verb, key)]
    return f"{key}: {state()['shells'][record]}"


def xattr(*words: str) -> str:
    option, name, path = words
    attributes = state()["xattrs"]
    mine = attributes.get(path, {})
    if name not in mine:
        fail(f"xattr: {path}: No such xattr: {name}", 1)
    if option == "-p":
        return str(mine[name])
    {"-d": 0}[option]
    keep(xattrs={**attributes, path: {key: value for key, value in mine.items() if key != name}})
    return ""


def codesign(*words: str) -> str:
    """The kernel remembers a signature by inode: a file that was overwritten in place fails until it has a new one."""
    option, path = words
    {"--verify": 0, "-v": 0}[option]
    if os.stat(path).st_ino in state()["stale_inodes"]:
        fail(f"{path}: invalid signature (code or signature have been modified)", 1)
    return ""


def security(*words: str) -> str:
    keychain = HOME / "System.keychain.pem"
    if words == ("find-certificate", "-a", "-p", "/Library/Keychains/System.keychain"):
        return keychain.read_text() if keychain.exists() else ""
    path = words[-1]
    {"add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain": 0}[" ".join(words[:-1])]
    as_root()
    with open(keychain, "a") as stream:
        stream.write(pathlib.Path(path).read_text())
    return ""


def path_helper(*words: str) -> str:
    {"-s": 0}[" ".join(words)]
    files = [pathlib.Path("/etc/paths"), *sorted(pathlib.Path("/etc/paths.d").glob("*"))]
    lines = [line for file in files for line in file.read_text().splitlines() if line]
    rest = [entry for entry in os.environ.get("PATH", "").split(":") if entry]
    return f'PATH="{":".join(dict.fromkeys([*lines, *rest]))}"; export PATH;'


def uname(*words: str) -> str:
    values = {"s": "Darwin", "n": os.uname().nodename, "r": "25.1.0", "m": state()["machine"]}
    letters = "".join(word.removeprefix("-") for word in words) or "s"
    {letter: values[letter] for letter in letters}
    return " ".join(value for letter, value in values.items() if letter in letters)


def mount() -> str:
    return "\n".join(
        (
            "/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)",
            "/dev/disk3s5 on /System/Volumes/Data (apfs, local, journaled, nobrowse)",
            "/dev/disk3s5 on /Users (apfs, local, journaled, nobrowse)",
        )
    )


def macho(program: str, *words: str) -> str:
    """A program for macOS, by the files that lie around it."""
    if words[:1] == ("env",):
        # The doctor asks; the answer is what any kernel says to a program of another system.
        fail(f"{program}: cannot execute binary file: Exec format error", 126)
    {"go version": 0}[" ".join((pathlib.Path(program).name, *words))]
    release = (pathlib.Path(program).resolve().parent.parent / "VERSION").read_text().splitlines()[0]
    return f"go version {release} darwin/{state()['machine']}"


def dialog(*words: str) -> str:
    """/usr/bin/python3, git and clang without the Command Line Tools."""
    with open(HOME / "dialogs", "a") as stream:
        stream.write(f"{pathlib.Path(sys.argv[0]).name} {' '.join(words)}\n")
    return fail("xcode-select: note: No developer tools were found, requesting install.", 1)


def fail(text: str, status: int) -> str:
    sys.stderr.write(text + "\n")
    sys.exit(status)


def as_root() -> None:
    if os.geteuid():
        fail("This command must be run as root.", 77)


def main() -> None:
    name, words = pathlib.Path(sys.argv[0]).name, tuple(sys.argv[1:])
    known = {
        "xcode-select": xcode_select,
        **{f.__name__: f for f in (sw_vers, sysctl, softwareupdate, pkgutil, launchctl, dscl, xattr, codesign)},
        **{f.__name__: f for f in (security, path_helper, uname, mount, macho)},
        **dict.fromkeys(("python3", "git", "clang"), dialog),
    }
    with open(HOME / "calls", "a") as stream:
        stream.write(json.dumps([name, *words]) + "\n")
    if name in {"git", "clang", "python3"} and state()["tools"]:
        os.execv(f"{state()['tools']}/usr/bin/{name}", [name, *words])
    try:
        text = known[name](*words)
    except (KeyError, ValueError, TypeError) as error:
        with open(HOME / "unknown", "a") as stream:
            stream.write(json.dumps([name, *words]) + "\n")
        fail(f"twin of macOS: {name} does not know {' '.join(words)!r} ({error!r})", 64)
    if text:
        print(text)


if __name__ == "__main__":
    main()
