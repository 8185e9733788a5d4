#!/bin/sh
# CPU microseconds per HTTP probe: the reactor against the same libcurl loop in plain C, as one writes it and with the
# options that save libcurl work, in interleaved rounds against one local server. Usage: benchmarks/http-reactor.sh [PAIRS] [PROBES] [IN_FLIGHT]
set -eu
cd "$(dirname "$0")/.."
pairs=${1:-7} probes=${2:-20000} in_flight=${3:-50}

swift build -c release --static-swift-stdlib --product bench-reactor 2>&1 | tail -1
reactor=$(swift build -c release --show-bin-path)/bench-reactor
work=$(mktemp -d)
mkfifo "$work/end"
cc -O2 -Wall -Wextra -o "$work/http-loop" benchmarks/plain-c/http-loop.c -lcurl
cc -O2 -Wall -Wextra -o "$work/answer" benchmarks/plain-c/answer.c

"$work/answer" <"$work/end" >"$work/port" &
server=$!
exec 3>"$work/end"
trap 'kill $server 2>/dev/null; rm -rf "$work"' EXIT
while [ ! -s "$work/port" ]; do sleep 0.05; done
url="http://127.0.0.1:$(cat "$work/port")/"

# Warm caches, and find out at once when something does not work.
"$work/http-loop" "$url" 1000 "$in_flight" >"$work/warm"
"$reactor" "$url" 1000 "$in_flight" >"$work/warm"

printf '%6s %12s %12s %12s %8s %8s   CPU us per probe\n' pair "plain C" "its best" reactor ratio "to best"
for pair in $(seq "$pairs"); do
    plain=$("$work/http-loop" "$url" "$probes" "$in_flight")
    ours=$("$reactor" "$url" "$probes" "$in_flight")
    best=$("$work/http-loop" "$url" "$probes" "$in_flight" 0 parts)
    echo "$pair $plain $best $ours" >>"$work/pairs"
    awk -v n="$pair" -v c="$plain" -v b="$best" -v r="$ours" \
        'BEGIN { printf "%6d %12.2f %12.2f %12.2f %8.3f %8.3f\n", n, c, b, r, r / c, r / b }'
done
for column in 2 3; do
    awk -v c="$column" '{ print $4 / $c }' "$work/pairs" | sort -n | awk -v c="$column" '{ ratio[NR] = $1 } END {
        printf "%s: median ratio %.3f over %d pairs, lowest %.3f, highest %.3f\n",
            c == 2 ? "plain C (bound 1.05)" : "plain C at its best", ratio[int((NR + 1) / 2)], NR, ratio[1], ratio[NR] }'
done
