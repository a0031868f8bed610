import { NODES, type Origins } from './nodes.ts';

/**
 * What a newcomer reads when the network runs: what is where, and what to click first.
 *
 * @param operatorLinks one for each exchange
 */
export function describeRunning(origins: Origins, dataDirectory: string, operatorLinks: readonly string[]): string {
  const rows = NODES.map(({ name, label }) => [label.ja, label.en, origins[name]]);
  const start = origins['gateway-a'];
  return `
${drawTable(['サーバー', 'Server', 'URL'], rows)}

  まずここを開いてください: ${start}/
    「受付」で模擬カードを選び、模擬リーダーに置くと、来院が記録されます。診療所(B)は ${origins['gateway-b']}/ です。
  First, open ${start}/
    At Reception choose a simulated card and lay it on the simulated reader. The clinic (B) is at ${origins['gateway-b']}/

  運用者の画面(一度だけ使えるリンク) / the operator's screen, each link works once:
${operatorLinks.map((link) => `    ${link}`).join('\n')}

  暗証番号 / PINs: 1234 (マイナンバーカード), 123456 (HPKI)    データ / data: ${dataDirectory}
  人・施設・カードはすべて架空です。 Everybody and everything here is made up.    Ctrl-C: 終了 / stop
`;
}

function drawTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) => Math.max(...[title, ...rows.map((row) => row[i] ?? '')].map(columns)));
  const line = (cells: readonly string[]) =>
    `  ${cells.map((cell, i) => fill(cell, widths[i] ?? 0)).join('  ')}`.trimEnd();
  return [line(head), line(widths.map((width) => '─'.repeat(width))), ...rows.map(line)].join('\n');
}

const fill = (text: string, width: number): string => text + ' '.repeat(width - columns(text));

/** Columns of a terminal that a text takes: two for each kanji, kana and full-width sign. */
function columns(text: string): number {
  return [...text].reduce((sum, character) => sum + (/[\u3000-\u9fff\uff00-\uff60]/u.test(character) ? 2 : 1), 0);
}
