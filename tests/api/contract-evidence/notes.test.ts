import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeUtf8, parseBase64, encodeBase64Url } from '../../../api/contract/encoding.ts';
import {
  parseCheckpoint,
  encodeCheckpoint,
  parseSignedCheckpoint,
  verifyCheckpoint,
} from '../../../api/contract/evidence/checkpoint.ts';
import {
  cosignCheckpoint,
  encodeCosignedMessage,
  verifyCosignature,
} from '../../../api/contract/evidence/cosignature.ts';
import { createNoteSigningJwk, importNoteSigner } from '../../../api/contract/evidence/note-signer.ts';
import { encodeNote, parseNote, verifyNote } from '../../../api/contract/evidence/signed-note.ts';
import {
  createVerifierKey,
  encodeVerifierKey,
  parseVerifierKey,
  SIGNATURE_TYPES,
} from '../../../api/contract/evidence/verifier-key.ts';

/** The example and key of C2SP signed-note, Verifier keys. */
const SPEC_VKEY = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
const SPEC_NOTE =
  'This is an example message.\n\n' +
  '— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n';

/** The example of C2SP signed-note, Format: an empty line inside the text. */
const POEM =
  'Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n' +
  '— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n';

/** Key and note of the documentation of Go's sumdb/note: signing is deterministic, so the bytes can be compared. */
const GO_VKEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const GO_SEED = parseBase64('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz').slice(1);
const GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const GO_NOTE = `${GO_TEXT}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`;

/** The example of C2SP tlog-cosignature. Its keys are not published: framing only. */
const SOFA_TEXT = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
const SOFA =
  `${SOFA_TEXT}\n` +
  '— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n' +
  '— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n';

/** A checkpoint that a public log signed and public witnesses cosigned. */
const ARCHE =
  'arche2025h1.staging.ct.transparency.dev\n1432088532\nU7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=\n\n' +
  '— arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=\n' +
  '— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=\n' +
  '— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==\n';
const ARCHE_VKEY = 'arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f';
const REMORA_VKEY = 'remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2';

describe('verifier keys', () => {
  it.each([SPEC_VKEY, GO_VKEY, ARCHE_VKEY, REMORA_VKEY])('%s keeps its spelling', (text) => {
    expect(encodeVerifierKey(parseVerifierKey(text))).toBe(text);
  });

  it('compute the key id from name, type and key', () => {
    const { name, type, publicKey } = parseVerifierKey(SPEC_VKEY);
    expect(createVerifierKey(name, type, publicKey).keyId).toEqual(Uint8Array.of(0x53, 0x0d, 0x90, 0x3a));
  });

  it.each([
    ['a key id that is not the key’s', SPEC_VKEY.replace('530d903a', '530d903b')],
    ['upper-case hex', SPEC_VKEY.replace('530d903a', '530D903A')],
    ['an unknown signature type', 'example.com/foo+00000000+++++++++++++++++++++++++++++++++++++++++++++'],
    ['no name', SPEC_VKEY.slice('example.com/foo'.length)],
    ['a name with a space', SPEC_VKEY.replace('/foo', '/ foo')],
    ['a key cut short', SPEC_VKEY.slice(0, -4)],
    ['nothing', ''],
  ])('refuse %s', (_, text) => {
    expect(() => parseVerifierKey(text)).toThrow(expect.objectContaining({ code: 'vkey_malformed' }));
  });

  it('refuse names the format cannot carry', () => {
    expect(() => createVerifierKey('a+b', SIGNATURE_TYPES.ed25519, new Uint8Array(32))).toThrow(TypeError);
  });
});

describe('signed notes', () => {
  it.each([SPEC_NOTE, POEM, GO_NOTE, SOFA, ARCHE])('keep their bytes', (note) => {
    expect(encodeNote(parseNote(note))).toBe(note);
  });

  it('end their text at the last empty line', () => {
    expect(parseNote(POEM).text).toMatch(/^Ognuno.*sole:\n\ned è subito sera\.\n$/s);
  });

  it('verify with the specification’s key and Go’s', async () => {
    await expect(verifyNote(parseNote(SPEC_NOTE), parseVerifierKey(SPEC_VKEY))).resolves.toBeUndefined();
    await expect(verifyNote(parseNote(GO_NOTE), parseVerifierKey(GO_VKEY))).resolves.toBeUndefined();
  });

  it('are signed byte for byte as Go signs them', async () => {
    const { name, keyId, publicKey } = parseVerifierKey(GO_VKEY);
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: encodeBase64Url(publicKey), d: encodeBase64Url(GO_SEED) };
    const signer = await importNoteSigner(name, jwk);
    const signature = await signer.sign(encodeUtf8(GO_TEXT));
    expect(encodeNote({ text: GO_TEXT, signatures: [{ name, keyId, signature }] })).toBe(GO_NOTE);
  });

  it('tell an unknown key from a wrong signature', async () => {
    await expect(verifyNote(parseNote(SPEC_NOTE), parseVerifierKey(GO_VKEY))).rejects.toMatchObject({
      code: 'note_unknown_key',
    });
    const changed = parseNote(SPEC_NOTE.replace('message', 'massage'));
    await expect(verifyNote(changed, parseVerifierKey(SPEC_VKEY))).rejects.toMatchObject({
      code: 'note_bad_signature',
    });
  });

  it.each([
    ['no signatures', 'text\n'],
    ['no final newline', SPEC_NOTE.slice(0, -1)],
    ['a carriage return', SPEC_NOTE.replace('message.', 'message.\r')],
    ['a hyphen for the dash', SPEC_NOTE.replace('—', '-')],
    ['a key name with a plus', SPEC_NOTE.replace('/foo ', '/f+o ')],
    ['base64 with spare bits set', SPEC_NOTE.replace('QM=\n', 'QN=\n')],
    ['a signature of four bytes', 'text\n\n— a AAAAAA==\n'],
    ['a half surrogate', SPEC_NOTE.replace('This', '\ud800')],
    ['too many signatures', SPEC_NOTE + '— a AAAAAAAA\n'.repeat(64)],
  ])('refuse %s', (_, note) => {
    expect(() => parseNote(note)).toThrow(expect.objectContaining({ code: 'note_malformed' }));
  });
});

