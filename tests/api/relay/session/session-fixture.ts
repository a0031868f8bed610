import { openSealedEnvelope, type Envelope } from '#api/contract/envelope.ts';
import { ENVELOPE_HEADER } from '#api/contract/exchange-api.ts';
import { Problem } from '#api/contract/problem.ts';
import { createDirectoryView } from '#api/directory/directory-view.ts';
import type { SessionContext } from '#api/relay/session/parts.ts';
import { createSessions } from '#api/relay/session/sessions.ts';
import type { ExchangeClient } from '#api/http/exchange-client.ts';
import { sealEnvelope } from '#api/contract/envelope.ts';
import { createExchange, describe, NOW, type TestInstitution } from '../../parties/parties.ts';

/** One envelope of a session on the wire, as any relay sees it. */
export interface WireMail {
  readonly envelope: Envelope;
  readonly seal: string;
  readonly body: string;
}

/** What happens to an envelope on the way: nothing, or what a relay that lies would do. */
export type Meddle = (mail: WireMail) => readonly WireMail[] | Promise<readonly WireMail[]>;

/**
 * A and B with a wire between them on which everything can be seen, changed, held and sent again; and M, who is in the
 * directory like them and hostile.
 */
export async function createWire() {
  const [a, b, m] = await Promise.all(['sakura', 'hoshi', 'kaze'].map((network) => createExchange(network, network)));
  const exchanges = [a!, b!, m!];
  const view = createDirectoryView(
    exchanges.map((exchange) => describe(exchange)),
    () => NOW,
  );
  const recorded: WireMail[] = [];
  const refusals: string[] = [];
  const questions: { readonly question: unknown; readonly context: SessionContext }[] = [];
  let time = NOW;
  let patience = 60_000;
  let meddle: Meddle = (mail) => [mail];
  let underway = Promise.resolve();

  async function deliver(mail: WireMail): Promise<string | undefined> {
    const recipient = sides.get(mail.envelope.to);
    try {
      const envelope = await openSealedEnvelope(mail.seal, mail.body, ({ from }) => view.institutionKeys(from));
      await recipient?.sessions.handle(envelope, mail.body);
      return undefined;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      refusals.push(error.code);
      return error.code;
    }
  }

  const clientOf = (self: TestInstitution): ExchangeClient => ({
    ...{ exchange: 'wire', origin: 'https://wire.example' },
    get: () => Promise.reject(new TypeError('not here')),
    getBytes: () => Promise.reject(new TypeError('not here')),
    async post(_path, body, answer, options) {
      const seal = options?.headers?.[ENVELOPE_HEADER] ?? '';
      const text = new TextDecoder().decode(body as Uint8Array);
      const envelope = await openSealedEnvelope(seal, text, () => view.institutionKeys(self.id));
      const mail = { envelope, seal, body: text };
      recorded.push(mail);
      // The wire takes its time: nobody waits for the other side inside his own call.
      underway = underway.then(async () => {
        for (const passed of await meddle(mail)) await deliver(passed);
      });
      return answer.parse({ id: envelope.id, state: 'accepted', receipts: [] });
    },
  });

  const open = (self: TestInstitution) => ({
    party: self,
    sessions: createSessions({
      ...{ institution: self.id, signingKey: self.signing, decryptionKeys: [self.encryption] },
      ...{ client: clientOf(self), directory: () => view, now: () => time },
      get patienceMs() {
        return patience;
      },
      answer(question, context) {
        questions.push({ question, context });
        return question === 'forbidden'
          ? Promise.reject(new Problem('forbidden', 'no'))
          : Promise.resolve({ echo: question });
      },
    }),
  });
  const sides = new Map(exchanges.map(({ member }) => [member.id, open(member)]));
  const side = (at: number) => sides.get(exchanges[at]!.member.id)!;
  return {
    ...{ a: side(0), b: side(1), m: side(2), view, recorded, refusals, questions, deliver },
    setMeddle: (by: Meddle) => void (meddle = by),
    setTime: (to: Date) => void (time = to),
    /** For what is never answered. */
    setPatience: (ms: number) => void (patience = ms),
    /** Until nothing is on the wire any more. */
    async settle() {
      for (let seen; seen !== underway;) {
        seen = underway;
        await seen;
      }
    },
  };
}

/** The same body in a new envelope, sealed by whoever pleases. */
export async function reseal(
  { envelope, body }: WireMail,
  by: TestInstitution,
  change: Partial<Envelope> = {},
): Promise<WireMail> {
  const made = { ...envelope, ...change };
  return { envelope: made, seal: await sealEnvelope(made, by.signing), body };
}
