import { beforeAll, describe, expect, it } from 'vitest';
import { digestBase64Url } from '#api/contract/encoding.ts';
import type { Envelope } from '#api/contract/envelope.ts';
import { readClaims } from '#api/contract/jose.ts';
import { EnvelopeReceipt } from '#api/contract/envelope.ts';
import { acceptEnvelope } from '#api/relay/accept-envelope.ts';
import { BODY_LIMIT_BYTES, requireBodyShape } from '#api/relay/body-shape.ts';
import { createClock, createKey, createParties, DAY_MS, later, NOW, type TestExchange } from '../parties/parties.ts';
import { WRITE_FAULTS } from '../parties/faults.ts';
import { createRelay, seal } from './relay-fixture.ts';

let east: TestExchange;
let west: TestExchange;

beforeAll(async () => {
  ({ east, west } = await createParties());
});

const atWest = (clock = createClock()) => createRelay(west, [east], clock.now);
const member = () => ({ kind: 'member', id: west.member.id }) as const;
const toA = (change?: Partial<Envelope>) => seal(west.member, east.member, change);

describe('an envelope', () => {
  it('is stored with a signed receipt before it is answered', async () => {
    const { parts } = atWest();
    const mail = await toA();
    const entry = await acceptEnvelope(parts, member(), mail.seal, mail.body);
    expect(entry).toMatchObject({ state: 'accepted', destination: { kind: 'peer', exchange: 'east' }, origin: null });
    expect(readClaims(entry.receipts[0]!, EnvelopeReceipt)).toMatchObject({ iss: 'west', state: 'accepted' });
    const [waiting] = await parts.store.readOutgoing('east', { count: 1, bytes: 1 });
    expect(waiting).toMatchObject({ envelope: mail.envelope, body: mail.body, seal: mail.seal });
  });

  it('goes into the mailbox of a member, also out of the hands of a peer', async () => {
    const { parts } = createRelay(east, [west], () => NOW);
    const mail = await toA();
    const entry = await acceptEnvelope(parts, { kind: 'peer', id: 'west' }, mail.seal, mail.body);
    expect(entry).toMatchObject({ destination: { kind: 'mailbox' }, origin: 'west' });
  });

  it('again is answered as it stands, even after its time', async () => {
    const clock = createClock();
    const { parts } = atWest(clock);
    const mail = await toA();
    const first = await acceptEnvelope(parts, member(), mail.seal, mail.body);
    clock.set(later(2 * DAY_MS));
    expect(await acceptEnvelope(parts, member(), mail.seal, mail.body)).toEqual(first);
  });

  it.each(WRITE_FAULTS)('is accepted once by the next try when it was %s', async (fault) => {
    const { parts, fail } = atWest();
    const mail = await toA();
    fail(fault);
    const attempt = acceptEnvelope(parts, member(), mail.seal, mail.body);
    await expect(attempt).rejects.toMatchObject({ name: 'DiskFault' });
    const entry = await acceptEnvelope(parts, member(), mail.seal, mail.body);
    expect(entry.receipts).toHaveLength(1);
    expect(await parts.store.readOutgoing('east', { count: 9, bytes: 1_000_000 })).toHaveLength(1);
  });
});

