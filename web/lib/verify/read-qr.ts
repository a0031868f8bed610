import { decodeQR } from 'qr/decode.js';

/** RGBA, row by row. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray | Uint8Array;
}

/** Milliseconds that a still picture may take; a frame of the camera is one of many and gets less. */
const PATIENCE_MS = { picture: 4000, frame: 60 } as const;

/** The text of the QR code in a picture; `undefined` when none can be read. */
export function readQr({ width, height, data }: Pixels, kind: keyof typeof PATIENCE_MS): string | undefined {
  try {
    return decodeQR({ width, height, data }, { format: 'RGBA', timeLimit: PATIENCE_MS[kind] });
  } catch {
    // Every failure of the decoder says the same to us: nothing was read.
    return undefined;
  }
}

/** Sides in pixels at which a picture is looked at: a photograph of twelve megapixels is read better when it is smaller. */
const SIDES = [Infinity, 1800, 1200, 800];

/** The text of the QR code in an image file; `undefined` when it is no image or holds none. */
export async function readQrFile(file: Blob): Promise<string | undefined> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    return undefined;
  }
  const native = await readNatively(bitmap);
  if (native !== undefined) return native;
  const longest = Math.max(bitmap.width, bitmap.height);
  for (const side of SIDES.filter((wanted) => wanted === Infinity || wanted < longest)) {
    const text = readQr(pixelsOf(bitmap, Math.min(1, side / longest)), 'picture');
    if (text !== undefined) return text;
  }
  return undefined;
}

/** A picture's pixels, scaled. */
export function pixelsOf(picture: ImageBitmap | HTMLVideoElement, scale = 1): Pixels {
  const [width, height] =
    'videoWidth' in picture ? [picture.videoWidth, picture.videoHeight] : [picture.width, picture.height];
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)));
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new TypeError('no canvas');
  context.fillStyle = 'white';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

interface NativeDetector {
  detect(source: ImageBitmapSource): Promise<readonly { readonly rawValue: string }[]>;
}

interface Window {
  readonly BarcodeDetector?: new (options: { readonly formats: readonly string[] }) => NativeDetector;
}

/** By the system's own detector, where the browser has one: better with poor light and creased paper. */
export async function readNatively(source: ImageBitmapSource): Promise<string | undefined> {
  const { BarcodeDetector } = globalThis as Window;
  if (!BarcodeDetector) return undefined;
  try {
    return (await new BarcodeDetector({ formats: ['qr_code'] }).detect(source))[0]?.rawValue;
  } catch {
    return undefined;
  }
}
