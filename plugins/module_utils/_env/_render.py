# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: the one managed file of each door, as text.

Every shell file puts the directories first in the given order and drops what it put there before, so nested shells do
not grow PATH. A directory below ``~`` is written with ``$HOME``: the machine's files serve every account.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

NOTICE = "Managed by gopherops.workstation (go_env): change the role's variables, not this file."


def shell_file(path: Sequence[str], environment: Mapping[str, str]) -> bytes:
    """For sh, dash, bash and zsh; builtins only, since it runs at every start of a shell."""
    lines = [f"# {NOTICE}"]
    if path:
        # The last one is put first last.
        words = " ".join(_shell_word(directory) for directory in reversed(path))
        lines += [
            f"for gopherops_dir in {words}; do",
            '    gopherops_path=":${PATH-}:"',
            "    while :; do",
            "        case $gopherops_path in",
            '            *":$gopherops_dir:"*)',
            '                gopherops_rest=${gopherops_path#*":$gopherops_dir:"}',
            '                gopherops_path=${gopherops_path%%":$gopherops_dir:"*}:$gopherops_rest ;;',
            "            *) break ;;",
            "        esac",
            "    done",
            "    gopherops_path=${gopherops_path#:}",
            "    gopherops_path=${gopherops_path%:}",
            "    PATH=$gopherops_dir${gopherops_path:+:$gopherops_path}",
            "done",
            "export PATH",
            "unset gopherops_dir gopherops_path gopherops_rest",
        ]
    lines += [f"export {name}={_shell_word(value)}" for name, value in sorted(environment.items())]
    return _text(lines)


def fish_file(path: Sequence[str], environment: Mapping[str, str]) -> bytes:
    """For conf.d; without fish_add_path, which fish before 3.2 lacks."""
    lines = [f"# {NOTICE}"]
    if path:
        words = " ".join(_fish_word(directory) for directory in reversed(path))
        lines += [
            f"for gopherops_dir in {words}",
            "    while contains -- $gopherops_dir $PATH",
            "        set -e PATH[(contains -i -- $gopherops_dir $PATH)]",
            "    end",
            "    set -gx PATH $gopherops_dir $PATH",
            "end",
            "set -e gopherops_dir",
        ]
    lines += [f"set -gx {name} {_fish_word(value)}" for name, value in sorted(environment.items())]
    return _text(lines)


def systemd_file(path: Sequence[str], environment: Mapping[str, str]) -> bytes:
    """environment.d(5): the user manager's environment, so that of services and of most desktops."""
    lines = [f"# {NOTICE}"]
    if path:
        joined = ":".join(_systemd_value(directory) for directory in path)
        # Without a PATH of its own the manager would make an empty entry of it, which means the current directory.
        lines.append(f'PATH="{joined}:${{PATH:-/usr/local/bin:/usr/bin:/bin}}"')
    lines += [f'{name}="{_systemd_value(value)}"' for name, value in sorted(environment.items())]
    return _text(lines)


def pam_lines(path: Sequence[str], environment: Mapping[str, str], inherited: str) -> list[bytes]:
    """/etc/environment knows neither variables nor accounts: absolute directories only, in front of what stands."""
    fixed = [directory for directory in path if not directory.startswith("~")]
    rest = [entry for entry in inherited.split(":") if entry not in fixed]
    lines = [f'PATH="{":".join([*fixed, *rest])}"'] if fixed else []
    lines += [f'{name}="{value}"' for name, value in sorted(environment.items())]
    return [line.encode() for line in lines]


def paths_d_file(path: Sequence[str]) -> bytes:
    """/etc/paths.d of macOS, read by path_helper: one directory a line, nothing expanded."""
    return _text([directory for directory in path if not directory.startswith("~")])


def launch_agent(label: str, path: Sequence[str], environment: Mapping[str, str]) -> bytes:
    """A LaunchAgent that gives a macOS GUI session the same environment at login."""
    joined = ":".join(["$HOME" + directory[1:] if directory.startswith("~") else directory for directory in path])
    orders = [f'launchctl setenv PATH "{joined}:$PATH"'] if path else []
    orders += [f"launchctl setenv {name} {_quoted(value)}" for name, value in sorted(environment.items())]
    script = "; ".join(orders).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _text(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
            f"<!-- {NOTICE} -->",
            '<plist version="1.0"><dict>',
            f"<key>Label</key><string>{label}</string>",
            "<key>ProgramArguments</key><array><string>/bin/sh</string><string>-c</string>",
            f"<string>{script}</string></array>",
            "<key>RunAtLoad</key><true/>",
            "</dict></plist>",
        ]
    )


def hook(file: str) -> list[bytes]:
    """The one line in a shell file; silent and successful where the managed file is away."""
    word = _shell_word(file)
    return [f"if [ -r {word} ]; then . {word}; fi".encode("utf-8", "surrogateescape")]


def expand(directory: str, home: str) -> str:
    """``~`` as the account's home."""
    return os.path.join(home, directory[2:]) if directory.startswith("~/") else directory


def _shell_word(text: str) -> str:
    return '"${HOME-}"' + _quoted(text[1:]) if text.startswith("~/") else _quoted(text)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _fish_word(text: str) -> str:
    if text.startswith("~/"):
        return '"$HOME"' + _fish_word(text[1:])
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _systemd_value(text: str) -> str:
    if text.startswith("~/"):
        return "${HOME}" + _systemd_value(text[1:])
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("`", "\\`").replace("$", "$$")


def _text(lines: Sequence[str]) -> bytes:
    return "".join(line + "\n" for line in lines).encode("utf-8", "surrogateescape")
