#!/bin/sh
# Twin only: powershell.exe, cmd.exe and wslpath, with what the role asks them and nothing else. Calls are logged; what is
# not known fails loudly. It tests our logic, not Windows.
name=$(basename "$0")
printf '%s %s\n' "$name" "$*" | tr '\n' ' ' >> /run/twin/calls; echo >> /run/twin/calls
unknown() { printf '%s %s\n' "$name" "$*" >> /run/twin/unknown; echo "twin of WSL2: $name does not know '$*'" >&2; exit 64; }
case $name in
    powershell.exe)
        case $PWD in /mnt/c/*) ;; *) unknown "working directory $PWD" ;; esac
        case "$*" in
            *'Internet Settings'*ToUnixTimeMilliseconds*|*ToUnixTimeMilliseconds*ProxyServer*)
                skew=$(cat /run/twin/skew 2>/dev/null || echo 0)
                printf '{"now":%s,"home":"C:\\\\Users\\\\dev","proxy":"%s","pac":""}\r\n' \
                    "$(( $(date +%s%3N) + skew * 1000 ))" "$(cat /run/twin/proxy 2>/dev/null)" ;;
            *) unknown "$@" ;;
        esac ;;
    wslpath)
        case $1 in
            -u) printf '/mnt/c/%s\n' "$(printf '%s' "$2" | sed 's/^[A-Za-z]:\\//; s/\\/\//g')" ;;
            *) unknown "$@" ;;
        esac ;;
    *) unknown "$@" ;;
esac
