#!/bin/sh
# A thousand HTTP checks at one minute: the daemon's CPU as a share of one core, and its memory.
# Also how long it takes from its start to its first probe, with a fresh store, and from SIGTERM to its end.
# The target is nginx on loopback. Takes about MINUTES (default 3) minutes after a minute of warming up.
set -eu
cd "$(dirname "$0")/.."
minutes=${MINUTES:-3}
count=${CHECKS:-1000}
swift build -c release --static-swift-stdlib --product sonde 2>&1 | tail -1
work=$(mktemp -d)
daemon=""; web=""
# The daemon writes until it ends: only then can its folder go.
trap '[ -z "$daemon" ] || { kill "$daemon"; wait "$daemon"; } || true; [ -z "$web" ] || kill "$web" || true; rm -rf "$work"' EXIT
port=${PORT:-18431}
cat > "$work/nginx.conf" <<CONF
daemon off; pid $work/nginx.pid; error_log $work/error.log; worker_processes 1; worker_rlimit_nofile 32768;
events { worker_connections 16384; }
http { access_log $work/access.log; server { listen 127.0.0.1:$port; location / { return 200 "ok\n"; } } }
CONF
nginx -p "$work" -c "$work/nginx.conf" -e "$work/error.log" & web=$!
{
    echo "version: 1"
    echo "store: {path: $work/data, slots: 2d, hours: 4d}"
    echo "listen: 127.0.0.1:$((port + 1))"
    echo "checks:"
    i=0
    while [ $i -lt "$count" ]; do
        echo "  - {name: check-$i, http: \"http://127.0.0.1:$port/$i\"}"
        i=$((i + 1))
    done
} > "$work/sonde.yaml"
now() { date +%s.%N; }
since() { awk -v from="$1" -v to="$(now)" 'BEGIN { printf "%.1f s", to - from }'; }
begun=$(now)
.build/release/sonde run --config "$work/sonde.yaml" 2> "$work/log" & daemon=$!
while [ ! -s "$work/access.log" ]; do kill -0 "$daemon"; sleep 0.1; done
echo "from the start with a fresh store to the first probe: $(since "$begun")"
sleep 60
ticks() { awk '{print $14 + $15}' "/proc/$daemon/stat"; }
before=$(ticks)
sleep $((minutes * 60))
after=$(ticks)
per_second=$(getconf CLK_TCK)
awk -v t="$((after - before))" -v hz="$per_second" -v s="$((minutes * 60))" -v n="$count" 'BEGIN {
    cpu = t / hz
    printf "%d checks at one minute, %d s: %.2f s of CPU = %.2f %% of one core = %.0f us a probe\n", n, s, cpu, 100 * cpu / s, 1e6 * cpu / (n * s / 60)
}'
grep -E 'VmRSS|RssAnon|RssFile|VmHWM' "/proc/$daemon/status"
.build/release/sonde report --config "$work/sonde.yaml" --last 1h --json check-0 | tr -d ' \n' | grep -o '"slots":{[^}]*}' | head -1
ended=$(now)
kill "$daemon"
wait "$daemon" || true
daemon=""
echo "from SIGTERM to the end: $(since "$ended")"
