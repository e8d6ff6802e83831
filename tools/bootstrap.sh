#!/bin/sh
# Makes .venv and installs the pinned packages: tools/bootstrap.sh runtime|dev
# Needs nothing but a POSIX shell and a Python; says what is missing and how to get it. Does nothing when the
# environment already holds what the pins ask for, and starts again cleanly after a failure.
set -eu

set_name=${1:?usage: tools/bootstrap.sh runtime|dev}
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root"
# Two makes at once would install over each other: the second waits for the first.
if [ -z "${PLANWISE_BOOTSTRAP:-}" ] && command -v flock >/dev/null 2>&1; then
    PLANWISE_BOOTSTRAP=1 exec flock "$root/tools" "$root/tools/bootstrap.sh" "$@"
fi
venv=.venv
pins=requirements/$set_name.txt
stamp=$venv/installed-$set_name
log=$venv/pip.log

say() { printf '%s\n' "planwise: $*"; }
fail() {
    printf '%s\n' "planwise: $1" >&2
    shift
    for line in "$@"; do printf '%s\n' "          $line" >&2; done
    exit 1
}

# What an installation depends on: the pins, the project's own metadata and where it stands.
fingerprint() { { cat "$pins" pyproject.toml && pwd; } | cksum; }

# A command may exist and still not run (a shim of a version manager), so each is tried.
version_of() { "$1" -c 'import sys; print(sys.version_info[0] * 100 + sys.version_info[1])' 2>/dev/null || echo 0; }
has_venv() { "$1" -c 'import ensurepip, venv' 2>/dev/null; }

# Prints the first Python from version $1 to $2 (311 is 3.11) that passes the test named $3.
python_between() {
    for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        version=$(version_of "$candidate")
        if [ "$version" -ge "$1" ] && [ "$version" -le "$2" ] && "$3" "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    return 1
}

# First one that is ready to use, then one that only lacks venv, then one newer than the pins were made for.
find_python() {
    python_between 311 314 has_venv || python_between 311 314 true || python_between 311 399 true
}
found_pythons() {
    for candidate in ${PYTHON:-python3}; do "$candidate" --version 2>/dev/null || echo "no $candidate"; done
}

give_venv_to() {
    has_venv "$1" && return
    package=$("$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        say "installing $package, which $1 needs to make an environment"
        apt-get update -qq >/dev/null 2>&1 || say "apt-get update failed; trying with the lists that are there"
        DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$package" >/dev/null || true
        has_venv "$1" && return
    fi
    fail "$1 cannot make a virtual environment: its venv and ensurepip modules are missing." \
        "On Debian and Ubuntu: apt install $package   (or python3-venv)   and then run make again."
}

# An environment that was moved or copied, or whose Python is gone, is made anew: its scripts name the old place.
venv_is_sound() {
    [ "$(cat $venv/place 2>/dev/null)" = "$root" ] && [ "$(version_of $venv/bin/python)" -ge 311 ] \
        && $venv/bin/python -m pip --version >/dev/null 2>&1
}
make_venv() {
    if venv_is_sound; then return; fi
    python=$(find_python) || fail "needs Python 3.11 or later, and found $(found_pythons)." \
        "Install one (Debian 12, Ubuntu 24.04 and later: apt install python3 python3-venv)," \
        "or name one that is not on the PATH: make PYTHON=/path/to/python3.12"
    give_venv_to "$python"
    say "making $venv with $("$python" --version 2>&1) ($(command -v "$python"))"
    rm -rf $venv
    "$python" -m venv $venv || fail "$python could not make $root/$venv (disk full, or no right to write here?)"
    echo "$root" >$venv/place
}

pip_install() {
    if [ -t 1 ]; then loudness=; else loudness="--quiet --progress-bar off"; fi
    # shellcheck disable=SC2086  # loudness is none, or several arguments
    PIP_DISABLE_PIP_VERSION_CHECK=1 $venv/bin/python -m pip install $loudness --log $log "$@" || explain_pip
}
explain_pip() {
    if grep -qiE 'do not match the hashes' $log; then
        fail "a package is not the one that $pins pins: its hash differs. Nothing of it was installed." \
            "The package index or the cache between served another file; see $root/$log"
    elif grep -qE 'Max retries|Retrying|Connection|[Tt]imed out|Could not fetch|ProxyError|SSLError|No matching' $log; then
        fail "pip could not get the packages from its package index." \
            "Check the network (and the version of Python: the pins serve 3.11 to 3.14)." \
            "Behind a mirror or a proxy set PIP_INDEX_URL, PIP_PROXY or PIP_CERT, or pip.conf." \
            "Then run make again: what was downloaded is kept. Details: $root/$log"
    fi
    fail "pip could not install the packages; see above and $root/$log. Run make again when that is solved."
}

if [ "$(cat $stamp 2>/dev/null)" = "$(fingerprint)" ] && $venv/bin/python -c '' 2>/dev/null; then
    exit 0
fi
make_venv
rm -f $venv/installed-* $log
say "installing $(grep -c '^[A-Za-z]' "$pins") pinned packages ($set_name); the first time takes a few minutes"
pip_install --require-hashes --requirement "$pins"
pip_install --no-build-isolation --no-deps --editable .
# The development set holds the runtime set.
for done_set in runtime "$set_name"; do
    (pins=requirements/$done_set.txt && fingerprint >"$venv/installed-$done_set")
done
rm -f $log
say "installed in $root/$venv"
