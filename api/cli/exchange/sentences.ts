import type { PeerFinding } from '../../contract/operator-api.ts';
import type { Language } from '../arguments.ts';
import type { Applied } from './apply.ts';

/** A finding in words: what is wrong, and what to do. */
interface Finding {
  readonly wrong: string;
  readonly remedy: string;
}

/** Every sentence of `npm run exchange` in one language; the compiler sees to it that none is missing. */
export interface ExchangeSentences {
  readonly findings: Readonly<Record<PeerFinding, Finding>>;
  readonly works: (exchange: string, ms: number | null) => string;
  readonly found: (exchange: string) => string;
  readonly compare: string;
  readonly theirs: (fingerprint: string) => string;
  readonly ours: (fingerprint: string) => string;
  readonly isSame: string;
  readonly needsFingerprint: string;
  readonly noOrigin: (text: string) => string;
  readonly itself: (exchange: string) => string;
  /** What to do after the first, and after the second half of a key's rotation. */
  readonly rotation: {
    readonly announced: (fingerprint: string) => string;
    readonly switched: (fingerprint: string) => string;
  };
  readonly differs: string;
  readonly pinned: (exchange: string) => string;
  readonly othersTurn: (command: string) => string;
  readonly removed: (what: string) => string;
  readonly unknown: (what: string) => string;
  readonly added: (what: string) => string;
  readonly applied: Readonly<Record<Applied['kind'], string>>;
  readonly nothing: string;
  readonly notAnswering: string;
  /** @param before since when rows are over, RFC 3339; null when the class is kept for ever */
  readonly purged: (name: string, count: number, before: string | null, isDryRun: boolean) => string;
}

const ja: ExchangeSentences = {
  findings: {
    unreachable: {
      wrong: '相手につながりません。',
      remedy: 'アドレスとポート、相手のサーバーが動いているか、間のファイアウォールを確かめてください。',
    },
    name_unknown: {
      wrong: '相手の名前を引けません。',
      remedy: 'アドレスのつづりと、この機械のDNSを確かめてください。',
    },
    tls_untrusted: {
      wrong: '相手のTLS証明書を信頼できません。',
      remedy: '証明書の期限・名前・発行者を相手に確かめてもらってください。httpとhttpsの取り違えでも起こります。',
    },
    not_an_exchange: {
      wrong: '答えたのは中継センターではありません。',
      remedy: 'アドレスを確かめてください。間の中継装置が別のページを返していることもあります。',
    },
    another_exchange: {
      wrong: '別の中継センターが答えました。',
      remedy: 'アドレスを確かめ、peer remove のあと peer add をやり直してください。',
    },
    wrong_key: {
      wrong: '登録した鍵と違う鍵で署名されています。',
      remedy:
        '相手に電話で指紋を確かめ、鍵を替えたのなら peer add をもう一度行ってください。心当たりがないと言われたら、つながないでください。',
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
      remedy: '相手の運用者に、次のコマンドを実行してもらってください。',
    },
    pinned_with_another_key: {
      wrong: '相手はこちらを別の鍵で登録しています。',
      remedy: '指紋を電話で確かめながら、相手に次のコマンドを実行してもらってください。',
    },
    refused: { wrong: '相手が断りました。', remedy: '詳しい理由を相手の運用者に伝えてください。' },
  },
  works: (exchange, ms) =>
    `✓ ${exchange}とつながっています（往復 ${ms ?? '?'} ミリ秒）。互いの鍵、名簿、時計に問題はありません。`,
  found: (exchange) => `見つかった中継センター: ${exchange}`,
  compare: '指紋を、相手の運用者と電話など別の手段で読み合わせてください。',
  theirs: (fingerprint) => `  相手の指紋: ${fingerprint}`,
  ours: (fingerprint) => `  こちらの指紋: ${fingerprint}`,
  isSame: '同じでしたか？ 同じなら yes と入力してください: ',
  needsFingerprint:
    '読み合わせてから、--fingerprint に相手の指紋を付けてもう一度実行してください。何も変えていません。',
  noOrigin: (text) => `${text} は中継センターのアドレスではありません。例: https://exchange.example.jp`,
  itself: (exchange) => `${exchange}は、この中継センター自身です。`,
  rotation: {
    announced: (fingerprint) =>
      `次の署名鍵を予告しました: ${fingerprint}\nつながる相手がこれを受け取ったころ（一日おけば確か）、同じコマンドをもう一度実行すると切り替わります。`,
    switched: (fingerprint) =>
      `新しい署名鍵に切り替えました: ${fingerprint}\n前の鍵も当面は有効です。14日以上たったら key retire を実行してください。`,
  },
  differs: '指紋が違います。何も変えていません。',
  pinned: (exchange) => `${exchange}を登録しました。`,
  othersTurn: (command) => `  ${command}`,
  removed: (what) => `${what}を外しました。`,
  unknown: (what) => `${what}は設定にありません。`,
  added: (what) => `${what}を設定に加えました。`,
  applied: {
    'in-force': '動いているサーバーに反映しました。',
    'at-next-start': 'サーバーは動いていないか、運用者の鍵がありません。次に起動したときから有効です。',
    undone: 'サーバーが新しい設定を断りました。設定ファイルを元に戻し、前の設定で動いています。',
    refused: 'サーバーが新しい設定を読み直しませんでした。前の設定で動いています。',
  },
  nothing: 'ありません。',
  notAnswering: '（サーバーは応答していません）',
  purged: (name, count, before, isDryRun) =>
    before === null
      ? `${name}: 無期限に保存します。`
      : `${name}: ${before.slice(0, 10)} より前の ${count} 件${isDryRun ? 'が対象です（削除していません）。' : 'を削除しました。'}`,
};

