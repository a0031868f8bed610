import type { OfflineErrorCode } from '#lib/offline/offline-error.ts';

export const offlineErrors: Record<OfflineErrorCode, string> = {
  storage_full: 'This device is full and could not keep the visit. Please delete files that are not needed.',
  storage_failed: 'This device could not keep the visit. The visit was not taken.',
  record_unreadable: 'A record kept on this device cannot be read. Please tell your administrator.',
  terminal_missing: 'This device is not enrolled yet.',
};
