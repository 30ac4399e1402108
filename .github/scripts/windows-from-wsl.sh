#!/bin/sh
# Runs inside a WSL distribution: provisions the Windows around it over WinRM, in each scope twice, examines it and gives it back.
set -eu
git clone --quiet "$GITHUB_WORKSPACE" ~/workstation
cd ~/workstation
python3 -m venv ~/venv
~/venv/bin/pip install --quiet --requirement requirements/test.txt

play() {
  name=$1
  shift
  ~/venv/bin/ansible-playbook -i .github/scripts/windows.yml "playbooks/$name.yml" "$@"
}

for scope in user machine; do
  play golang_dev -e "golang_dev_scope=$scope" --check
  play golang_dev -e "golang_dev_scope=$scope"
  play golang_dev -e "golang_dev_scope=$scope" > ~/second || { cat ~/second; exit 1; }
  cat ~/second
  grep -E 'changed=0 +unreachable=0 +failed=0' ~/second
  play doctor
  play uninstall -e "golang_dev_scope=$scope"
done
