#!/bin/bash
# Runs inside a WSL distribution: provisions the Windows around it over WinRM, twice, then the doctor.
set -euo pipefail
git clone --quiet "$GITHUB_WORKSPACE" ~/workstation
cd ~/workstation
python3 -m venv ~/venv
~/venv/bin/pip install --quiet --requirement requirements/test.txt
for run in 1 2; do
    ~/venv/bin/ansible-playbook -i .github/scripts/windows.yml playbooks/golang_dev.yml | tee ~/"run$run"
done
grep -E 'changed=0 +unreachable=0 +failed=0' ~/run2
~/venv/bin/ansible-playbook -i .github/scripts/windows.yml playbooks/doctor.yml
