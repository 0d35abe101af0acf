#!/usr/bin/env bash
# Installs what the tests need beside npm's packages and is missing: a Python with NumPy, the tests' oracle, Chromium, in
# which the bundled library is tried, and OpenBLAS, which the native engine calls; with --long also Firefox, which only
# `npm run test:long` needs.
set -euo pipefail

long=""
case "${1:-}" in
  "") ;;
  --long) long=1 ;;
  *)
    printf 'setup: there is no option %s; there is --long\n' "$1"
    exit 2
    ;;
esac

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

chromium() {
  local candidate
  for candidate in "${STREETLIGHT_CHROMIUM:-}" /usr/bin/chromium /usr/bin/chromium-browser; do
    if [ -n "$candidate" ] && [ -x "$candidate" ]; then
      printf '%s' "$candidate"
      return 0
    fi
  done
  return 1
}

firefox() {
  local candidate
  for candidate in "${STREETLIGHT_FIREFOX:-}" /usr/bin/firefox-esr /usr/bin/firefox; do
    if [ -n "$candidate" ] && [ -x "$candidate" ]; then
      printf '%s' "$candidate"
      return 0
    fi
  done
  return 1
}

openblas() {
  local candidate
  for candidate in "${STREETLIGHT_BLAS:-}" /usr/lib/*/openblas-pthread/libopenblas.so.0 /usr/lib/*/libopenblas.so.0; do
    if [ -n "$candidate" ] && [ -e "$candidate" ]; then
      printf '%s' "$candidate"
      return 0
    fi
  done
  # macOS has a library of its own.
  if [ -d /System/Library/Frameworks/Accelerate.framework ]; then
    printf 'Accelerate'
    return 0
  fi
  return 1
}

missing=()
why=""
if ! python_with_numpy >/dev/null; then
  missing+=(python3 python3-numpy)
  why="no Python with NumPy was found (STREETLIGHT_PYTHON may name one)"
fi
if ! chromium >/dev/null; then
  missing+=(chromium)
  why="${why:+$why; }no Chromium was found (STREETLIGHT_CHROMIUM may name one)"
fi
if ! openblas >/dev/null; then
  missing+=(libopenblas0-pthread)
  why="${why:+$why; }no OpenBLAS was found (STREETLIGHT_BLAS may name one)"
fi
if [ -n "$long" ] && ! firefox >/dev/null; then
  missing+=(firefox-esr)
  why="${why:+$why; }no Firefox was found (STREETLIGHT_FIREFOX may name one)"
fi

if [ "${#missing[@]}" -gt 0 ]; then
  if ! command -v apt-get >/dev/null 2>&1; then
    say "$why, and there is no apt-get: install ${missing[*]} by hand"
    exit 4
  fi
  root=()
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null 2>&1; then
      say "$why: as root, run apt-get install ${missing[*]}"
      exit 4
    fi
    root=(sudo)
  fi
  say "$why: installing ${missing[*]} with apt-get"
  "${root[@]}" apt-get update -qq
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

found=$(python_with_numpy) || { say "python3-numpy is installed, but no Python imports numpy: name one in STREETLIGHT_PYTHON"; exit 4; }
say "oracle: $("$found" -c 'import sys, numpy; print(f"{sys.executable}, Python {sys.version.split()[0]}, NumPy {numpy.__version__}")')"
browser=$(chromium) || { say "chromium is installed, but not where it is looked for: name it in STREETLIGHT_CHROMIUM"; exit 4; }
say "browser: $browser"
blas=$(openblas) || { say "libopenblas0-pthread is installed, but not where it is looked for: name it in STREETLIGHT_BLAS"; exit 4; }
say "BLAS: $blas"
if [ -n "$long" ]; then
  other=$(firefox) || { say "firefox-esr is installed, but not where it is looked for: name it in STREETLIGHT_FIREFOX"; exit 4; }
  say "browser of the long form: $other"
fi
