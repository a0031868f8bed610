import { expect, it } from 'vitest';
import { parseEvent, encodeEvent } from '../events.ts';
import { inLoadingOrder } from './initrd.ts';

// As depmod writes it: what a module needs, the nearest first.
const DEPENDENCIES = `kernel/fs/9p/9p.ko: kernel/net/9p/9pnet.ko kernel/fs/netfs/netfs.ko
kernel/net/9p/9pnet.ko:
kernel/net/9p/9pnet_virtio.ko: kernel/net/9p/9pnet.ko kernel/drivers/virtio/virtio_ring.ko kernel/drivers/virtio/virtio.ko
kernel/fs/netfs/netfs.ko:
kernel/drivers/usb/usbip/vhci-hcd.ko:
`;

it('loads a module behind all that it needs, each once', () => {
  expect(inLoadingOrder(DEPENDENCIES, ['9pnet_virtio', '9p', 'vhci_hcd'])).toEqual([
    'kernel/drivers/virtio/virtio.ko',
    'kernel/drivers/virtio/virtio_ring.ko',
    'kernel/net/9p/9pnet.ko',
    'kernel/net/9p/9pnet_virtio.ko',
    'kernel/fs/netfs/netfs.ko',
    'kernel/fs/9p/9p.ko',
    'kernel/drivers/usb/usbip/vhci-hcd.ko',
  ]);
});

it('says when a kernel has no such module', () => {
  expect(() => inLoadingOrder(DEPENDENCIES, ['xhci_pci'])).toThrow(expect.objectContaining({ code: 'no_kernel' }));
});

it('finds what the guest tells among what a console prints', () => {
  const event = { kind: 'ended', name: 'a/b', outcome: 'failed', durationMs: 3, detail: 'line\nline' } as const;
  expect(parseEvent(`[    1.0] noise${encodeEvent(event)}`)).toEqual(event);
  expect(parseEvent('[    1.0] noise')).toBeUndefined();
});
