#!/bin/sh
# The fast suites under a sanitizer, each in a build folder of its own: both, or those named (address, thread).
set -eu
cd "$(dirname "$0")/.."
export SWIFT_BACKTRACE=enable=no
# OpenSSL, libcurl and the servers of the tests keep what they have until the process ends.
export ASAN_OPTIONS="detect_leaks=0:quarantine_size_mb=4:thread_local_quarantine_size_kb=64 ${ASAN_OPTIONS:-}"
export TSAN_OPTIONS="halt_on_error=0 exitcode=66 suppressions=$PWD/scripts/thread-sanitizer.txt ${TSAN_OPTIONS:-}"
suites=${SUITES:-VocabularyTests|SchedulingTests|JudgingTests|StorageTests|AccountingTests|LoopbackTests|ProbingTests}
for sanitizer in ${*:-address thread}; do
    echo "== $sanitizer"
    scratch=.build-$sanitizer
    swift build --build-tests --scratch-path "$scratch" --sanitize="$sanitizer"
    # One after the other: a test's minute is its own then.
    swift test --skip-build --no-parallel --scratch-path "$scratch" --sanitize="$sanitizer" --filter "$suites"
done
