#!/bin/sh
# Twin only: makes the directory layout of macOS in a Debian container and puts the stand-ins where macOS has the programs.
# Usage, as root inside the container: setup.sh FOLDER-WITH-THE-TWIN
set -eu
from=$1
[ -e /private/var/db/twin ] && exit 0
mkdir -p /usr/lib/twin /private/var/db/twin /private/etc /Library/Developer /Library/LaunchDaemons /Library/Keychains \
    /System/Library/CoreServices /System/Volumes/Data /Applications /Volumes /etc/paths.d /usr/libexec
chmod 1777 /private/var/db/twin
# The real Python and git stay, under names that no program of ours asks for.
cp -L /usr/bin/python3 /usr/lib/twin/python3
cp -L /usr/bin/git /usr/lib/twin/git
for version in /etc/python3*; do
    [ -d "$version" ] && cp "$from/sitecustomize.py" "$version/sitecustomize.py"
done
{ echo '#!/usr/lib/twin/python3'; cat "$from/stand_ins.py"; } > /usr/lib/twin/stand_ins.py
chmod 755 /usr/lib/twin/stand_ins.py
place() { rm -f "$1"; ln -s /usr/lib/twin/stand_ins.py "$1"; }
for path in /usr/bin/sw_vers /usr/bin/xcode-select /usr/bin/xattr /usr/bin/codesign /usr/bin/dscl /usr/bin/security \
    /usr/bin/uname /usr/bin/git /usr/bin/python3 /usr/bin/clang /usr/sbin/sysctl /usr/sbin/pkgutil \
    /usr/sbin/softwareupdate /usr/libexec/path_helper /usr/lib/twin/macho; do place "$path"; done
# Debian's /bin and /sbin are links to /usr: macOS has both, with different programs in them.
place /bin/launchctl
place /sbin/mount
cat > /System/Library/CoreServices/SystemVersion.plist <<'PLIST'
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict><key>ProductName</key><string>macOS</string>
<key>ProductVersion</key><string>26.1</string></dict></plist>
PLIST
# Accounts live in /Users and use zsh, which on macOS reads /etc/zprofile and there path_helper.
for user in dev admin gopher; do
    usermod --home "/Users/$user" --shell /bin/zsh "$user"
    [ -d "/Users/$user" ] || { mkdir -p /Users; mv "/home/$user" "/Users/$user"; }
    rm -f "/Users/$user"/.bash* "/Users/$user"/.profile
    mkdir -p "/Users/$user/Library/Caches" "/Users/$user/Library/Application Support" "/Users/$user/Library/LaunchAgents"
    chown -R "$user" "/Users/$user"
done
rm -rf /etc/zsh && ln -s . /etc/zsh
printf '/usr/local/bin\n/System/Cryptexes/App/usr/bin\n/usr/bin\n/bin\n/usr/sbin\n/sbin\n' > /etc/paths
# Word for word what macOS ships.
cat > /etc/zprofile <<'ZSH'
# System-wide profile for interactive zsh(1) login shells.

# Setup user specific overrides for this in ~/.zprofile. See zshbuiltins(1)
# and zshoptions(1) for more details.

if [ -x /usr/libexec/path_helper ]; then
	eval `/usr/libexec/path_helper -s`
fi
ZSH
# Homebrew with a Go of its own, as on many Macs.
if [ "${TWIN_BREW:-1}" = 1 ]; then
    mkdir -p /opt/homebrew/bin /opt/homebrew/Cellar/go/1.26.9/libexec/bin /opt/homebrew/opt
    printf '#!/bin/sh\necho "twin: brew is never run" >&2\nexit 64\n' > /opt/homebrew/bin/brew
    printf '#!/bin/sh\necho "go version go1.26.9 darwin/arm64"\n' > /opt/homebrew/Cellar/go/1.26.9/libexec/bin/go
    chmod 755 /opt/homebrew/bin/brew /opt/homebrew/Cellar/go/1.26.9/libexec/bin/go
    ln -s ../Cellar/go/1.26.9 /opt/homebrew/opt/go
    ln -s ../Cellar/go/1.26.9/libexec/bin/go /opt/homebrew/bin/go
fi
# A Python of Homebrew's, where the Command Line Tools that bring one are missing.
if [ "${TWIN_PYTHON:-0}" = 1 ]; then
    mkdir -p /opt/homebrew/bin
    ln -s /usr/lib/twin/python3 /opt/homebrew/bin/python3
fi
tools=''
if [ "${TWIN_TOOLS:-1}" = 1 ]; then
    tools=/Library/Developer/CommandLineTools
    mkdir -p "$tools/usr/bin"
    ln -s /usr/lib/twin/git "$tools/usr/bin/git"
    ln -s /usr/bin/true "$tools/usr/bin/clang"
    ln -s /usr/lib/twin/python3 "$tools/usr/bin/python3"
fi
cat > /private/var/db/twin/state.json <<JSON
{"version": "${TWIN_VERSION:-26.1}", "machine": "${TWIN_MACHINE:-arm64}", "translated": "${TWIN_TRANSLATED:-0}", "tools": "$tools",
 "maxfiles": ["256", "unlimited"], "environment": {}, "xattrs": {}, "stale_inodes": [],
 "shells": {"/Users/dev": "/bin/zsh", "/Users/admin": "/bin/zsh", "/Users/gopher": "/bin/zsh", "/Users/root": "/bin/sh"}}
JSON
chmod 666 /private/var/db/twin/state.json
for log in calls dialogs unknown; do : > "/private/var/db/twin/$log"; chmod 666 "/private/var/db/twin/$log"; done
