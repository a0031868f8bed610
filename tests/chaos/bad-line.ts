import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a bad line does to one request. */
export const LINE_TROUBLES = [
  'lost on the way there',
  'cut on the way there',
  'lost on the way back',
  'cut on the way back',
  'doubled',
  'doubled later',
  'late',
] as const;
export type LineTrouble = (typeof LINE_TROUBLES)[number];

/** Stands before the processes of one exchange: hands requests to them in turn, and does badly by some. */
export interface BadLine {
  readonly origin: string;
  readonly counts: ReadonlyMap<LineTrouble, number>;
  /** Cuts everything that is open and lets nothing through for a while. */
  cut(ms: number): void;
  /** From now on every request goes through. */
  mend(): void;
  close(): Promise<void>;
}

export interface BadLineOptions {
  readonly ports: readonly number[];
  readonly random: () => number;
  /** Of a hundred requests, how many get into trouble. */
  readonly percent: number;
}

const LONGEST_DELAY_MS = 800;

export async function openBadLine({ ports, random, percent }: BadLineOptions): Promise<BadLine> {
  const counts = new Map<LineTrouble, number>();
  let isMended = false;
  let cutUntil = 0;
  let turn = 0;

  function chooseTrouble(): LineTrouble | undefined {
    if (isMended || random() * 100 >= percent) return undefined;
    const trouble = LINE_TROUBLES[Math.floor(random() * LINE_TROUBLES.length)];
    if (trouble) counts.set(trouble, (counts.get(trouble) ?? 0) + 1);
    return trouble;
  }
  /** To the next process; to another one when that is not there. */
  async function hand(incoming: IncomingMessage, body: Buffer, abort: AbortSignal): Promise<Answer> {
    let failure: unknown;
    for (let attempt = 0; attempt < ports.length; attempt += 1) {
      const port = ports[(turn += 1) % ports.length] ?? 0;
      try {
        return await ask(port, incoming, body, abort);
      } catch (error) {
        failure = error;
        const isRefused = error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
        if (!isRefused) break;
      }
    }
    throw failure;
  }

  const server = createServer((incoming, outgoing) => {
    void carry(incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  async function carry(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    if (Date.now() < cutUntil) return void incoming.socket.destroy();
    const body = await readAll(incoming);
    const gone = new AbortController();
    outgoing.once('close', () => gone.abort());
    const trouble = chooseTrouble();
    const go = () => hand(incoming, body, gone.signal);
    const again = () => void hand(incoming, body, new AbortController().signal).catch(() => {});
    const delay = () => new Promise((resolve) => setTimeout(resolve, random() * LONGEST_DELAY_MS));

    if (trouble === 'lost on the way there') return void incoming.socket.destroy();
    if (trouble === 'cut on the way there') {
      halfOf(ports[(turn += 1) % ports.length] ?? 0, incoming, body);
      return void incoming.socket.destroy();
    }
    if (trouble === 'late') await delay();
    if (trouble === 'doubled') again();
    const answer = await go();
    if (trouble === 'lost on the way back') return void incoming.socket.destroy();
    if (trouble === 'doubled later') void delay().then(again);
    outgoing.writeHead(answer.status, answer.headers);
    if (trouble === 'cut on the way back' && answer.body.length > 1) {
      outgoing.write(answer.body.subarray(0, answer.body.length >> 1), () => incoming.socket.destroy());
    } else outgoing.end(answer.body);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ...{ origin: `http://127.0.0.1:${port}`, counts },
    cut(ms) {
      cutUntil = Date.now() + ms;
      server.closeAllConnections();
    },
    mend() {
      isMended = true;
      cutUntil = 0;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function withoutHops({ headers }: IncomingMessage): Record<string, string | string[]> {
  const hops = ['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'host'];
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value && !hops.includes(name) ? [[name, value]] : [])),
  );
}

function ask(port: number, incoming: IncomingMessage, body: Buffer, signal: AbortSignal): Promise<Answer> {
  const { method, url } = incoming;
  const headers = { ...withoutHops(incoming), 'content-length': String(body.length) };
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path: url, headers, signal, agent: false }, (response) => {
      readAll(response).then(
        (answer) => resolve({ status: response.statusCode ?? 500, headers: withoutHops(response), body: answer }),
        reject,
      );
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

/** Sends the beginning of a request and hangs up. */
function halfOf(port: number, incoming: IncomingMessage, body: Buffer): void {
  const headers = { ...withoutHops(incoming), 'content-length': String(body.length + 1) };
  const { method, url } = incoming;
  const sent = request({ host: '127.0.0.1', port, method, path: url, headers, agent: false });
  sent.once('error', () => {});
  sent.write(body.subarray(0, body.length >> 1), () => sent.destroy());
}
