#!/bin/sh
# Commits dist/ to a branch of this repository: commit-bundles.sh BRANCH. Does nothing if dist/ has not changed.
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
# git gets the token from gh, so it is in no command line.
gh auth setup-git
# If the branch has moved meanwhile, the push is refused: run the workflow again.
git push "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY" "HEAD:refs/heads/$branch"
# A push by a workflow starts no other workflow.
gh workflow run ci.yml --ref "$branch"
