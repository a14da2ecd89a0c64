#!/usr/bin/env bash
# system_packages.sh PACKAGE…: installs Debian packages where that is possible without asking anyone (root and apt),
# else names in one sentence what is missing. Exit status 1 when something is still missing.
set -uo pipefail
[ $# -gt 0 ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "Missing on this system: $*. On Debian or Ubuntu: sudo apt install $*" >&2
    exit 1
fi
echo "Installing for layerviz: $*" >&2
export DEBIAN_FRONTEND=noninteractive
apt="apt-get -qq -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0"
$apt update >/dev/null 2>&1 </dev/null
$apt install -y --no-install-recommends "$@" >/dev/null 2>&1 </dev/null && exit 0
# One package that a distribution does not have must not keep the others away.
left=()
for package in "$@"; do
    $apt install -y --no-install-recommends "$package" >/dev/null 2>&1 </dev/null || left+=("$package")
done
[ ${#left[@]} -eq 0 ] && exit 0
echo "These packages could not be installed: ${left[*]}" >&2
exit 1
