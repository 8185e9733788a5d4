#!/bin/sh
# Reading, checking and storing slots, and samples as text: CPU time each.
set -eu
cd "$(dirname "$0")/.."
swift run -c release bench-storage
