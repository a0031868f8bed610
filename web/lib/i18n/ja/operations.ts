import type { HealthCheck, HealthState } from '#api/contract/health.ts';
import type { PeerFinding } from '#api/contract/operator-api.ts';

/** For operators: how a server is, and what is wrong with a line. */
export const operations = {
  health: 'サーバーの状態',
  healthStates: { ok: '正常', degraded: '一部に支障', failing: '停止' } satisfies Record<HealthState, string>,
  healthHints: {
    ok: '必要な働きはすべてできています。',
    degraded: '受け付けは続けています。下の印の項目を確かめてください。',
    failing: '本来の働きができていません。下の印の項目を直してください。',
  } satisfies Record<HealthState, string>,
  checkStates: { ok: '正常', degraded: '支障あり', failing: '異常' } satisfies Record<HealthState, string>,
  checks: {
    store: '保存（書き込みの確定）',
    disk: 'ディスクの空き',
    clock: '時計',
    directory: '名簿の期限',
    evidence: '記録簿への取り込み',
    timestamps: '時刻認証',
    peers: 'ほかの中継センター',
    exchange: '中継センター',
  } satisfies Record<HealthCheck['name'], string>,
  values: {
    store: (ms: number): string => `${ms}ミリ秒`,
    disk: (gib: string): string => `空き ${gib} GiB`,
    clock: (ms: number): string => (ms < 1000 ? '進み遅れなし' : `ずれ ${Math.round(ms / 1000)}秒`),
    directory: (count: number): string => (count === 0 ? '期限内' : `期限切れ ${count}`),
    evidence: (ms: number): string => (ms < 1000 ? '遅れなし' : `${Math.round(ms / 1000)}秒待ち`),
    timestamps: (count: number): string => (count === 0 ? '途絶えていません' : '長く途絶えています'),
    peers: (count: number): string => (count === 0 ? 'すべて応答あり' : `応答なし ${count}`),
    exchange: (count: number): string => (count === 0 ? '応答あり' : '応答なし'),
  } satisfies Record<HealthCheck['name'], unknown>,

  lines: 'つながりと待ち',
  linesHint: '待っている封筒と、最後に応答があった時刻です。',
  test: 'つながりを試す',
  testOf: (name: string) => `${name}とのつながりを試す`,
  works: (ms: number | null) =>
    `つながっています${ms === null ? '' : `（往復 ${ms}ミリ秒）`}。互いの鍵、名簿、時計に問題はありません。`,
  clockOffset: (seconds: string) => `相手の時計とのずれ ${seconds}秒`,
  detail: '詳しい理由',
  findings: {
    unreachable: {
      wrong: '相手につながりません。',
      remedy: 'アドレスとポート、相手のサーバーが動いているか、間のファイアウォールを確かめてください。',
    },
    name_unknown: {
      wrong: '相手の名前を引けません。',
      remedy: 'アドレスのつづりと、このサーバーのDNSを確かめてください。',
    },
    tls_untrusted: {
      wrong: '相手のTLS証明書を信頼できません。',
      remedy: '証明書の期限・名前・発行者を相手に確かめてもらってください。httpとhttpsの取り違えでも起こります。',
    },
    not_an_exchange: {
      wrong: '答えたのは中継センターではありません。',
      remedy: 'アドレスを確かめてください。間の装置が別のページを返していることもあります。',
    },
    another_exchange: {
      wrong: '別の中継センターが答えました。',
      remedy: 'アドレスを確かめ、いったん外してから登録し直してください（peer remove、peer add）。',
    },
    wrong_key: {
      wrong: '登録した鍵と違う鍵で署名されています。',
      remedy:
        '電話で指紋を確かめてください。相手が鍵を替えたのなら登録し直します（peer add）。心当たりがないと言われたら、つながないでください。',
    },
    expired: {
      wrong: '相手の名簿の期限が切れています。',
      remedy: '相手のサーバーの時計と、名簿が更新されているかを確かめてもらってください。',
    },
    downgraded: {
      wrong: '前に受け取ったものより古い名簿が返ってきました。',
      remedy: '相手が古いバックアップから戻していないか、だれかが古い名簿を返していないかを確かめてください。',
    },
    untrusted: {
      wrong: '相手の名簿が決まりに合いません。',
      remedy: '自分のネットワーク以外の医療機関を載せていないか、相手に確かめてもらってください。',
    },
    clock_skew: {
      wrong: '時計が5分より大きくずれています。',
      remedy: '両方のサーバーの時刻合わせ（NTP）を確かめてください。',
    },
    not_pinned_there: {
      wrong: '相手はまだこちらを登録していません。',
      remedy: '相手の運用者に、こちらを登録してもらってください（peer add）。',
    },
    pinned_with_another_key: {
      wrong: '相手はこちらを別の鍵で登録しています。',
      remedy: '電話で指紋を確かめながら、相手に登録し直してもらってください（peer add）。',
    },
    refused: { wrong: '相手が断りました。', remedy: '下の詳しい理由を、相手の運用者に伝えてください。' },
  } satisfies Record<PeerFinding, { readonly wrong: string; readonly remedy: string }>,

  grace: (time: string) => `タイムスタンプなしで続けるのは${time}までです。`,
  graceLeft: (time: string) => `あと${time}で期限です。`,
  whenOverdue: {
    continue: '期限を過ぎても受け付けは続けます。',
    stop: '期限を過ぎると、新しい受診の受け付けを止めます。',
  },
  isOverdue: {
    continue: '時刻認証局につながるまで、受け付けた記録の時刻は第三者に証明されません。受け付けは続けています。',
    stop: '時刻認証局につながるまで、新しい受診の受け付けを止めています。',
  },
};
