#!/usr/bin/env bash
# Installs what the tests need beside npm's packages and is missing: a Python with NumPy, the tests' oracle.
set -euo pipefail

say() { printf 'setup: %s\n' "$*"; }

has_numpy() { "$1" -c 'import numpy' >/dev/null 2>&1; }

python_with_numpy() {
  local candidate
  for candidate in "${STREETLIGHT_PYTHON:-}" python3 /usr/bin/python3 python; do
    if [ -n "$candidate" ] && has_numpy "$candidate"; then
      printf '%s' "$candidate"
      return 0
    fi
  done
  return 1
}

if ! python_with_numpy >/dev/null; then
  if ! command -v apt-get >/dev/null 2>&1; then
    say "no Python with NumPy was found, and there is no apt-get: install both, or name one in STREETLIGHT_PYTHON"
    exit 4
  fi
  root=()
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null 2>&1; then
      say "no Python with NumPy was found: as root, run apt-get install python3 python3-numpy"
      exit 4
    fi
    root=(sudo)
  fi
  say "installing python3 and python3-numpy, the tests' oracle"
  "${root[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -y -qq --no-install-recommends python3 python3-numpy >/dev/null
fi

found=$(python_with_numpy) || { say "python3-numpy is installed, but no Python imports numpy: name one in STREETLIGHT_PYTHON"; exit 4; }
say "oracle: $("$found" -c 'import sys, numpy; print(f"{sys.executable}, Python {sys.version.split()[0]}, NumPy {numpy.__version__}")')"
