import type { ClientErrorCode } from '#lib/api/api-error.ts';

export const clientErrors: Record<ClientErrorCode, string> = {
  network_unreachable: 'サーバーにつながりません。つながると自動で再開します。',
  network_timeout: 'サーバーの応答に時間がかかりすぎました。もう一度お試しください。',
  answer_malformed: 'サーバーの応答を読み取れませんでした。管理者にお知らせください。',
  request_aborted: '処理をやめました。',
  unexpected: '予期しない問題が起きました。もう一度お試しください。',
};
