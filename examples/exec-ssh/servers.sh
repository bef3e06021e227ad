#!/bin/sh
# The three commands of the exec driver (docs/guides/exec.md), for servers on machines that ssh reaches. Needs ssh and flock here, and a shell
# and setsid there; no JSON parser anywhere.
#
#   servers.sh list | retire
#   servers.sh launch PROGRAM ARGUMENT...
#
# HOSTS names a file with a line a machine: its name for ssh, the address that its servers are reached at, the first port and how many
# servers it may have. SSH_OPTIONS are words for ssh, such as `-F ssh_config`.
#
# A server is a folder on its machine, .tidegate/INSTALLATION.FLEET/PORT, which comes with its file `tag`: the token, the revision and the
# number of the server in that launch. There is no other record.
set -u
: "${TIDEGATE_INSTALLATION:?}" "${TIDEGATE_FLEET:?}" "${TIDEGATE_FOLDER:?}" "${HOSTS:?}"
command=$1
shift

# One launch or retirement at a time, also when a controller was killed and its command still runs.
if [ "$command" != list ] && [ "${LOCKED:-}" != "$TIDEGATE_FOLDER" ]; then
  export LOCKED="$TIDEGATE_FOLDER"
  exec flock -o "$TIDEGATE_FOLDER/lock" "$0" "$command" "$@"
fi

input=$(cat)

# What runs on a machine.
remote() {
  cat <<'REMOTE'
home="$HOME/.tidegate/$1"
verb=$2
shift 2
mkdir -p "$home" && cd "$home" || exit 1
# PID: when it was started, which with the pid names it for ever; nothing when it is gone.
started() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | awk '$1 != "Z" { print $20 }'; }
# PORT
alive() {
  now=$([ -r "$1/process" ] && read -r pid at <"$1/process" && [ "$(started "$pid")" = "$at" ] && echo "$pid")
  [ -n "$now" ]
}
list() {
  for port in *; do
    [ -r "$port/tag" ] || continue
    phase=launching
    [ -r "$port/process" ] && phase=failed
    alive "$port" && phase=running
    echo "$port $(cat "$port/tag") $phase"
  done
}
# PORT ID TOKEN REVISION NUMBER PROGRAM ARGUMENT...
start() {
  port=$1 id=$2 tag="$3 $4 $5"
  shift 5
  if [ -e "$port" ]; then echo "$port is taken" >&2; exit 1; fi
  rm -rf .new && mkdir .new && echo "$tag" >.new/tag && mv .new "$port" || exit 1
  PORT=$port TIDEGATE_SERVER_ID=$id setsid "$@" </dev/null >"$port/log" 2>&1 &
  echo "$! $(started "$!")" >"$port/process.new"
  mv "$port/process.new" "$port/process"
}
# PORT...
stop() {
  for port; do alive "$port" && kill "$now"; done
  tries=0
  for port; do
    while alive "$port" && [ "$tries" -lt 100 ]; do sleep 0.1; tries=$((tries + 1)); done
    alive "$port" && kill -9 "$now"
    rm -rf "$port"
  done
}
"$verb" "$@"
REMOTE
}

# HOST VERB ARGUMENT...: each word reaches the machine as it is, whatever is in it.
on() {
  host=$1
  shift
  words=
  for word in "$TIDEGATE_INSTALLATION.$TIDEGATE_FLEET" "$@"; do
    words="$words '$(printf %s "$word" | sed "s/'/'\\\\''/g")'"
  done
  # shellcheck disable=SC2086
  remote | ssh -o BatchMode=yes -o ConnectTimeout=5 ${SSH_OPTIONS:-} "$host" "sh -s --$words"
}

hosts() { grep -v '^[[:space:]]*\(#\|$\)' "$HOSTS"; }

# TOKEN NUMBER: the same for the same.
id_of() { echo "$TIDEGATE_FLEET-${1##*.}-$2"; }

# A line a server: HOST ADDRESS PORT TOKEN REVISION NUMBER PHASE. All machines at once; one that does not answer fails the whole list, because
# a list without its servers would make Tidegate launch them once more.
look() {
  found=$(mktemp -d) || return 1
  hosts | {
    while read -r host address _; do
      { on "$host" list </dev/null >"$found/$host" || echo "$host" >>"$found/.failed"; } &
    done
    wait
  }
  if [ -e "$found/.failed" ]; then
    echo "no answer from $(tr '\n' ' ' <"$found/.failed")" >&2
    rm -rf "$found"
    return 1
  fi
  hosts | while read -r host address _; do sed "s/^/$host $address /" "$found/$host"; done
  rm -rf "$found"
}

list() {
  servers=$(look) || exit 75
  comma=
  printf '{"servers":['
  [ -z "$servers" ] || echo "$servers" | while read -r host address port token revision number phase; do
    printf '%s{"id":"%s","token":"%s","revision":"%s","address":"%s:%s","phase":"%s","detail":"on %s"}' \
      "$comma" "$(id_of "$token" "$number")" "$token" "$revision" "$address" "$port" "$phase" "$host"
    comma=,
  done
  printf ']}\n'
}

launch() {
  servers=$(look) || exit 75
  ids=
  number=0
  while [ "$number" -lt "$TIDEGATE_COUNT" ]; do
    id=$(id_of "$TIDEGATE_TOKEN" "$number")
    if ! echo "$servers" | grep -q " $TIDEGATE_TOKEN [^ ]* $number "; then
      place "$id" "$number" "$@" || break
    fi
    ids="$ids${ids:+,}\"$id\""
    number=$((number + 1))
  done
  printf '{"ids":[%s]%s}\n' "$ids" "$([ "$number" -lt "$TIDEGATE_COUNT" ] && echo ',"why":"every place on every machine is taken"')"
}

# ID NUMBER PROGRAM ARGUMENT...: on the machine with the most free places, on its first free port. Fails when there is none.
place() {
  id=$1 number=$2
  shift 2
  best=$(hosts | while read -r host _ first places; do
    taken=$(echo "$servers" | grep -c "^$host ")
    echo "$((places - taken)) $host $first $places"
  done | sort -rn | head -n 1)
  read -r free host first places <<BEST
$best
BEST
  [ "${free:-0}" -gt 0 ] || return 1
  port=$first
  while echo "$servers" | grep -q "^$host [^ ]* $port "; do port=$((port + 1)); done
  # Whether it began is not known when the connection breaks: the same token asks again.
  on "$host" start "$port" "$id" "$TIDEGATE_TOKEN" "$TIDEGATE_REVISION" "$number" "$@" || exit 75
  servers="$servers
$host - $port $TIDEGATE_TOKEN $TIDEGATE_REVISION $number launching"
}

# Each machine stops its own, all at the same time.
retire() {
  servers=$(look) || exit 75
  ids=$(echo "$input" | sed 's/.*"ids":\[\([^]]*\)\].*/\1/; s/[",]/ /g')
  stopping=
  for machine in $(hosts | cut -d' ' -f1); do
    ports=$(echo "$servers" | while read -r host _ port token _ number _; do
      case "$machine $ids " in
        "$host "*" $(id_of "$token" "$number") "*) echo "$port" ;;
      esac
    done)
    # shellcheck disable=SC2086
    [ -z "$ports" ] || { on "$machine" stop $ports & stopping="$stopping $!"; }
  done
  failed=0
  for job in $stopping; do wait "$job" || failed=75; done
  exit "$failed"
}

"$command" "$@"
