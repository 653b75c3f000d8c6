#!/bin/sh
# The files of a release: the bundles, the licences of their packages, and the list of these packages (SBOM).
set -eu
out=$1
mkdir -p "$out"
# The archive has the same bytes on every machine.
tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --create dist | gzip --no-name >"$out/bundles.tar.gz"
node .github/release/licences.ts >"$out/LICENCES.txt"
# Without the development packages and the lab from the start: `npm sbom --omit=dev` also omits what these share with the product.
product=$(mktemp -d)
trap 'rm -rf "$product"' EXIT
cp package.json package-lock.json "$product"
list=$(cd "$product" && npm pkg delete devDependencies workspaces && npm install --package-lock-only --ignore-scripts --no-audit --no-fund >/dev/null && npm sbom --package-lock-only --sbom-format=spdx)
printf '%s\n' "$list" >"$out/sbom.spdx.json"
