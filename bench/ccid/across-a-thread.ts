import { Worker } from 'node:worker_threads';

interface Transfers {
  transferOut(endpoint: number, data: Uint8Array): Promise<unknown>;
  transferIn(endpoint: number, length: number): Promise<{ readonly data?: DataView | undefined }>;
}

/**
 * Lets every bulk transfer of a device cross to another thread and back, bytes and all, as each does in a browser (to the
 * process that owns the device) and in node-usb (to libusb's thread). An in-memory device alone costs less than any bus.
 */
export function acrossAThread(device: Transfers): () => Promise<number> {
  const worker = new Worker(new URL('echo.ts', import.meta.url));
  const waiting: (() => void)[] = [];
  worker.on('message', () => waiting.shift()?.());
  const cross = (bytes: Uint8Array): Promise<void> =>
    new Promise((resolve) => {
      waiting.push(resolve);
      worker.postMessage(bytes);
    });

  const out = device.transferOut.bind(device);
  const into = device.transferIn.bind(device);
  device.transferOut = async (endpoint, data) => {
    await cross(data);
    return out(endpoint, data);
  };
  device.transferIn = async (endpoint, length) => {
    const result = await into(endpoint, length);
    if (result.data) await cross(new Uint8Array(result.data.buffer, result.data.byteOffset, result.data.byteLength));
    return result;
  };
  return () => worker.terminate();
}
