#!/bin/sh
# Breaks the store in every way there is, the long form; docs/reliability.md keeps what was seen. The cut of a real
# file system needs root and a loop device.
set -eu
cd "$(dirname "$0")/.."
export SWIFT_BACKTRACE=enable=no
swift build -c release --product torture
torture=.build/release/torture
$torture kills 1000
$torture power 1000
$torture faults 1
$torture flips 10000
$torture lengths 1
# In a mount namespace of its own: another one made meanwhile would keep the file system that was shut down.
if [ "$(id -u)" = 0 ]; then
    unshare -m sh -c "mount --make-rprivate / && $torture ext4 100"
else
    echo "ext4: not root, left out"
fi
