#!/bin/sh
# Tags a commit, publishes its release and moves the major version's tag: publish.sh COMMIT VERSION FOLDER
# Every step can be done again: a run that was cut off is run again.
set -eu
commit=$1 tag=v$2 folder=$3
repository=$GITHUB_SERVER_URL/$GITHUB_REPOSITORY
case $tag in
  *-*) kind=--prerelease ;;
  *) kind=--latest ;;
esac

# git asks gh for the token, so that no command line holds it.
gh auth setup-git
# Without force: a tag that stands at another commit is not moved.
git push "$repository" "$commit:refs/tags/$tag"
# Whole before it is published: an immutable release takes no file afterwards.
gh release view "$tag" >/dev/null 2>&1 ||
  gh release create "$tag" --verify-tag --draft --title "$tag" --notes-file "$folder/notes.md" \
    "$folder/bundles.tar.gz" "$folder/LICENCES.txt" "$folder/sbom.spdx.json"
gh release edit "$tag" --draft=false "$kind"
# Last, and without a release, so that it can move; a pre-release leaves it where it is.
[ "$kind" = --prerelease ] || git push --force "$repository" "$commit:refs/tags/${tag%%.*}"
# What hold.sh has pushed.
git push "$repository" --delete "refs/heads/release/$tag" || echo "there is no branch release/$tag any more"
