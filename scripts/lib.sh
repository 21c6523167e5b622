# SPDX-License-Identifier: EUPL-1.2
# Shared by scripts/run and scripts/test: what must be installed, and the
# build. To be sourced; needs $top, the project, and $me, the name in front
# of messages.

case ${BUILD:-build} in
    /*) build=$BUILD ;;
    *) build=$top/${BUILD:-build} ;;
esac

# To build and to run.
run_packages='gcc libc6-dev make nginx nginx-dev liblmdb-dev libjansson-dev
    libcsv-dev libjwt-dev libssl-dev libmicrohttpd-dev libcurl4-openssl-dev
    zlib1g-dev curl perl util-linux'

# To test, besides.
test_packages='libcrypt-jwt-perl wrk nghttp2-client openssl procps chromium
    fonts-dejavu-core xz-utils'

# For make check-long, besides.
long_packages='valgrind'

# For npm, where there is none: another than Debian's is as good.
node_packages='nodejs npm'

say() {
    printf '%s: %s\n' "$me" "$*" >&2
}

die() {
    say "$@"
    exit 1
}

# Prints those of the packages that are not installed.
missing_packages() {
    for package in "$@"; do
        state=$(dpkg-query -W -f='${db:Status-Status}' "$package" \
            2>/dev/null) || state=
        [ "$state" = installed ] || printf '%s ' "$package"
    done
}

# Installs what is missing; quick when nothing is.
need_packages() {
    command -v dpkg-query >/dev/null \
        || die 'this needs Debian 12 (there is no dpkg-query here)'
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" -ne 0 ]; then
        say 'some packages are missing, and only root can install them:'
        printf '\n    sudo apt-get update && sudo apt-get install -y' >&2
        printf ' --no-install-recommends %s\n\n' "$missing" >&2
        exit 1
    fi
    say "installing: $missing"
    apt-get update -qq || die 'apt-get update failed'
    # Offline for systemctl: the package's own nginx is not to be started on
    # port 80 by this.
    # shellcheck disable=SC2086
    SYSTEMD_OFFLINE=1 DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends $missing >/dev/null \
        || die "apt-get install failed: $missing"
}

# Programs and module, in $build; and the targets named.
need_build() {
    log=$(mktemp)
    make -C "$top" BUILD="$build" -q build "$@" >/dev/null 2>&1 \
        || say 'building: the first time takes minutes'
    if ! make -C "$top" BUILD="$build" -j"$(nproc)" build "$@" \
        >"$log" 2>&1; then
        tail -40 "$log" >&2
        rm -f "$log"
        die 'the build failed'
    fi
    rm -f "$log"
}
