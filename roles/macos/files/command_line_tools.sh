# Runs on a bare Mac, as root. softwareupdate offers the tools only while this file is there; xcode-select --install
# would open a dialog instead.
wanted=/tmp/.com.apple.dt.CommandLineTools.installondemand.in-progress
trap 'rm -f "$wanted"' EXIT
: > "$wanted"
label=$(/usr/sbin/softwareupdate --list 2>/dev/null | sed -n 's/^\* Label: \(Command Line Tools.*\)$/\1/p' | sort | tail -n 1)
if [ -z "$label" ]; then
    echo "Cannot install Command Line Tools: softwareupdate offers none. Install them from developer.apple.com, or by device management." >&2
    exit 1
fi
/usr/sbin/softwareupdate --install "$label" >&2 || exit 1
/usr/bin/xcode-select -p >/dev/null 2>&1 || /usr/bin/xcode-select --switch /Library/Developer/CommandLineTools || exit 1
echo "installed $label"
