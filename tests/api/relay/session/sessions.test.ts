import { beforeEach, describe, expect, it } from 'vitest';
import { digestBase64Url } from '#api/contract/encoding.ts';
import { createId } from '#api/contract/ids.ts';
import { decryptDirect, readClaims, readHeader } from '#api/contract/jose.ts';
import { openBody, sealBody } from '#api/contract/sealed-body.ts';
import { readFramePlace, sealFrame } from '#api/contract/session/frame.ts';
import {
  createEphemeralKey,
  deriveFrameKey,
  deriveSecrets,
  type EphemeralKey,
} from '#api/contract/session/key-schedule.ts';
import { SessionAccept, SessionInit, signAccept, signInit, transcriptHash } from '#api/contract/session/statements.ts';
import { REKEY } from '#api/relay/session/chain.ts';
import { later } from '../../parties/parties.ts';
import { createWire, reseal, type WireMail } from './session-fixture.ts';

let wire: Awaited<ReturnType<typeof createWire>>;
beforeEach(async () => {
  wire = await createWire();
});

const toB = () => wire.b.party.id;
const open = () => wire.a.sessions.open(toB(), 'results-available');

/** Waits until somebody on the wire refused something. */
async function untilRefused(): Promise<void> {
  while (wire.refusals.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
  await wire.settle();
}

/** A call that is refused on its way, so that nobody ever answers it. */
async function openInVain(): Promise<void> {
  let isOpen = false;
  void open().then(
    () => (isOpen = true),
    () => {},
  );
  await untilRefused();
  expect([isOpen, wire.a.sessions.count()]).toEqual([false, 0]);
}

/** A question that is refused on its way. */
async function askInVain(session: Awaited<ReturnType<typeof open>>, question: string): Promise<void> {
  const asking = session.ask(question).catch(() => {});
  await untilRefused();
  void asking;
}

/** The same envelope with another body, by a sender who is free to seal what he likes. */
const rewrite = async (mail: WireMail, by: WireMail['envelope']['from'], jws: string): Promise<WireMail> => {
  const parties = [wire.a.party, wire.b.party, wire.m.party];
  const sender = parties.find(({ id }) => id === by)!;
  const reader = parties.find(({ id }) => id === mail.envelope.to)!;
  const { body, sizeBucket } = await sealBody(jws, reader.encryption.publicJwk);
  const change = { from: by, sizeBucket, digest: digestBase64Url(body), id: createId() };
  return reseal({ ...mail, body: body as string }, sender, change);
};

describe('a session', () => {
  it('is open after one round trip, answers, and closes on both sides', async () => {
    const session = await open();
    expect(wire.recorded).toHaveLength(2);
    expect(await session.ask({ n: 1 })).toEqual({ echo: { n: 1 } });
    expect(await session.ask('again')).toEqual({ echo: 'again' });
    expect(wire.questions[0]?.context).toMatchObject({
      ...{ from: wire.a.party.id, service: 'results-available', transcript: session.transcript },
    });
    await expect(session.ask('forbidden')).rejects.toMatchObject({ code: 'forbidden' });
    await session.close();
    await wire.settle();
    expect([wire.a.sessions.count(), wire.b.sessions.count()]).toEqual([0, 0]);
    await expect(session.ask('late')).rejects.toMatchObject({ code: 'session_ended' });
    expect(wire.refusals).toEqual([]);
  });

  it('shows the relay nothing but who, when and a size bucket', async () => {
    const session = await open();
    await session.ask('the secret question');
    await session.close();
    await wire.settle();
    for (const { envelope, body } of wire.recorded) {
      expect(envelope).toMatchObject({ kind: 'session', priority: 'urgent', sizeBucket: 4096 });
      expect(JSON.stringify(readHeader(body))).not.toContain('secret');
    }
    expect(new Set(wire.recorded.map(({ body }) => body.split('.')[3]?.length)).size).toBe(1);
  });

  it('changes its keys after a number of frames, and cannot go back', async () => {
    const session = await open();
    for (let i = 0; i <= REKEY.frames; i += 1) expect(await session.ask(i)).toEqual({ echo: i });
    const frames = wire.recorded.slice(2).map(({ body }) => readFramePlace(body)!);
    const generations = frames.filter(({ dir }) => dir === 'initiator').map(({ gen }) => gen);
    expect(generations).toEqual([...Array.from({ length: REKEY.frames }, () => 0), 1]);
    await session.close();
  });

  it('changes its keys after a time', async () => {
    const session = await open();
    await session.ask(1);
    wire.setTime(later(REKEY.ms));
    await session.ask(2);
    expect(readFramePlace(wire.recorded.at(-1)!.body)).toMatchObject({ gen: 1 });
    await session.close();
  });

  it('is refused when nobody answers', async () => {
    wire.setMeddle(() => []);
    wire.setPatience(30);
    await expect(open()).rejects.toMatchObject({ code: 'query_unanswered' });
    expect(wire.a.sessions.count()).toBe(0);
  });
});

describe('against somebody in the middle', () => {
  it('who puts his own key into INIT: it is not signed by A', async () => {
    wire.setMeddle(async (mail) => {
      if (mail.envelope.to !== toB()) return [mail];
      const init = readClaims(await openBody(mail.body, [wire.b.party.encryption]), SessionInit);
      const own = await createEphemeralKey();
      // M even owns A's envelope key for a moment; the statement inside is still M's.
      const forged = await signInit({ ...init, epk: own.publicJwk }, wire.m.party.signing);
      return [await rewrite(mail, wire.a.party.id, forged)];
    });
    await openInVain();
    expect(wire.refusals).toEqual(['session_untrusted']);
  });

  it('who answers in the place of B', async () => {
    wire.setMeddle(async (mail) => {
      if (mail.envelope.to === toB()) return [mail];
      const accept = readClaims(await openBody(mail.body, [wire.a.party.encryption]), SessionAccept);
      const own = await createEphemeralKey();
      const forged = await signAccept({ ...accept, epk: own.publicJwk }, wire.m.party.signing);
      return [await rewrite(mail, wire.b.party.id, forged)];
    });
    await openInVain();
    expect(wire.refusals).toEqual(['session_untrusted']);
  });

  it('who takes A’s call for his own: B would think it speaks with M, and A hears so', async () => {
    wire.setMeddle(async (mail) => {
      if (mail.envelope.to !== toB()) return [mail];
      const init = readClaims(await openBody(mail.body, [wire.b.party.encryption]), SessionInit);
      return [
        await rewrite(mail, wire.m.party.id, await signInit({ ...init, from: wire.m.party.id }, wire.m.party.signing)),
      ];
    });
    await openInVain();
    // B's answer names M, and goes to M, who has called nobody.
    await wire.settle();
    expect(wire.refusals).toEqual(['session_unknown']);
    expect(wire.a.sessions.count()).toBe(0);
  });

  it('who hands A’s call for B to himself', async () => {
    wire.setPatience(30);
    let refused: string | undefined;
    wire.setMeddle(async (mail) => {
      if (mail.envelope.to !== toB()) return [mail];
      const init = await openBody(mail.body, [wire.b.party.encryption]);
      refused = await wire.deliver(
        await rewrite({ ...mail, envelope: { ...mail.envelope, to: wire.m.party.id } }, wire.a.party.id, init),
      );
      return [];
    });
    await expect(open()).rejects.toMatchObject({ code: 'query_unanswered' });
    await wire.settle();
    expect(refused).toBe('session_untrusted');
  });

  it('who has stolen A’s keys: he cannot pass for B before A', async () => {
    wire.setMeddle(async (mail) => {
      if (mail.envelope.to === toB()) return [mail];
      const accept = readClaims(await openBody(mail.body, [wire.a.party.encryption]), SessionAccept);
      const own = await createEphemeralKey();
      return [
        await rewrite(mail, wire.b.party.id, await signAccept({ ...accept, epk: own.publicJwk }, wire.a.party.signing)),
      ];
    });
    await openInVain();
    expect(wire.refusals).toEqual(['session_untrusted']);
  });

  it('who speaks before A has confirmed what both signed', async () => {
    const sid = createId();
    const own = await createEphemeralKey();
    const seconds = Math.floor(later(0).getTime() / 1000);
    // A call of A that M has recorded elsewhere would do: here A itself is made to sign, and M holds the ephemeral key.
    const init: SessionInit = {
      ...{ version: 1, sid, from: wire.a.party.id, to: toB(), service: 'results-available', epk: own.publicJwk },
      ...{ nonce: 'n'.repeat(43), iat: seconds, exp: seconds + 60 },
    };
    const jws = await signInit(init, wire.a.party.signing);
    const base = {
      ...{ id: createId(), from: wire.a.party.id, to: toB(), conversation: sid, sizeBucket: 4096, digest: '' },
      ...{ created: later(0).toISOString(), expires: later(60_000).toISOString() },
    };
    const envelope = { ...base, version: 1, kind: 'session', priority: 'urgent' } as const;
    const call: WireMail = { envelope, seal: '', body: '' };
    expect(await wire.deliver(await rewrite(call, wire.a.party.id, jws))).toBeUndefined();
    const answered = wire.recorded.at(-1)!;
    const accept = await openBody(answered.body, [wire.a.party.encryption]);
    const epk = readClaims(accept, SessionAccept).epk;
    const { initiator } = await deriveSecrets(own, epk, transcriptHash(jws, accept));
    const place = { sid, dir: 'initiator', gen: 0, seq: 0 } as const;
    const { body } = await sealFrame({ kind: 'ask', body: 'give' }, place, await deriveFrameKey(initiator));
    const change = { digest: digestBase64Url(body), id: createId(), from: wire.a.party.id, sizeBucket: 4096 };
    const frame = await reseal({ ...call, body }, wire.a.party, change);
    expect(await wire.deliver(frame)).toBe('session_untrusted');
    expect(wire.questions).toEqual([]);
  });
});

describe('whoever recorded everything', () => {
  it('and later gets every long-term key opens the handshake and nothing after it', async () => {
    const session = await open();
    await session.ask('what is there?');
    await session.close();
    await wire.settle();
    const [first, second, frame] = wire.recorded;
    const [init, accept] = [
      await openBody(first!.body, [wire.b.party.encryption]),
      await openBody(second!.body, [wire.a.party.encryption]),
    ];
    const transcript = transcriptHash(init, accept);
    const [ephA, ephB] = [readClaims(init, SessionInit).epk, readClaims(accept, SessionAccept).epk];
    const statics = [wire.a.party.encryption, wire.b.party.encryption, wire.a.party.signing, wire.b.party.signing];
    const publics = [ephA, ephB, ...statics.map(({ publicJwk }) => publicJwk)];
    for (const { privateKey } of statics.slice(0, 2)) {
      for (const theirs of publics) {
        const key: EphemeralKey = { privateKey, publicJwk: ephA };
        const secrets = await deriveSecrets(key, theirs as typeof ephA, transcript);
        for (const secret of Object.values(secrets)) {
          const attempt = decryptDirect(await deriveFrameKey(secret), frame!.body);
          await expect(attempt).rejects.toMatchObject({ code: 'jwe_malformed' });
        }
      }
    }
    await expect(openBody(frame!.body, statics.slice(0, 2) as never)).rejects.toMatchObject({
      code: 'decryption_failed',
    });
  });

  it('would need an ephemeral key, which is not extractable', async () => {
    const own = await createEphemeralKey();
    await expect(crypto.subtle.exportKey('jwk', own.privateKey)).rejects.toThrow();
    // The control of the test above: with it, everything opens.
    const other = await createEphemeralKey();
    const transcript = transcriptHash('init', 'accept');
    const [left, right] = [
      await deriveSecrets(own, other.publicJwk, transcript),
      await deriveSecrets(other, own.publicJwk, transcript),
    ];
    expect(left).toEqual(right);
    expect(left.initiator).not.toEqual(left.responder);
    expect(await deriveSecrets(own, other.publicJwk, transcriptHash('init', 'other'))).not.toEqual(left);
  });
});

describe('on the wire', () => {
  it('a frame or a call that comes again has no second effect', async () => {
    const session = await open();
    await session.ask('once');
    const [init, , ask] = wire.recorded;
    expect(await wire.deliver(init!)).toBeUndefined();
    expect(await wire.deliver(ask!)).toBeUndefined();
    expect(wire.questions).toHaveLength(1);
    const again = (mail: WireMail) => reseal(mail, wire.a.party, { id: createId() });
    expect(await wire.deliver(await again(ask!))).toBe('session_replayed');
    expect(await wire.deliver(await again(init!))).toBe('session_replayed');
    expect(wire.questions).toHaveLength(1);
    expect(await session.ask('still alive')).toEqual({ echo: 'still alive' });
    await session.close();
  });

  it('a recorded session cannot be played again after it has ended', async () => {
    const session = await open();
    await session.ask('once');
    await session.close();
    await wire.settle();
    const ask = wire.recorded[2]!;
    expect(await wire.deliver(await reseal(ask, wire.a.party, { id: createId() }))).toBe('session_unknown');
    const init = wire.recorded[0]!;
    wire.setTime(later(20 * 60_000));
    expect(await wire.deliver(await reseal(init, wire.a.party, { id: createId() }))).toBe('session_ended');
  });

  it('a frame that is missing, or out of its place, ends the session', async () => {
    const session = await open();
    await session.ask('first');
    wire.setMeddle((mail) => (mail.envelope.to === toB() ? [] : [mail]));
    wire.setPatience(30);
    await expect(session.ask('swallowed')).rejects.toMatchObject({ code: 'query_unanswered' });
    wire.setMeddle((mail) => [mail]);
    wire.setPatience(60_000);
    await askInVain(session, 'after the gap');
    expect(wire.refusals).toEqual(['session_malformed']);
    expect(wire.b.sessions.count()).toBe(0);
    expect(wire.questions.map(({ question }) => question)).toEqual(['first']);
  });

  it('an end that hides cut frames is noticed', async () => {
    const session = await open();
    await session.ask('first');
    wire.setMeddle((mail) => (mail.envelope.to === toB() ? [] : [mail]));
    wire.setPatience(30);
    await expect(session.ask('cut')).rejects.toMatchObject({ code: 'query_unanswered' });
    wire.setMeddle((mail) => [mail]);
    await session.close();
    await untilRefused();
    expect(wire.refusals).toEqual(['session_malformed']);
  });

  it.each([
    ['changed', (body: string) => body.replace(/\.[^.]{22}$/, `.${'A'.repeat(22)}`)],
    [
      'moved to another place',
      (body: string) => {
        const [head = '', ...rest] = body.split('.');
        const header = { ...(JSON.parse(atob(head)) as object), gen: 1 };
        return [btoa(JSON.stringify(header)).replaceAll('=', ''), ...rest].join('.');
      },
    ],
    ['nonsense', () => 'a..b.c.d'],
  ])('a frame that was %s is refused', async (_what, change) => {
    const session = await open();
    wire.setMeddle(async (mail) => {
      if (mail.envelope.to !== toB()) return [mail];
      const body = change(mail.body);
      return [await reseal({ ...mail, body }, wire.a.party, { digest: digestBase64Url(body) })];
    });
    await askInVain(session, 'question');
    expect(wire.refusals).toEqual(['session_malformed']);
    expect(wire.questions).toEqual([]);
  });

  it('a frame of another member of the session’s network is refused', async () => {
    const session = await open();
    await session.ask('first');
    const ask = wire.recorded[2]!;
    const byM = await reseal(ask, wire.m.party, { from: wire.m.party.id, id: createId() });
    expect(await wire.deliver(byM)).toBe('session_untrusted');
    await session.close();
  });
});
