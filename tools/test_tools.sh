#!/usr/bin/env bash
# What the tests compare layerviz with, and a display to look at its windows on. They run without, and say what they skip.
# Docker itself starts a service of the system where it is installed: that is done in continuous integration only.
set -uo pipefail
cd "$(dirname "$0")/.."
absent() {
    local program
    for program in Xvfb xdotool umoci skopeo buildah podman docker-registry ${CI:+dockerd}; do
        command -v "$program" >/dev/null || echo "$program"
    done
}
missing=$(absent)
# The packages are called like the programs, in small letters, but for one.
[ -z "$missing" ] || bash tools/system_packages.sh $(echo "$missing" | tr '[:upper:]' '[:lower:]' | sed 's/^dockerd$/docker.io/')
for program in $(absent); do
    echo "SKIPPED: tests with $program, which is not installed here." >&2
done
exit 0
