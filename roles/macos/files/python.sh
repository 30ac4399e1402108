# Names a Python that starts without a dialog, on a Mac; says nothing elsewhere. By raw: nothing of Ansible runs yet.
[ "$(uname -s)" = Darwin ] || exit 0
tools=$(/usr/bin/xcode-select -p 2>/dev/null)
for found in /opt/homebrew/bin/python3 /usr/local/bin/python3 /Library/Frameworks/Python.framework/Versions/Current/bin/python3 \
    ${tools:+"$tools/usr/bin/python3"}; do
    if [ -x "$found" ] && "$found" -c 'import sys; sys.exit(sys.version_info < (3, 9))' 2>/dev/null; then
        echo "Darwin $found"
        exit 0
    fi
done
echo "Darwin none"
