#!/bin/sh
# Twin only: makes a Debian container look like a WSL2 distribution. Usage, as root with CAP_SYS_ADMIN: setup.sh FOLDER
set -eu
from=$1
[ -e /run/twin ] && exit 0
mkdir -p /run/twin /run/WSL /mnt/c
chmod 1777 /run/twin
# A container engine leaves its mark; WSL2 has none.
umount /run/.containerenv 2>/dev/null || true
rm -f /run/.containerenv /.dockerenv
release=6.6.87.2-microsoft-standard-WSL2
echo "$release" > /run/twin/osrelease
echo "Linux version $release (root@twin) (gcc) #1 SMP PREEMPT_DYNAMIC twin" > /run/twin/version
mount --bind /run/twin/osrelease /proc/sys/kernel/osrelease
mount --bind /run/twin/version /proc/version
echo '0::/init.scope' > /run/twin/cgroup
mount --bind /run/twin/cgroup /proc/1/cgroup
# A tmpfs in its place: the kernel's own registrations stay untouched.
mount -t tmpfs -o size=64k tmpfs /proc/sys/fs/binfmt_misc
printf 'enabled\ninterpreter /init\nflags: PF\noffset 0\nmagic 4d5a\n' > /proc/sys/fs/binfmt_misc/WSLInterop
mount -t tmpfs -o size=16m,uid=1000,gid=1000,mode=0777,noatime 'C:\' /mnt/c
folder=/mnt/c/Windows/System32/WindowsPowerShell/v1.0
mkdir -p "$folder" '/mnt/c/Program Files/Go/bin' '/mnt/c/Users/dev/AppData/Local/Programs/Microsoft VS Code/bin'
install -m 755 "$from/windows.sh" "$folder/powershell.exe"
install -m 755 "$from/windows.sh" /mnt/c/Windows/System32/cmd.exe
install -m 755 "$from/windows.sh" /usr/bin/wslpath
for program in '/mnt/c/Program Files/Go/bin/go.exe' '/mnt/c/Users/dev/AppData/Local/Programs/Microsoft VS Code/bin/code'; do
    printf '#!/bin/sh\necho "$0" >> /run/twin/unknown; exit 64\n' > "$program"
    chmod 755 "$program"
done
# VS Code of Windows was connected to this side before.
for user in dev admin gopher; do
    mkdir -p "/home/$user/.vscode-server/bin"
    chown -R "$user:" "/home/$user/.vscode-server"
done
# appendWindowsPath: what WSL adds to every session.
printf 'PATH="$PATH:/mnt/c/Windows/System32:/mnt/c/Program Files/Go/bin:/mnt/c/Users/dev/AppData/Local/Programs/Microsoft VS Code/bin"\n' \
    > /etc/profile.d/00-wsl-path.sh
printf '# made by the distribution\n[network]\nhostname = laptop\n' > /etc/wsl.conf
touch -d '2020-01-01' /etc/wsl.conf
chown -R 1000:1000 /mnt/c
for log in calls unknown; do : > "/run/twin/$log"; chmod 666 "/run/twin/$log"; done
for version in /etc/python3*; do
    [ -d "$version" ] && cp "$from/sitecustomize.py" "$version/sitecustomize.py"
done
