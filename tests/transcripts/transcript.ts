import { readFileSync, writeFileSync } from 'node:fs';
import { encodeHex, parseHex, type CardChannel } from 'webusb-ccid';

/** One command with its answer. */
export interface Exchange {
  readonly command: Uint8Array;
  readonly response: Uint8Array;
}

/** Bytes on one line of a transcript; longer ones go on in the next, indented. */
const LINE_SIZE_BYTES = 48;

const pathOf = (name: string): URL => new URL(`${name}.apdu`, import.meta.url);

/** A transcript as a person reads it: `>` command, `<` answer, `#` remark. */
export function writeTranscript(name: string, about: string, exchanges: readonly Exchange[]): void {
  const lines = exchanges.flatMap(({ command, response }) => [...wrap('>', command), ...wrap('<', response)]);
  writeFileSync(pathOf(name), `${[`# ${about}`, ...lines].join('\n')}\n`);
}

function wrap(mark: string, bytes: Uint8Array): string[] {
  const count = Math.ceil(bytes.length / LINE_SIZE_BYTES);
  return Array.from({ length: count }, (_, i) => {
    const part = encodeHex(bytes.subarray(i * LINE_SIZE_BYTES, (i + 1) * LINE_SIZE_BYTES));
    return `${i === 0 ? mark : ' '} ${part}`;
  });
}

export function readTranscript(name: string): Exchange[] {
  const text = readFileSync(pathOf(name), 'utf8').replaceAll(/^#.*\n/gm, '');
  return text
    .split(/^> /m)
    .slice(1)
    .map((part) => {
      const [command = '', response = ''] = part.split(/^< /m);
      return { command: parseHex(command), response: parseHex(response) };
    });
}

/** A channel that notes what passes through another. */
export function recordChannel(channel: CardChannel): CardChannel & { readonly exchanges: readonly Exchange[] } {
  const exchanges: Exchange[] = [];
  return {
    exchanges,
    async transmit(bytes) {
      const command = bytes.slice();
      const response = await channel.transmit(bytes);
      exchanges.push({ command, response: response.slice() });
      return response;
    },
  };
}

/** A channel that accepts exactly the commands of a transcript, in their order. */
export function replayChannel(exchanges: readonly Exchange[]): CardChannel & { left(): number } {
  let at = 0;
  return {
    left: () => exchanges.length - at,
    transmit(command) {
      const next = exchanges[at];
      if (!next || encodeHex(next.command) !== encodeHex(command)) {
        const wanted = next ? encodeHex(next.command) : 'nothing more';
        return Promise.reject(new RangeError(`command ${at + 1}: ${encodeHex(command)} instead of ${wanted}`));
      }
      at += 1;
      return Promise.resolve(next.response.slice());
    },
  };
}
