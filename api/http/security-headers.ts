import { createMiddleware } from 'hono/factory';
import { secureHeaders } from 'hono/secure-headers';

/** Nothing may load, run or frame an answer that is not a page of the app. */
const API_POLICY = "default-src 'none'; frame-ancestors 'none'";

/**
 * What the pages may use of the device, and what nothing in them may. Chromium has no policy for `nfc` yet, says so once on
 * the console, and opens Web NFC to top-level pages alone; a browser that has one finds it here.
 */
const PERMISSIONS = {
  usb: '(self)',
  nfc: '(self)',
  'publickey-credentials-get': '(self)',
  'screen-wake-lock': '(self)',
  camera: '(self)',
  microphone: '()',
  geolocation: '()',
  payment: '()',
  serial: '()',
  hid: '()',
} as const;

const PERMISSIONS_POLICY = Object.entries(PERMISSIONS)
  .map(([feature, origins]) => `${feature}=${origins}`)
  .join(', ');

/** Headers of every answer. `isSecure`: the origin is HTTPS, so browsers may be told to insist on it. */
export function createSecurityHeaders(isSecure: boolean) {
  const setHeaders = secureHeaders({
    crossOriginOpenerPolicy: 'same-origin',
    crossOriginResourcePolicy: 'same-origin',
    originAgentCluster: '?1',
    referrerPolicy: 'no-referrer',
    strictTransportSecurity: isSecure ? 'max-age=31536000' : false,
    xFrameOptions: 'DENY',
    xXssProtection: false,
  });
  return createMiddleware(async (context, next) => {
    await setHeaders(context, next);
    context.header('permissions-policy', PERMISSIONS_POLICY);
  });
}

/** Answers of the API: kept nowhere, usable as nothing but data. */
export function createApiHeaders() {
  return createMiddleware(async (context, next) => {
    await next();
    context.header('content-security-policy', API_POLICY);
    if (!context.res.headers.has('cache-control')) context.header('cache-control', 'no-store');
  });
}
