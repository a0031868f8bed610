#!/bin/busybox sh
# The first program of the guest: drivers, then the host's root file system, read-only, under a layer of memory.
/bin/busybox mkdir -p /usr
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
while read -r module; do insmod "/modules/$module" || echo "no $module"; done < /modules/order
mount -t 9p -o ro,trans=virtio,version=9p2000.L,cache=loose,msize=512000 root /lower
mount -t tmpfs -o size=60% upper /upper
mkdir -p /upper/files /upper/work
mount -t overlay -o lowerdir=/lower,upperdir=/upper/files,workdir=/upper/work overlay /root
mkdir -p /root/share
mount -t 9p -o rw,trans=virtio,version=9p2000.L,cache=none,msize=512000 share /root/share
exec switch_root /root /bin/sh /share/start.sh
