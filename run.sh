#!/usr/bin/env bash
# shellcheck source=scripts/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/scripts/common.sh"
# shellcheck source=scripts/node.sh
. "$root/scripts/node.sh"
# shellcheck source=scripts/toml.sh
. "$root/scripts/toml.sh"

usage() {
    cat <<'END'
./run.sh [--port N] [--data DIR] [--demo] [--config FILE] [--no-broker]

Installs what is missing, builds Gatefold and runs it in the foreground. Ctrl-C stops all it started.

  --port N       the page's port (default 8080)
  --data DIR     the data folder (default ./var)
  --demo         fills an empty data folder with a small collection and a small offline catalogue
  --config FILE  use this gatefold.toml; --port and --data win over what it says
  --no-broker    start no MQTT broker, even when none is configured or running
END
}

port='' data='' config='' demo=no broker=yes
while [ $# -gt 0 ]; do
    case $1 in
    --port | --data | --config)
        [ $# -ge 2 ] || usage_error "$1 needs a value; see ./run.sh --help"
        declare "${1#--}=$2"
        shift
        ;;
    --demo) demo=yes ;;
    --no-broker) broker=no ;;
    -h | --help) usage && exit 0 ;;
    *) usage_error "unknown option $1; see ./run.sh --help" ;;
    esac
    shift
done
[[ $port =~ ^[0-9]{0,5}$ && ${port:-1} -ge 1 && ${port:-1} -le 65535 ]] || usage_error "--port needs a number from 1 to 65535"
[ -z "$config" ] || [ -r "$config" ] || usage_error "cannot read $config"

prepare() {
    "$root/scripts/install.sh" build runtime || exit 1
    build_page || fail "the page could not be built"
    headline "Building Gatefold"
    configure_and_build run gatefoldd gatefold gatefold-vision || fail "the build failed"
}

marker='# Written by ./run.sh at each start. Remove this line to keep your own changes.'

# Sets `config` to a file that says what the options say, and `data` to the store's folder.
choose_configuration() {
    if [ -z "$config" ]; then
        data=$(realpath -m "${data:-$root/var}")
        mkdir -p "$data" || fail "cannot make the data folder $data"
        config="$data/gatefold.toml"
        if [ ! -e "$config" ] || grep -qxF "$marker" "$config"; then
            printf '%s\n[http]\nport = %s\n[store]\npath = "%s"\n' "$marker" "${port:-8080}" "$data" >"$config" ||
                fail "cannot write $config"
            return
        fi
    fi
    config=$(realpath "$config")
    if [ -n "$port$data" ]; then
        cp "$config" "$config.run" && config="$config.run" || fail "cannot write beside $config"
        trap 'rm -f "$config"' EXIT
        [ -z "$port" ] || toml_set "$config" http port "$port"
        [ -z "$data" ] || toml_set "$config" store path "\"$(realpath -m "$data")\""
    fi
    data=$(toml_get "$config" store path)
    data=$(cd "$(dirname "$config")" && realpath -m "${data:-/var/lib/gatefold}")
}

listens() { (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null; }

# Starts a broker on loopback unless one is configured, running, or not wanted. In a session of its own, so that Ctrl-C
# reaches the daemon first and it can say good-bye.
start_broker() {
    local host broker_port
    host=$(toml_get "$config" mqtt host)
    broker_port=$(toml_get "$config" mqtt port)
    broker_address="${host:-127.0.0.1}:${broker_port:-1883}"
    [ "$(toml_get "$config" mqtt enabled)" = false ] && broker_address="none (mqtt.enabled = false)" && return
    [ -z "$host$broker_port" ] && ! listens 127.0.0.1 1883 || return 0
    [ "$broker" = yes ] || { broker_address="none (--no-broker); Gatefold keeps its messages and looks at 127.0.0.1:1883 again and again" && return; }
    printf 'listener 1883 127.0.0.1\nallow_anonymous true\npersistence false\nlog_type error\nlog_type warning\n' >"$cache/mosquitto.conf"
    PATH="$PATH:/usr/sbin" setsid setpriv --pdeathsig TERM mosquitto -c "$cache/mosquitto.conf" &
    broker_pid=$!
}

page_port() { toml_get "$config" http port | grep . || echo 8080; }
home_address() { ip -4 route get 1.1.1.1 2>/dev/null | sed -n 's/.* src \([0-9.]*\).*/\1/p' | head -1; }
gatefold() { "$root/build/run/bin/gatefold" --config "$config" "$@"; }

wait_until_ready() {
    local _
    for _ in $(seq 300); do
        curl -fso /dev/null "http://127.0.0.1:$(page_port)/healthz" && return 0
        kill -0 "$daemon_pid" 2>/dev/null || return 1
        sleep 0.1
    done
    return 1
}

announce() {
    local address
    address=$(home_address)
    headline "Gatefold is running"
    echo "    page    http://localhost:$(page_port)${address:+   http://$address:$(page_port)}"
    echo "    broker  $broker_address"
    echo "    data    $data"
    sed -n "s/^Setup code: */    setup   $bold/p" "$cache/gatefoldd.out" | sed "s/\$/$plain  (asked for by the page, within an hour)/"
    echo "    Ctrl-C stops it."
}

stop() {
    trap '' INT TERM
    kill -TERM "$daemon_pid" 2>/dev/null
}

choose_configuration
prepare
first_run=$(compgen -G "$data/*.db" >/dev/null && echo no || echo yes)
[ "$first_run" = yes ] || demo=no
if [ "$demo" = yes ]; then
    # shellcheck source=scripts/demo.sh
    . "$root/scripts/demo.sh"
    fill_demo_catalogue
fi
start_broker
"$root/build/run/sbin/gatefoldd" --config "$config" > >(tee "$cache/gatefoldd.out") &
daemon_pid=$!
trap stop INT TERM
if wait_until_ready; then
    [ "$demo" = no ] || fill_demo
    announce
fi
# `wait` returns early for a trapped signal; the second one is for the daemon's end.
wait "$daemon_pid"
status=$?
while kill -0 "$daemon_pid" 2>/dev/null; do
    wait "$daemon_pid"
    status=$?
done
if [ -n "${broker_pid:-}" ]; then
    kill "$broker_pid" 2>/dev/null
    wait "$broker_pid"
fi
exit "$status"
