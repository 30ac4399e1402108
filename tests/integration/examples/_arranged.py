# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the examples count on and a test has to bring: names that are nobody's, folders, an editor, a rollout under way.

Whatever stands in none of these tables is run as it is written, in the order of the pages.
"""

from __future__ import annotations

# Modules in the order in which a machine comes to be; the others follow, by name.
ORDER = (
    *("host_info", "go_release", "go_sdk", "go_tools", "go_env", "go_caches", "vscode_settings", "vscode_extension"),
    *("go_info", "go_doctor"),
)
# Last, since a trust store that is made anew forgets what only the test put there.
LAST = ("go_network", "verdict")

# Examples that cannot run on a Linux machine at all.
NOT_RUN = {
    r"win_\w+: .*": "PowerShell on Windows: part of the module without win_, run by the hosted job `windows`",
}

# Examples whose module is replaced: what they would do is shown, not done.
SHOWN = {
    "go_release: Fetch a release for an air-gapped mirror": "the official download is not open in every network",
}

# Text in examples, and what stands there in this test. {folder} is on the controller, {signer} is the key made here.
REPLACED = {
    "https://goproxy.example.com": "https://proxy.golang.org",
    "/srv/bundle": "{folder}/bundle",
    "/media/usb/bundle": "{folder}/bundle",
    # Another platform is gopls from nothing; `./dev test --deep examples` packs both, for docs/guides/air-gap.md.
    '["linux-amd64", "darwin-arm64"]': '["linux-amd64"]',
    "~/.ssh/release": "{folder}/release",
    "release@example.org ssh-ed25519 AAAA...": "release@example.org {signer}",
    "/var/lib/fleet": "{folder}/fleet",
}

# What a reader's own inventory, vault or earlier tasks would say.
VARIABLES = {
    "vault_goproxy_token": "s3cret-token",
    "fleet_batch": "{{ fleet_plan.batches[0] }}",
}

# Before an example: a script on the host, as root.
BEFORE = {
    "go_caches: Give a developer back what a go command under sudo left behind": "mkdir -p ~ada/go/pkg/mod/left/behind",
    "go_caches: The module cache on the big disk, with what is in it": "install -d -o ada /data/ada",
    "go_caches: One module cache for the whole team": "install -d -o ada -g gophers /srv/go",
    "go_env: Nothing overrides the toolchain any more": "echo GOEXPERIMENT=synctest >> ~ada/.config/go/env",
    "fleet_snapshot: Put it back": "su ada -c '~/sdk/go/bin/go env -w GOPRIVATE=changed.example.com'",
    "vscode_extension: Install a package that the controller holds, where there is no network": (
        "rm -r ~ada/.vscode/extensions"
    ),
    "vscode_extension: Remove an extension from desktop editors and remote servers": (
        "su ada -c 'cd && code --extensions-dir .vscode-server/extensions --install-extension ms-vscode.go@0.14.4'"
    ),
    "vscode_settings: Format a project's Go files with gofumpt": "su ada -c 'mkdir -p ~/src/project'",
    "jsonc_merge: Turn strict mode on in a compiler configuration and keep its comments": "install -d -o ada /srv/app",
}