describe('checkpoints', () => {
  it('keep the bytes of the specification’s example', () => {
    expect(parseCheckpoint(SOFA_TEXT)).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20852163 });
    expect(encodeCheckpoint(parseCheckpoint(SOFA_TEXT))).toBe(SOFA_TEXT);
  });

  it('keep what they were given', () => {
    const line = fc.string({ minLength: 1 }).filter((text) => !/[\n]/.test(text));
    const arbitrary = fc.record({
      origin: line,
      size: fc.maxSafeNat(),
      root: fc.uint8Array({ minLength: 32, maxLength: 32 }),
      extensions: fc.array(line, { maxLength: 2 }),
    });
    fc.assert(
      fc.property(arbitrary, (checkpoint) => {
        expect(parseCheckpoint(encodeCheckpoint(checkpoint))).toEqual(checkpoint);
      }),
    );
  });

  it.each([
    ['a leading zero', SOFA_TEXT.replace('20852163', '020852163')],
    ['a size beyond the safe integers', SOFA_TEXT.replace('20852163', '9007199254740992')],
    ['a short root', SOFA_TEXT.replace('CsUY', '')],
    ['no origin', SOFA_TEXT.slice(SOFA_TEXT.indexOf('\n'))],
    ['an empty extension', `${SOFA_TEXT}\nmore\n`],
    ['two lines', 'origin\n1\n'],
  ])('refuse %s', (_, text) => {
    expect(() => parseCheckpoint(text)).toThrow(expect.objectContaining({ code: 'checkpoint_malformed' }));
  });

  it('verify a public log’s signature, and only as that log’s', async () => {
    await expect(verifyCheckpoint(parseSignedCheckpoint(ARCHE), parseVerifierKey(ARCHE_VKEY))).resolves.toBeUndefined();
    await expect(verifyCheckpoint(parseSignedCheckpoint(SOFA), parseVerifierKey(ARCHE_VKEY))).rejects.toMatchObject({
      code: 'checkpoint_wrong_origin',
    });
  });
});

describe('cosignatures', () => {
  it('sign the message of the specification', () => {
    expect(new TextDecoder().decode(encodeCosignedMessage(SOFA_TEXT, 1679315147))).toBe(
      `cosignature/v1\ntime 1679315147\n${SOFA_TEXT}`,
    );
    const stamp = parseNote(SOFA).signatures[1]?.signature ?? new Uint8Array(8);
    expect(new DataView(stamp.buffer, stamp.byteOffset).getBigUint64(0)).toBe(1679315147n);
  });

  it('verify a public witness’s', async () => {
    await expect(verifyCosignature(parseNote(ARCHE), parseVerifierKey(REMORA_VKEY))).resolves.toEqual({
      witness: 'remora.n621.de',
      time: 0x6a122120,
    });
  });

  it('refuse another time, another text, another length', async () => {
    const witness = await importNoteSigner('witness.example', await createNoteSigningJwk(), 'cosignature');
    const line = await cosignCheckpoint(SOFA_TEXT, 1679315147, witness);
    const verify = (text: string, signature: Uint8Array) =>
      verifyCosignature({ text, signatures: [{ ...line, signature }] }, witness.verifier);
    await expect(verify(SOFA_TEXT, line.signature)).resolves.toMatchObject({ time: 1679315147 });

    const later = line.signature.slice();
    later[7] = (later[7] ?? 0) + 1;
    const bad = { code: 'note_bad_signature' };
    await expect(verify(SOFA_TEXT, later)).rejects.toMatchObject(bad);
    await expect(verify(SOFA_TEXT.replace('20852163', '20852164'), line.signature)).rejects.toMatchObject(bad);
    await expect(verify(SOFA_TEXT, line.signature.slice(0, -1))).rejects.toMatchObject(bad);
  });
});
