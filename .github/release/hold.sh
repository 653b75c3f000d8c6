#!/bin/sh
# Holds a commit by a branch while it is validated: hold.sh COMMIT VERSION
# GitHub refuses a tag from a workflow's token when the commit's workflows differ from those of every branch's tip, and main
# may move on meanwhile.
set -eu
gh auth setup-git
git push --force "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY" "$1:refs/heads/release/v$2"