describe('refused is an envelope', () => {
  const refused = async (change: Partial<Envelope>, code: string) => {
    const { parts } = atWest();
    const mail = await toA(change);
    await expect(acceptEnvelope(parts, member(), mail.seal, mail.body)).rejects.toMatchObject({ code });
    expect(await parts.store.read(mail.envelope.id)).toBeUndefined();
  };

  it('of someone else', async () => {
    const { parts } = atWest();
    const mail = await seal(east.member, west.member);
    const attempt = acceptEnvelope(parts, member(), mail.seal, mail.body);
    await expect(attempt).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('that another key signed', async () => {
    const { parts } = atWest();
    const mail = await seal(west.member, east.member, {}, await createKey());
    const attempt = acceptEnvelope(parts, member(), mail.seal, mail.body);
    await expect(attempt).rejects.toMatchObject({ code: 'envelope_signature_invalid' });
  });

  it('whose signature was changed', async () => {
    const { parts } = atWest();
    const mail = await toA();
    const [header, , signature] = mail.seal.split('.');
    const claims = Buffer.from(JSON.stringify({ ...mail.envelope, kind: 'release' })).toString('base64url');
    const attempt = acceptEnvelope(parts, member(), `${header}.${claims}.${signature}`, mail.body);
    await expect(attempt).rejects.toMatchObject({ code: 'envelope_signature_invalid' });
  });

  it('with another body', async () => {
    const { parts } = atWest();
    const [mail, other] = await Promise.all([toA(), toA()]);
    const attempt = acceptEnvelope(parts, member(), mail.seal, other.body);
    await expect(attempt).rejects.toMatchObject({ code: 'envelope_digest_mismatch' });
  });

  it.each([[undefined], [''], ['a.b.c'], ['x'.repeat(9000)]])('that is none (%#)', async (text) => {
    const { parts } = atWest();
    const attempt = acceptEnvelope(parts, member(), text, 'body');
    await expect(attempt).rejects.toMatchObject({ code: 'envelope_malformed' });
  });

  it.each(['sakura/../1310000012', 'sakura%2f1310000012', 'sakura/13100000%31', '../sakura/1310000012'])(
    'whose recipient plays tricks: %s',
    (to) => refused({ to }, 'envelope_malformed'),
  );

  it('after its time', () => refused({ expires: NOW.toISOString() }, 'envelope_expired'));
  it('from the future', () => refused({ created: later(600_000).toISOString() }, 'clock_skew'));
  it('that wants to be kept too long', () =>
    refused({ expires: later(31 * DAY_MS).toISOString() }, 'envelope_malformed'));
  it('to an institution that nobody names', () => refused({ to: 'sakura/9999999999' }, 'recipient_unknown'));
  it('to a network that nobody names', () => refused({ to: 'umi/1310000012' }, 'recipient_unknown'));
  it('of a size that is no bucket', () => refused({ sizeBucket: 5000 }, 'envelope_malformed'));
  it('of another size than its bucket', () => refused({ sizeBucket: 16_384 }, 'envelope_malformed'));

  it('of a sender whose directory is over', async () => {
    const clock = createClock();
    const { parts } = atWest(clock);
    const time = later(8 * DAY_MS);
    clock.set(time);
    const mail = await toA({ created: time.toISOString(), expires: later(9 * DAY_MS).toISOString() });
    const attempt = acceptEnvelope(parts, member(), mail.seal, mail.body);
    await expect(attempt).rejects.toMatchObject({ code: 'directory_stale' });
  });

  it('whose id stands for another', async () => {
    const { parts } = atWest();
    const mail = await toA();
    await acceptEnvelope(parts, member(), mail.seal, mail.body);
    const other = await toA({ id: mail.envelope.id });
    const attempt = acceptEnvelope(parts, member(), other.seal, other.body);
    await expect(attempt).rejects.toMatchObject({ code: 'conflict' });
  });

  it('that a peer brings for someone else’s network, or to cross a second border', async () => {
    const { parts } = atWest();
    const own = await toA();
    const peer = { kind: 'peer', id: 'east' } as const;
    await expect(acceptEnvelope(parts, peer, own.seal, own.body)).rejects.toMatchObject({ code: 'forbidden' });
    const onward = await seal(east.member, east.member);
    const attempt = acceptEnvelope(parts, peer, onward.seal, onward.body);
    await expect(attempt).rejects.toMatchObject({ code: 'recipient_unknown' });
  });

  it('that a peer brings before its directory came: it shall come again', async () => {
    const { parts } = createRelay(west, [], () => NOW);
    const mail = await seal(east.member, west.member);
    const attempt = acceptEnvelope(parts, { kind: 'peer', id: 'east' }, mail.seal, mail.body);
    await expect(attempt).rejects.toMatchObject({ code: 'directory_stale' });
  });
});

describe('a body', () => {
  it('larger than 64 MiB is refused by its length alone', () => {
    const body = 'x'.repeat(BODY_LIMIT_BYTES + 1);
    const check = () => requireBodyShape(body, { sizeBucket: 65_536 * 1024 });
    expect(check).toThrow(expect.objectContaining({ code: 'envelope_too_large' }));
  });

  it.each(['', 'text', 'a.b.c.d.e', 'a..b.c.d.e', 'ä..b.c.d'])('that is no JWE is refused: %j', (body) => {
    expect(() => requireBodyShape(body, { sizeBucket: 4096 })).toThrow(
      expect.objectContaining({ code: 'envelope_malformed' }),
    );
    expect(digestBase64Url(body)).toHaveLength(43);
  });
});
