# shellcheck shell=dash
# Starts an etcd with etcd.db in this directory and an API server with it, and prints what the API server reads. It runs in its own network, in which
# only its own programs are. The API server writes to that etcd as each one does at its start, so all is read at the snapshot's own revision.
#
# Set by the caller: BIN, ETCD (the URL for its clients), REVISION (of the snapshot), PREFIX (of Kubernetes' keys), KINDS (plural names of the kinds that etcd has), and the
# functions `server` (becomes kube-apiserver with its flags) and `api` (kubectl with it).

# What the backup is to blame for. All other ends without the line `complete` are not.
fail() {
  say fails "$1: $(tail -c 1200 "$2" | tr -d '\r' | tr '\n' ' ')"
  exit 1
}

unasked() {
  say unasked "$1"
  exit 1
}

say() {
  printf '%s ' "$1"
  printf '%s' "$2" | tr -d '\n'
  echo
}

data() {
  "$BIN/etcdctl" --endpoints="$ETCD" --command-timeout=60s "$@"
}

# ended PID NAME: whether it has ended; that it was killed is the host's fault.
ended() {
  ! kill -0 "$1" 2>/dev/null || return 1
  wait "$1"
  [ $? -ne 137 ] || unasked "$2 was killed, as the kernel does when memory is short"
}

start_etcd() {
  "$BIN/etcdutl" snapshot restore etcd.db --data-dir=data >restore.log 2>&1 || fail 'etcdutl does not restore the snapshot' restore.log
  rm -f etcd.db
  # Its data is thrown away, so it need not be safe from a power cut.
  "$BIN/etcd" --data-dir=data --unsafe-no-fsync --quota-backend-bytes=-1 --listen-client-urls="$ETCD" --advertise-client-urls="$ETCD" \
    --listen-peer-urls=unix://peer.sock:0 >etcd.log 2>&1 &
  etcd=$!
  until data get --limit=1 --keys-only "$PREFIX/" >/dev/null 2>&1; do
    ! ended "$etcd" etcd || fail 'etcd does not start with the snapshot' etcd.log
    sleep 0.2
  done
  # An alarm is in the snapshot too, and with NOSPACE the API server could not start.
  data alarm disarm >/dev/null
}

start_server() {
  server >server.log 2>&1 &
  server=$!
  tries=0
  # One informer lists Secrets. Whether they can be read is asked below, where the answer has the reason.
  until api get --raw='/readyz?exclude=informer-sync' >ready.log 2>&1; do
    ! ended "$server" 'the API server' || fail 'the API server does not start with the backup' server.log
    tries=$((tries + 1))
    [ "$tries" -lt 600 ] || unasked "the API server was not ready within its time: $(tail -c 300 ready.log)"
    sleep 0.3
  done
}

# The metadata of a list in `answer`. Lists of our kinds begin with it, those of custom resources end with it.
list_metadata() {
  sed -e '/^{"kind"/{s/"items":.*//;b' -e '}' -e 's/.*"metadata":{//' answer
}

next_page() {
  list_metadata | sed -n 's/.*"continue":"\([A-Za-z0-9_=-]*\)".*/\1/p'
}

# count API-VERSION NAME: prints how many objects the API server reads. It decrypts and decodes each of them for its page of the list, and does not
# answer if it can't.
count() {
  case $1 in */*) list=/apis/$1/$2 ;; *) list=/api/$1/$2 ;; esac
  api get --raw="$list?resourceVersion=$REVISION&resourceVersionMatch=Exact&limit=1" >answer 2>error || {
    say unread "$1 $2 $(tail -c 600 error | tr '\n' ' ')"
    return
  }
  remaining=$(list_metadata | sed -n 's/.*"remainingItemCount":\([0-9]*\).*/\1/p')
  number=1
  ! grep -Eq '"items":(\[\]|null)' answer || number=0
  number=$((number + ${remaining:-0}))
  page=$(next_page)
  while [ -n "$page" ]; do
    api get --raw="$list?limit=500&continue=$page" >answer 2>error || {
      say unread "$1 $2 $(tail -c 600 error | tr '\n' ' ')"
      return
    }
    page=$(next_page)
  done
  say read "$1 $2 $number"
}

count_kinds() {
  # APIs of other servers are not here, and make it fail after it has printed the rest.
  api api-resources --verbs=list --no-headers >resources 2>resources.log
  [ -s resources ] || fail 'the API server names no kinds' resources.log
  awk '{ print $(NF - 2), $1 }' resources | sort -u >kinds
  while read -r version name; do
    case " $KINDS " in *" $name "*) count "$version" "$name" </dev/null ;; esac
  done <kinds
}

# The namespace that each cluster has.
say_namespace() {
  say namespace "$(api get namespace kube-system --output='jsonpath={.metadata.uid}' 2>error)"
}

# A Secret, as etcd has it and as the API server reads it. What it contains is never printed.
say_secret() {
  key=$(data get "$PREFIX/secrets/" --prefix --keys-only --limit=1 | head -n 1)
  [ -n "$key" ] || return
  key=${key#"$PREFIX/secrets/"}
  stored=$(data get "$PREFIX/secrets/$key" --print-value-only | head -c 100 | tr -c 'a-zA-Z0-9:._-' ' ' | sed -n 's/^\(k8s:enc:[^ ]*:\).*/\1/p')
  say secret "${stored:-plain} $(api get --raw="/api/v1/namespaces/${key%%/*}/secrets/${key#*/}" 2>error | grep -c '"uid":"')"
}

# The object that was written last: each node and each leader renews a Lease every few seconds.
find_newest() {
  data get "$PREFIX/leases/" --prefix --sort-by=MODIFY --order=DESCEND --limit=1 --write-out=json --keys-only |
    sed -n 's/.*"key":"\([^"]*\)".*"mod_revision":\([0-9]*\).*/\1 \2/p' >newest
  read -r newest_key newest_revision <newest || return
  newest_key=$(printf '%s' "$newest_key" | base64 -d)
}

say_newest() {
  [ -n "$newest_revision" ] || return
  lease=${newest_key#"$PREFIX/leases/"}
  list="/apis/coordination.k8s.io/v1/namespaces/${lease%%/*}/leases?fieldSelector=metadata.name%3D${lease#*/}"
  api get --raw="$list&resourceVersion=$REVISION&resourceVersionMatch=Exact" >answer 2>error
  say newest "$newest_revision $(sed -n 's/.*"items":.*"resourceVersion":"\([0-9]*\)".*/\1/p' answer)"
}

# Its loopback address is no other program's.
[ "$(readlink /proc/self/ns/net)" != "$(readlink /proc/1/ns/net)" ] || unasked 'systemd gives the API server no network of its own'
start_etcd
find_newest
start_server
count_kinds
say_namespace
say_secret
say_newest
say memory "$(awk '/^VmHWM/ { print $2 }' "/proc/$server/status")"
kill "$server" "$etcd"
echo complete
