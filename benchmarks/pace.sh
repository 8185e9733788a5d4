#!/bin/sh
# What load does to the clock, through one reactor: how late probes start at 1,000 a second, alone and beside 100 targets
# that hang; and how far the reported total is from 20 ms, and from what the target took by its own clock, of one that
# answers after 20 ms.
# Usage: benchmarks/pace.sh [SECONDS]
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-15}

swift build -c release --static-swift-stdlib --product bench-pace 2>&1 | tail -1
pace=$(swift build -c release --show-bin-path)/bench-pace
work=$(mktemp -d)
mkfifo "$work/end"
cc -O2 -Wall -Wextra -o "$work/answer" benchmarks/plain-c/answer.c
cc -O2 -Wall -Wextra -o "$work/answer-later" benchmarks/plain-c/answer-later.c
"$work/answer" <"$work/end" >"$work/good" & good=$!
"$work/answer-later" 20000 <"$work/end" >"$work/later" & later=$!
"$work/answer-later" 0 <"$work/end" >"$work/never" & never=$!
exec 3>"$work/end"
trap 'kill $good $later $never 2>/dev/null; rm -rf "$work"' EXIT
for name in good later never; do while [ ! -s "$work/$name" ]; do sleep 0.05; done; done
url() { echo "http://127.0.0.1:$(cat "$work/$1")/"; }

# Of the time that somebody wanted a processor, how much the host took: more than a hundredth is seen at p99.
processors() { awk '/^cpu / { print $9, $2 + $3 + $4 + $7 + $8 + $9 }' /proc/stat; }
taken() { echo "$1 $(processors)" | awk '{ printf "%.1f %%", 100 * ($3 - $1) / ($4 - $2 + ($4 == $2)) }'; }

"$pace" "$(url good)" 100 1 >"$work/warm"
begin=$(processors)
alone=$("$pace" "$(url good)" 1000 "$seconds" | sed -n 1p)
beside=$("$pace" "$(url good)" 1000 "$seconds" "hang=$(url never)" | sed -n 1p)
lateness_taken=$(taken "$begin") begin=$(processors)
total=$("$pace" "$(url later)" 500 "$seconds" | awk 'NR == 2 { print $1 - 20, $2 - 20, $3 - 20 }')
total_taken=$(taken "$begin")
"$pace" "$(url later)" 500 "$seconds" took=X-Took-Us >"$work/totals"
took=$(sed -n 3p "$work/totals") beyond=$(sed -n 4p "$work/totals")
echo "start lateness at 1,000 probes/s, ms (p50 p99 max): $alone; p99 is to be under 10"
echo "the same beside 100 targets that hang:              $beside; p99 is to be within 10 of it"
echo "processor time that the host took meanwhile:         $lateness_taken"
echo "total over 20 ms at 500 probes/s, ms (p50 p99 max): $total; p99 is to be under 0.5"
echo "processor time that the host took meanwhile:         $total_taken"
echo "what the target took in a second run, with findings: $took"
echo "total over that:                                    $beyond"
echo "$alone $beside $total" | awk '{ exit !($2 < 10 && $5 - $2 < 10 && $8 < 0.5) }'
