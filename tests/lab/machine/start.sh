#!/bin/sh
# The second program of the guest, on the host's files: what every Linux has when its programs start, then the checks.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs shm /dev/shm
mount -t tmpfs run /run
mount -t tmpfs tmp /root
mkdir -p /run/pcscd /run/lock
busybox ip link set lo up
busybox ip address add 127.0.0.1/8 dev lo 2>/dev/null
busybox hostname lab
# Without it nobody hears of devices that come and go.
/usr/lib/systemd/systemd-udevd --daemon --resolve-names=never
udevadm trigger --action=add
udevadm settle --timeout=60
. /share/run.sh
busybox sync
busybox poweroff -f
