# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: how root reaches a place in a home, without any symbolic link on the way."""

from __future__ import annotations

import os

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError

OPEN_DIR = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def open_place(path: str, home: str, ids: tuple[int, int], *, mend_parents: bool) -> tuple[int, list[str]]:
    """A descriptor of a place, reached without any symbolic link, and the directories above it that root held.

    ``path`` and ``home`` are real paths. Below the home whatever root owns is the developer's to have; elsewhere the
    place itself must already be the developer's.
    """
    inside = path.startswith(home.rstrip("/") + "/")
    uid, held, walked = ids[0], [], ""
    descriptor = os.open("/", OPEN_DIR)
    try:
        for name in path.strip("/").split("/"):
            below = os.open(name, OPEN_DIR, dir_fd=descriptor)
            os.close(descriptor)
            descriptor, walked = below, f"{walked}/{name}"
            info = os.fstat(descriptor)
            if inside and walked != path and walked.startswith(home.rstrip("/") + "/") and info.st_uid == 0 != uid:
                held.append(walked)
                if mend_parents:
                    os.fchown(descriptor, *ids)
        if not inside and info.st_uid != uid:
            raise WorkstationError(
                "repair",
                "cache",
                path,
                f"it is outside the home '{home}' and belongs to uid {info.st_uid}",
                "Give the directory itself to the developer first, or name another path",
            )
    except OSError as error:
        os.close(descriptor)
        raise WorkstationError(
            "repair", "cache", path, f"{walked}: {error.strerror}", "Make it a plain directory"
        ) from error
    except WorkstationError:
        os.close(descriptor)
        raise
    return descriptor, held
