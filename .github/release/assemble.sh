#!/bin/sh
# The files of a release: the bundles, the licences of their packages, and the list of these packages (SBOM).
set -eu
out=$1
mkdir -p "$out"
# The archive has the same bytes on every machine.
tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --create dist | gzip --no-name >"$out/bundles.tar.gz"
node .github/release/licences.ts >"$out/LICENCES.txt"
npm sbom --omit=dev --sbom-format=spdx >"$out/sbom.spdx.json"
