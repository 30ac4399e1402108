#!/bin/sh
# Runs inside a WSL distribution: provisions the Windows around it over WinRM, twice, then the doctor.
set -eu
git clone --quiet "$GITHUB_WORKSPACE" ~/workstation
cd ~/workstation
python3 -m venv ~/venv
~/venv/bin/pip install --quiet --requirement requirements/test.txt
~/venv/bin/ansible-playbook -i .github/scripts/windows.yml playbooks/golang_dev.yml
~/venv/bin/ansible-playbook -i .github/scripts/windows.yml playbooks/golang_dev.yml > ~/second || { cat ~/second; exit 1; }
cat ~/second
grep -E 'changed=0 +unreachable=0 +failed=0' ~/second
~/venv/bin/ansible-playbook -i .github/scripts/windows.yml playbooks/doctor.yml
