# Sourced by serve and test: makes .venv with the project in it, and puts it first on the PATH.
# shellcheck shell=bash

stop() {
    echo "$(basename "$0"): $1" >&2
    exit 2
}

# Prints the first Python that is new enough and can make an environment.
find_python() {
    local candidate found=
    for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
        "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
        found=$candidate
        "$candidate" -c 'import ensurepip, venv' 2>/dev/null || continue
        command -v "$candidate"
        return
    done
    [ -z "$found" ] || stop "$found has no venv; install it (Debian, Ubuntu: apt install python3-venv) and try again."
    stop "no Python 3.11 or newer on the PATH; install one and try again."
}

# What an installation depends on: a change here makes a new one.
fingerprint() {
    pwd
    cat pyproject.toml constraints.txt scripts/environment.sh explorer/*.*
}

# Usage: prepare NAME PIP-ARGUMENTS…, in the project's folder; does nothing where nothing changed.
prepare() {
    local stamp=.venv/installed-$1 python
    shift
    if ! .venv/bin/python -c '' 2>/dev/null || ! [ -x .venv/bin/pip ]; then
        python=$(find_python)
        echo "Making .venv with $python …"
        "$python" -m venv --clear .venv
    fi
    PATH="$PWD/.venv/bin:$PATH"
    export PATH PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_BUILD_CONSTRAINT="$PWD/constraints.txt"
    if ! fingerprint | cmp --silent - "$stamp"; then
        echo "Installing …"
        python -m pip install --quiet --constraint constraints.txt --upgrade pip
        python -m pip install --quiet --constraint constraints.txt --editable '.[tables]' "$@" ||
            stop "the installation failed; the lines above say why."
        fingerprint >"$stamp"
    fi
    [ -f api/kizuna/http/static/graphiql/main.js ] || say_what_lacks
}

say_what_lacks() {
    echo "GraphiQL could not be built, so /graphql shows a simple page. It takes Node 20.19 or newer with"
    echo "npm, and a registry that npm reaches: 'npm ci && npm run build' in explorer/ says what is wrong."
}
