#!/usr/bin/env bash
# real_image.sh [FILE]: builds a real image in three layers, like the article's: a base system without the security
# updates that exist for it, a Python package, the security updates. Needs root and Debian; the packages come from where this
# machine's own come from. FILE: build/real-image.tar, a docker-archive.
set -euo pipefail
cd "$(dirname "$0")/.."
file=${1:-build/real-image.tar}
. /etc/os-release
if [ "$(id -u)" != 0 ] || [ "${ID:-}" != debian ]; then
    echo "make real-image builds a Debian system: run it as root on Debian." >&2
    exit 1
fi
missing=()
for program in mmdebstrap buildah; do command -v "$program" >/dev/null || missing+=("$program"); done
[ ${#missing[@]} -eq 0 ] || bash tools/system_packages.sh "${missing[@]}"

# "deb URI SUITE main" of the suites that this machine's apt knows: without the security suite, and with it.
sources() {
    apt-get indextargets --format '$(CODENAME) $(REPO_URI) $(COMPONENT)' 'Created-By: Packages' |
        awk -v wanted="$1" '$1 ~ wanted && $3 == "main" { print "deb " $2 " " $1 " main" }' | sort -u
}
plain=$(sources "^$VERSION_CODENAME\$")
all=$(sources "^$VERSION_CODENAME(-security|-updates)?\$")
if [ -z "$plain" ] || [ "$plain" = "$all" ]; then
    echo "apt knows no security updates for $VERSION_CODENAME here: run apt-get update, and see /etc/apt/sources.list." >&2
    exit 1
fi

work=$(mktemp -d)
name=docker.io/library/python-updated:latest
store=(--root "$work/store" --runroot "$work/run" --storage-driver vfs)
trap 'buildah "${store[@]}" rm --all >/dev/null 2>&1 || true; rm -rf "$work"' EXIT
mkdir -p "$(dirname "$file")" "$work/context"
echo "$all" >"$work/updates.list"
# The update's list of sources lies ready in the base, so that there are three layers, as the article draws them.
mmdebstrap --quiet --variant=minbase --mode=root --customize-hook="copy-in $work/updates.list /etc/apt" \
    "$VERSION_CODENAME" "$work/context/base.tar" "$plain"
cat >"$work/context/Dockerfile" <<'EOF'
FROM scratch
ADD base.tar /
CMD ["bash"]
RUN apt-get update && apt-get install -y --no-install-recommends python3-requests
RUN mv /etc/apt/updates.list /etc/apt/sources.list && apt-get update && apt-get upgrade -y
EOF
DEBIAN_FRONTEND=noninteractive buildah "${store[@]}" bud --quiet --layers --isolation chroot --network host --format docker \
    --tag "$name" "$work/context" >/dev/null 2>"$work/said" || { cat "$work/said" >&2; exit 1; }
rm -f "$file"
buildah "${store[@]}" push --quiet "$name" "docker-archive:$file:$name"
echo "$file: $(du -h "$file" | cut -f1)"
