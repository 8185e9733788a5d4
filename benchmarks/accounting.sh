#!/bin/sh
# Counting a year of one check, 525,600 slots: CPU time of all figures, and of a status line.
set -eu
cd "$(dirname "$0")/.."
swift run -c release bench-accounting
