import type { OfflineErrorCode } from '#lib/offline/offline-error.ts';

export const offlineErrors: Record<OfflineErrorCode, string> = {
  storage_full: 'この端末の空き容量が足りず、保存できませんでした。不要なファイルを消してください。',
  storage_failed: 'この端末に保存できませんでした。受付は完了していません。',
  record_unreadable: 'この端末に保存した記録を読み取れません。管理者にお知らせください。',
  terminal_missing: 'この端末はまだ登録されていません。',
};
