#!/usr/bin/env bash
# What the tests compare layerviz with, and a display to look at its windows on. They run without, and say what they skip.
set -uo pipefail
cd "$(dirname "$0")/.."
absent() {
    local program
    for program in Xvfb xdotool umoci skopeo buildah podman docker-registry; do
        command -v "$program" >/dev/null || echo "$program"
    done
}
missing=$(absent)
# The packages are called like the programs, in small letters.
[ -z "$missing" ] || bash tools/system_packages.sh $(echo "$missing" | tr '[:upper:]' '[:lower:]')
for program in $(absent); do
    echo "SKIPPED: tests with $program, which is not installed here." >&2
done
exit 0
