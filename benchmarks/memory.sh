#!/bin/sh
# The daemon's memory with 10,000 HTTP checks at one minute, after two minutes: resident pages, and those of its own.
# Usage: benchmarks/memory.sh [CHECKS]
set -eu
cd "$(dirname "$0")/.."
CHECKS=${1:-10000} MINUTES=1 sh benchmarks/thousand-checks.sh | tee /dev/stderr |
    awk '/^VmRSS/ { printf "resident: %.1f MB, which is to be under 80\n", $2 / 1024; missed = $2 / 1024 >= 80 } END { exit missed }'
