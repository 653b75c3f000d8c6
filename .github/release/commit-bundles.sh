#!/bin/sh
# Commits dist/ to a branch of this repository: commit-bundles.sh BRANCH. Nothing to do when it is the same.
set -eu
branch=$1
[ "$branch" != main ] || { echo '::error::main takes bundles by pull requests only'; exit 1; }
git add --all dist
if git diff --cached --quiet; then
  echo "the bundles are the same"
  exit 0
fi
git -c user.name='github-actions[bot]' -c user.email='41898282+github-actions[bot]@users.noreply.github.com' \
  commit --quiet --message 'Bundles of the changed dependencies'
# git asks gh for the token, so that no command line holds it.
gh auth setup-git
# The branch may have moved meanwhile: then this is refused, and the workflow is run again.
git push "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY" "HEAD:refs/heads/$branch"
# What a workflow pushes starts no other by itself.
gh workflow run ci.yml --ref "$branch"
