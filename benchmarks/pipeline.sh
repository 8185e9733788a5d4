#!/bin/sh
# The whole pipeline (schedule, probe, judge, store) of `sonde run` against the same libcurl probes in plain C at the
# same pace, and, where it is installed, against monit: CPU microseconds per HTTP probe.
# Usage: benchmarks/pipeline.sh [CHECKS] [SECONDS] [ROUNDS]: CHECKS with a period of one second, so CHECKS probes a second.
# Probes are counted by the target, not by whoever claims to have sent them.
set -eu
cd "$(dirname "$0")/.."
checks=${1:-1000} seconds=${2:-20} rounds=${3:-3}
swift build -c release --static-swift-stdlib --product sonde 2>&1 | tail -1
sonde=$PWD/.build/release/sonde
work=$(mktemp -d)
started=""
finish() {
    for pid in $started; do kill "$pid" 2>/dev/null || true; done
    rm -rf "$work"
}
trap finish EXIT
cc -O2 -Wall -Wextra -o "$work/http-loop" benchmarks/plain-c/http-loop.c -lcurl
port=${PORT:-18441}
cat > "$work/nginx.conf" <<CONF
daemon off; pid $work/nginx.pid; error_log $work/error.log; worker_processes 1;
events { worker_connections 4096; }
http { access_log $work/access.log; server { listen 127.0.0.1:$port; location / { return 200 "ok\n"; } } }
CONF
nginx -p "$work" -c "$work/nginx.conf" -e "$work/error.log" & started="$started $!"
{
    echo "version: 1"
    echo "store: {path: $work/data, slots: 1d, hours: 1d}"
    echo "listen: 127.0.0.1:$((port + 1))"
    echo "defaults: {period: 1s, timeout: 500ms}"
    echo "checks:"
    i=0
    while [ $i -lt "$checks" ]; do
        echo "  - {name: check-$i, http: \"http://127.0.0.1:$port/$i\"}"
        i=$((i + 1))
    done
} > "$work/sonde.yaml"
{
    echo "set daemon 1"
    echo "set pidfile $work/monit.pid"
    echo "set idfile $work/monit.id"
    echo "set statefile $work/monit.state"
    echo "set logfile $work/monit.log"
    i=0
    while [ $i -lt "$checks" ]; do
        echo "check host check-$i with address 127.0.0.1"
        echo "  if failed port $port protocol http request \"/$i\" then alert"
        i=$((i + 1))
    done
} > "$work/monitrc"
chmod 600 "$work/monitrc"

# CPU of process $1 over $seconds, and the requests that came meanwhile: microseconds a request.
watch() {
    hz=$(getconf CLK_TCK)
    before=$(awk '{print $14 + $15}' "/proc/$1/stat") lines=$(wc -l < "$work/access.log")
    sleep "$seconds"
    after=$(awk '{print $14 + $15}' "/proc/$1/stat") more=$(wc -l < "$work/access.log")
    awk -v t="$((after - before))" -v hz="$hz" -v n="$((more - lines))" 'BEGIN { printf "%.1f %d\n", 1e6 * t / hz / n, n }'
}

printf '%6s %12s %12s %8s   CPU us per probe\n' round "plain C" sonde ratio
"$sonde" run --config "$work/sonde.yaml" 2> "$work/log" & daemon=$!
started="$started $daemon"
sleep 5
for round in $(seq "$rounds"); do
    ours=$(watch "$daemon")
    kill -STOP "$daemon"
    plain=$("$work/http-loop" "http://127.0.0.1:$port/c" $((checks * seconds / 4)) 200 "$checks")
    kill -CONT "$daemon"
    sleep 2
    echo "$round $plain $ours" >> "$work/rounds"
    echo "$round $plain $ours" | awk '{ printf "%6d %12.1f %12.1f %8.3f   (%d probes)\n", $1, $2, $3, $3 / $2, $4 }'
done
awk '{ print $3 / $2 }' "$work/rounds" | sort -n | awk '{ r[NR] = $1 } END { printf "median ratio to plain C %.3f (bound 1.25)\n", r[int((NR + 1) / 2)] }'
kill "$daemon"
command -v monit > /dev/null || { echo "monit is not installed: no figure against it"; exit 0; }
monit -c "$work/monitrc" -I > "$work/monit.out" 2>&1 & monit=$!
started="$started $monit"
sleep 5
theirs=$(watch "$monit")
awk '{ print $3 }' "$work/rounds" | sort -n | awk -v m="${theirs% *}" -v n="${theirs#* }" '{ r[NR] = $1 } END {
    ours = r[int((NR + 1) / 2)]
    printf "monit %.1f us a check (%d checks), sonde %.1f: ratio %.3f (bound 1.0)\n", m, n, ours, ours / m }'
