# shellcheck shell=dash
# Restores etcd.db in this directory, starts an etcd with it, and prints what it has. Arguments: the directory of the binaries, the snapshot's
# revision, the prefix of Kubernetes' keys.

BIN=$1 REVISION=$2 PREFIX=$3

fail() {
  echo "$1: $(tail -c 600 "$2")" >&2
  exit 1
}

say() {
  printf '%s ' "$1"
  printf '%s' "$2" | tr -d '\n'
  echo
}

ask() {
  "$BIN/etcdctl" --endpoints=unix://client.sock:0 --command-timeout=300s "$@"
}

scratch_start() {
  "$BIN/etcdutl" snapshot restore etcd.db --data-dir=scratch >restore.log 2>&1 || fail 'etcdutl does not restore it' restore.log
  "$BIN/etcd" --data-dir=scratch --listen-client-urls=unix://client.sock:0 --advertise-client-urls=http://127.0.0.1:1 \
    --listen-peer-urls=unix://peer.sock:0 >etcd.log 2>&1 &
  scratch_etcd=$!
  until ask get --limit=1 --keys-only "$PREFIX/" >/dev/null 2>&1; do
    kill -0 "$scratch_etcd" 2>/dev/null || fail 'etcd does not start with it' etcd.log
    sleep 0.2
  done
}

# Prints `kind PREFIX` for each kind of object, and adds a question for its keys to `ops`. One jump from kind to kind, so that it takes
# as long for a million objects as for one. "0" follows "/" in the order of keys.
scratch_kinds() {
  from=$PREFIX/
  while key=$(ask get "$from" --from-key --keys-only --limit=1 | head -n 1) && [ -n "$key" ]; do
    rest=${key#"$PREFIX"/}
    [ "$rest" != "$key" ] || break
    kind=${rest%%/*}
    case $kind in *.* | services) rest=${rest#*/} kind=$kind/${rest%%/*} ;; esac
    name=$PREFIX/$kind/ option=--prefix from=$PREFIX/${kind}0
    case $key in "$name"*) ;; *) name=$key option='' from=$key/ ;; esac
    case $name in *[!A-Za-z0-9._:/@-]*) continue ;; esac
    echo "kind $name"
    echo "get \"$name\" $option --count-only --rev=$REVISION" >>ops
  done
}

# The numbers of keys, a hundred kinds in one request: etcd takes 128 operations. Only an index is read for them.
scratch_counts() {
  split -l 100 ops ops.
  for ops in ops.*; do
    { echo && cat "$ops" && echo && echo; } >"txn.${ops#ops.}"
    say scratch-counts "$(ask --write-out=json txn <"txn.${ops#ops.}")"
  done
}

scratch_canaries() {
  say namespace "$(ask get --count-only --write-out=fields "$PREFIX/namespaces/kube-system" | sed -n 's/^"Count" : //p')"
  say encrypted "$(ask get --prefix --limit=1 --print-value-only "$PREFIX/secrets/" | head -c 8 | tr -cd 'a-z0-9:')"
}

# The keys of all kinds together come first.
echo "kind $PREFIX/"
echo "get \"$PREFIX/\" --prefix --count-only --rev=$REVISION" >ops
scratch_start
say scratch-hash "$(ask --write-out=json endpoint hashkv --rev="$REVISION")"
scratch_kinds
scratch_counts
scratch_canaries
kill "$scratch_etcd"
wait
