#!/bin/sh
# Tags a commit, publishes its release and moves the major version's tag: publish.sh COMMIT VERSION FOLDER
# Every step can be repeated: run it again after an interruption.
set -eu
commit=$1 tag=v$2 major=${2%%.*} folder=$3
repository=$GITHUB_SERVER_URL/$GITHUB_REPOSITORY

# git gets the token from gh, so it is in no command line.
gh auth setup-git
# Without force: an existing tag at another commit is not moved.
git push "$repository" "$commit:refs/tags/$tag"

# The highest release of those whose version begins with $1, this one included; pre-releases are left out.
highest() {
  git ls-remote --tags "$repository" "v$1*" | sed -n 's|.*refs/tags/\(v[0-9]*\.[0-9]*\.[0-9]*\)$|\1|p' | sort -V | tail -n 1
}
# The size and name of each file, as they are here and as the release has them.
here() { for file in "$@"; do echo "$(wc -c <"$file") ${file##*/}"; done | sort; }
there() { gh release view "$tag" --json assets --jq '.assets[] | select(.state == "uploaded") | "\(.size) \(.name)"' | sort; }
set -- "$folder/bundles.tar.gz" "$folder/LICENCES.txt" "$folder/sbom.spdx.json"

gh release view "$tag" >/dev/null 2>&1 ||
  gh release create "$tag" --verify-tag --draft --title "$tag" --notes-file "$folder/notes.md"
if [ "$(gh release view "$tag" --json isDraft --jq .isDraft)" = true ]; then
  # Also for a draft of an interrupted run, whose files may be missing or cut off.
  gh release upload "$tag" --clobber "$@"
  # An immutable release accepts no more files, so they are compared before it is published.
  [ "$(here "$@")" = "$(there)" ] || { echo "::error::the draft of $tag does not have all files: re-run this job"; exit 1; }
  case $tag in
    *-*) gh release edit "$tag" --draft=false --prerelease ;;
    "$(highest '')") gh release edit "$tag" --draft=false --latest=true ;;
    *) gh release edit "$tag" --draft=false --latest=false ;;
  esac
fi
# The major tag is moved last, and has no release, so it stays movable. Neither a pre-release nor a fix for an older minor version moves it.
[ "$tag" != "$(highest "$major.")" ] || git push --force "$repository" "$commit:refs/tags/v$major"
# Deletes the branch that hold.sh pushed.
git push "$repository" --delete "refs/heads/release/$tag" || echo "there is no branch release/$tag any more"
