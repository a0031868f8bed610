import { createMiddleware } from 'hono/factory';
import { secureHeaders } from 'hono/secure-headers';

/** Nothing may load, run or frame an answer that is not a page of the app. */
const API_POLICY = "default-src 'none'; frame-ancestors 'none'";

/** Headers of every answer. `isSecure`: the origin is HTTPS, so browsers may be told to insist on it. */
export function createSecurityHeaders(isSecure: boolean) {
  return secureHeaders({
    crossOriginOpenerPolicy: 'same-origin',
    crossOriginResourcePolicy: 'same-origin',
    originAgentCluster: '?1',
    referrerPolicy: 'no-referrer',
    strictTransportSecurity: isSecure ? 'max-age=31536000' : false,
    xFrameOptions: 'DENY',
    xXssProtection: false,
    // Web NFC has no name here: it is open to top-level pages alone, and Chromium warns of names it does not know.
    permissionsPolicy: {
      usb: ['self'],
      publickeyCredentialsGet: ['self'],
      screenWakeLock: ['self'],
      camera: ['self'],
      microphone: [],
      geolocation: [],
      payment: [],
      serial: [],
      hid: [],
    },
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
