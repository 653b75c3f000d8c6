#!/bin/sh
# Keeps a branch at a commit while it is validated: hold.sh COMMIT VERSION
# GitHub refuses a tag from a workflow's token if the commit's workflows differ from those of every branch's tip, and main
# may change meanwhile.
set -eu
gh auth setup-git
git push --force "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY" "$1:refs/heads/release/v$2"
