#!/bin/sh
# Each reader of targets' bytes and of the store's files under libFuzzer and the address sanitizer for a while: SECONDS_EACH (60).
# A crash leaves its input in .build-fuzz and ends this with its exit code.
set -eu
cd "$(dirname "$0")/.."
readers=${*:-dialogue starttls header certificate pem json ring-header journal ring}
export SONDE_FUZZ=1 SWIFT_BACKTRACE=enable=no
swift build --scratch-path .build-fuzz --product fuzz -Xswiftc -sanitize=fuzzer,address -Xcc -fsanitize=address -Xswiftc -use-ld=lld -Xswiftc -Xclang-linker -Xswiftc -fuse-ld=lld
for reader in $readers; do
    echo "== $reader"
    corpus=.build-fuzz/corpus-$reader
    mkdir -p "$corpus"
    FUZZ_READER=$reader .build-fuzz/debug/fuzz -max_total_time="${SECONDS_EACH:-60}" -max_len=70000 \
        -print_final_stats=1 -artifact_prefix=".build-fuzz/$reader-" "$corpus" 2>&1 | tail -12
done
