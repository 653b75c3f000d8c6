#!/bin/sh
# Tags a commit, publishes its release and moves the major version's tag: publish.sh COMMIT VERSION FOLDER
# Every step can be repeated: run it again after an interruption.
set -eu
commit=$1 tag=v$2 folder=$3
repository=$GITHUB_SERVER_URL/$GITHUB_REPOSITORY
case $tag in
  *-*) kind=--prerelease ;;
  *) kind=--latest ;;
esac

# git gets the token from gh, so it is in no command line.
gh auth setup-git
# Without force: an existing tag at another commit is not moved.
git push "$repository" "$commit:refs/tags/$tag"
# All files are uploaded before publishing: an immutable release accepts no more files.
gh release view "$tag" >/dev/null 2>&1 ||
  gh release create "$tag" --verify-tag --draft --title "$tag" --notes-file "$folder/notes.md" \
    "$folder/bundles.tar.gz" "$folder/LICENCES.txt" "$folder/sbom.spdx.json"
gh release edit "$tag" --draft=false "$kind"
# The major tag is moved last, and has no release, so it stays movable. A pre-release does not move it.
[ "$kind" = --prerelease ] || git push --force "$repository" "$commit:refs/tags/${tag%%.*}"
# Deletes the branch that hold.sh pushed.
git push "$repository" --delete "refs/heads/release/$tag" || echo "there is no branch release/$tag any more"
