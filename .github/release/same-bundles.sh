#!/bin/sh
# Fails unless dist/ equals a build of the committed source, byte for byte, without missing or extra files.
set -eu
npm run --silent build
changed=$(git status --porcelain)
if [ -n "$changed" ]; then
  printf '%s\n' "$changed"
  git --no-pager diff --text --stat
  echo '::error title=dist/ is not what the source makes::run "npm run build" and commit'
  exit 1
fi
