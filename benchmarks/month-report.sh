#!/bin/sh
# A month of CHECKS (1000) checks in three regions at one minute, 130 million samples: the report of all of them, its
# uptime alone, and the status line of each. Wall time of whole processes, the files in the page cache; 2.2 GB on disk.
set -eu
cd "$(dirname "$0")/.."
checks=${CHECKS:-1000}
runs=${RUNS:-5}
swift build -c release --static-swift-stdlib --product sonde 2>&1 | tail -1
swift build -c release --static-swift-stdlib --product bench-month 2>&1 | tail -1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sonde=$PWD/.build/release/sonde
{
    echo "version: 1"
    echo "store: {path: data, slots: 35d, hours: 400d}"
    echo "regions: {tw: {}, jp: {}, us: {}}"
    echo "contracts: {all: {objective: 99.9}}"
    echo "checks:"
    i=0
    while [ $i -lt "$checks" ]; do
        echo "  - {name: check-$i, http: \"http://127.0.0.1:9/$i\"}"
        i=$((i + 1))
    done
} > "$work/sonde.yaml"
.build/release/bench-month "$work/data" "$checks"
cd "$work"
"$sonde" validate | tail -1
python3 - "$runs" "$sonde" <<'PY'
import subprocess, sys, time, resource
runs, sonde = int(sys.argv[1]), sys.argv[2]
def measure(name, *command):
    times = []
    for run in range(runs + 1):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.perf_counter()
        code = subprocess.run([sonde, *command], stdout=subprocess.DEVNULL).returncode
        # `status` says with its code that the newest samples are some minutes old: unknown.
        if code not in ((0, 3) if command[0] == "status" else (0,)): sys.exit(f"sonde {' '.join(command)}: {code}")
        wall = time.perf_counter() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append((wall, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime))
    times = sorted(times[1:])
    wall, cpu = times[len(times) // 2]
    print(f"{name:45} median {wall:6.3f} s, of CPU {cpu:6.3f} s")
measure("month report of all checks", "report", "--last", "30d")
measure("month report of all checks, JSON", "report", "--last", "30d", "--json")
measure("its uptime alone (status)", "status")
month = time.strftime("%Y-%m", time.gmtime(time.time() - 15 * 86400))
measure("its uptime alone (SLA of " + month + ")", "export", "sla", "--month", month)
measure("validate, the same file", "validate")
PY
