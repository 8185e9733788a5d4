#!/bin/sh
# How long `sonde report` takes: to start (a small store), and over a year of one series at one minute.
# Prints the median and the least of RUNS (default 21) runs, in milliseconds of wall time.
set -eu
cd "$(dirname "$0")/.."
runs=${RUNS:-21}
swift build -c release --static-swift-stdlib --product sonde 2>&1 | tail -1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sonde=$PWD/.build/release/sonde
cat > "$work/sonde.yaml" <<CONF
version: 1
zone: Asia/Taipei
store: {path: data, slots: 400d, hours: 500d}
checks:
  - {name: small, tcp: "127.0.0.1:9"}
  - {name: year, tcp: "127.0.0.1:9"}
CONF
python3 - "$work" <<'PY'
import sys, time, random
random.seed(2026)
now = int(time.time()) // 60 * 60
with open(sys.argv[1] + "/year.csv", "w") as out:
    out.write("time,check,region,verdict,cause,status,total_ms\n")
    for minute in range(365 * 1440):
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now - (365 * 1440 - minute) * 60 + 7))
        if minute % 50021 < 12:
            out.write(f"{at},year,local,down,refused,,0.4\n")
        else:
            out.write(f"{at},year,local,up,ok,,{20 + random.random() * 80:.3f}\n")
    out.write(f"{at},small,local,up,ok,,1.5\n")
PY
cd "$work"
"$sonde" import samples year.csv
measure() {
    python3 - "$runs" "$@" <<'PY'
import subprocess, sys, time
runs, command, times = int(sys.argv[1]), sys.argv[2:], []
for run in range(runs + 2):
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    times.append((time.perf_counter() - start) * 1000)
times = sorted(times[2:])
print(f"{' '.join(command[1:]):45} median {times[len(times) // 2]:6.1f} ms, least {times[0]:6.1f} ms")
PY
}
measure "$sonde" --version
measure "$sonde" report small --last 1h
measure "$sonde" report year --last 365d
measure "$sonde" report year --last 365d --json
measure "$sonde" report year --last 30d
