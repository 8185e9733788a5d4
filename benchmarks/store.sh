#!/bin/sh
# The store beside SQLite and librrd, the same samples, in one run: CPU and bytes written for each, and a month of one
# series. SERIES (10000) a tick, TICKS (130); librrd takes a tenth of both, and so does SQLite of the ticks.
set -eu
cd "$(dirname "$0")/.."
series=${SERIES:-10000}
ticks=${TICKS:-130}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
swift build -c release --static-swift-stdlib --product bench-store
cc -O2 -o "$folder/sqlite-tick" benchmarks/plain-c/sqlite-tick.c -lsqlite3
"$folder/sqlite-tick" "$folder/samples.sqlite" "$series" "$((ticks / 4))"
if cc -O2 -o "$folder/rrd-tick" benchmarks/plain-c/rrd-tick.c -lrrd 2>/dev/null; then
    "$folder/rrd-tick" "$folder/rrd" "$((series / 10))" "$((ticks / 10))"
    # The same month as `rrdtool fetch` gives it, which is text, through one process: its start is not counted.
    command -v rrdtool > /dev/null && python3 - "$folder/rrd/0.rrd" "$((1795305600 + ticks / 10 * 60))" <<'PY'
import resource, subprocess, sys
name, end, runs = sys.argv[1], int(sys.argv[2]), 50
def cpu():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
before = cpu()
lines = f"fetch {name} AVERAGE -s {end - 30 * 86400} -e {end}\n" * runs
subprocess.run(["rrdtool", "-"], input=lines.encode(), stdout=subprocess.DEVNULL, check=True)
print(f"rrdtool fetch: a month of one series, {1e3 * (cpu() - before) / runs:.1f} ms of CPU")
PY
else
    echo "librrd: librrd-dev is not installed, left out"
fi
.build/release/bench-store "$series" "$ticks" "$folder"
