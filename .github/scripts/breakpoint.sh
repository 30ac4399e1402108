#!/bin/sh
# The debugger that was installed stops a program at a breakpoint, asked as an editor asks, and reads a variable there.
# Arguments: the go command, dlv, the folder of the program (a copy of tests/integration/go_tools/program).
set -eu
PATH=$(dirname -- "$1"):$PATH # dlv builds the program
export PATH
program=$(cd "$3" && pwd)
cd "$(dirname -- "$0")/../../tests/integration/go_tools/dap"
answer=$("$1" run . "$2" "$program" 13 sum)
echo "$answer"
case $answer in
    *'"function":"main.main"'*'"line":13'*'"reason":"breakpoint"'*'"value":"10"'*) ;;
    *) exit 1 ;;
esac
