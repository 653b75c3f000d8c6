#!/bin/sh
# What a release has beside its tag: the bundles, the licences of what is in them, and the list of packages they are made of.
set -eu
out=$1
mkdir -p "$out"
# The same bytes wherever it is made.
tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --create dist | gzip --no-name >"$out/bundles.tar.gz"
node .github/release/licences.ts >"$out/LICENCES.txt"
npm sbom --omit=dev --sbom-format=spdx >"$out/sbom.spdx.json"
