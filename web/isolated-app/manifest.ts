/** What the manifest of an installed page tells, as far as an Isolated Web App needs it. */
export interface PageManifest {
  readonly name: string;
  readonly start_url: string;
  readonly icons: readonly { readonly src: string; readonly sizes: string; readonly type: string }[];
}

/**
 * Features that the app asks for. In an Isolated Web App every other one is off. `usb-unrestricted` opens interfaces of the
 * smart card class; it, and WebUSB with it, want the page to be isolated from other origins.
 */
const PERMISSIONS_POLICY = {
  usb: ['self'],
  'usb-unrestricted': ['self'],
  'smart-card': ['self'],
  'clipboard-write': ['self'],
  'cross-origin-isolated': ['self'],
} as const;

/**
 * The manifest of the app as an Isolated Web App (WICG isolated-web-apps): the page's own, its version, and what it wants
 * to be allowed.
 *
 * @param version one to four numbers with dots between them
 * @throws {RangeError} another version
 */
export function isolatedAppManifest<M extends PageManifest>(page: M, version: string) {
  if (!/^\d+(\.\d+){0,3}$/.test(version)) throw new RangeError(`a version is one to four numbers, not ${version}`);
  // Chromium cannot install such an app with a drawn icon.
  const icons = page.icons.filter(({ type }) => type === 'image/png');
  return { ...page, icons, id: '/', version, isolated_storage: true, permissions_policy: PERMISSIONS_POLICY };
}