const en: ExchangeSentences = {
  findings: {
    unreachable: {
      wrong: 'The peer cannot be reached.',
      remedy: 'Check the address and port, whether its server runs, and the firewalls in between.',
    },
    name_unknown: {
      wrong: 'The name of the peer leads nowhere.',
      remedy: 'Check the spelling of the address, and the DNS of this machine.',
    },
    tls_untrusted: {
      wrong: 'The TLS certificate of the peer is not trusted.',
      remedy: 'Ask the peer to check its expiry, name and issuer. Mixing up http and https looks the same.',
    },
    not_an_exchange: {
      wrong: 'Something answered that is not an exchange.',
      remedy: 'Check the address. A proxy in between may answer with a page of its own.',
    },
    another_exchange: {
      wrong: 'Another exchange answered.',
      remedy: 'Check the address, then peer remove and peer add again.',
    },
    wrong_key: {
      wrong: 'It is signed with another key than the one that was pinned.',
      remedy:
        'Compare fingerprints by telephone; if they changed keys, peer add again. If they did not, do not connect.',
    },
    expired: {
      wrong: 'The directory of the peer has expired.',
      remedy: 'Ask the peer to check its clock, and whether its directory is renewed.',
    },
    downgraded: {
      wrong: 'An older directory came back than the one that was received before.',
      remedy: 'Ask whether the peer restored an old backup, or whether somebody replays old directories.',
    },
    untrusted: {
      wrong: 'The directory of the peer does not fit the rules.',
      remedy: 'Ask the peer whether it names institutions outside its own networks.',
    },
    clock_skew: {
      wrong: 'The clocks differ by more than five minutes.',
      remedy: 'Check the time synchronisation (NTP) of both servers.',
    },
    not_pinned_there: {
      wrong: 'The peer has not added this exchange yet.',
      remedy: 'Ask its operator to run this command:',
    },
    pinned_with_another_key: {
      wrong: 'The peer has added this exchange with another key.',
      remedy: 'Compare fingerprints by telephone, and ask its operator to run this command:',
    },
    refused: { wrong: 'The peer refused.', remedy: 'Tell its operator the reason below.' },
  },
  works: (exchange, ms) =>
    `✓ The line to ${exchange} works (${ms ?? '?'} ms there and back). Keys of both sides, directory and clocks are in order.`,
  found: (exchange) => `Found an exchange: ${exchange}`,
  compare: 'Read the fingerprints to the other operator by another way, e.g. by telephone.',
  theirs: (fingerprint) => `  theirs: ${fingerprint}`,
  ours: (fingerprint) => `  ours:   ${fingerprint}`,
  isSame: 'Are they the same? Then type yes: ',
  needsFingerprint: 'Compare, then run this again with --fingerprint and their fingerprint. Nothing was changed.',
  noOrigin: (text) => `${text} is no address of an exchange, e.g. https://exchange.example.jp`,
  itself: (exchange) => `${exchange} is this exchange itself.`,
  rotation: {
    announced: (fingerprint) =>
      `Announced the next signing key: ${fingerprint}\nOnce the others have learnt of it (a day is plenty), the same command again goes over to it.`,
    switched: (fingerprint) =>
      `The new signing key is in use: ${fingerprint}\nThe one before is still believed: key retire ends that, 14 days from now or later.`,
  },
  differs: 'The fingerprint is another one. Nothing was changed.',
  pinned: (exchange) => `Pinned ${exchange}.`,
  othersTurn: (command) => `  ${command}`,
  removed: (what) => `Removed ${what}.`,
  unknown: (what) => `The configuration names no ${what}.`,
  added: (what) => `Added ${what}.`,
  applied: {
    'in-force': 'The running server goes by it now.',
    'at-next-start': 'The server does not run, or there is no key of an operator: it holds from the next start.',
    undone: 'The server refused the new configuration: the file is again as it was, and the server goes on by it.',
    refused: 'The server did not read the new configuration and goes on with the one before.',
  },
  nothing: 'None.',
  notAnswering: '(the server does not answer)',
  purged: (name, count, before, isDryRun) =>
    before === null
      ? `${name}: kept for ever.`
      : `${name}: ${count} from before ${before.slice(0, 10)}${isDryRun ? ' would go; nothing was deleted.' : ' deleted.'}`,
};

export const SENTENCES: Readonly<Record<Language, ExchangeSentences>> = { ja, en };
