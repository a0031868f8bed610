import { CompactEncrypt, CompactSign, compactDecrypt, compactVerify, generateKeyPair, importJWK, type JWK } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeBase64Url, encodeUtf8, parseBase64Url } from '#api/contract/encoding.ts';
import {
  createDecryptionJwk,
  createSigningJwk,
  decryptWith,
  encryptTo,
  importDecryptionKey,
  importSigningKey,
  publicPart,
  signClaims,
  type DecryptionKey,
  type SigningKey,
} from '#api/contract/jose.ts';
import { nativeJwe } from '#api/contract/native-jwe.ts';
import { nativeJws } from '#api/contract/native-jws.ts';

let jwk: JWK;
let signing: SigningKey;
let decryptionJwk: JWK;
let decryption: DecryptionKey;
beforeAll(async () => {
  jwk = await createSigningJwk();
  signing = await importSigningKey(jwk);
  decryptionJwk = await createDecryptionJwk();
  decryption = await importDecryptionKey(decryptionJwk);
});
const verify = async (...args: Parameters<NonNullable<typeof nativeJws>['verify']>) => nativeJws?.verify(...args);

describe('a signature', () => {
  // RFC 7515 §A.3.1 and §A.2.1.
  const a3: JWK = {
    ...{ kty: 'EC', crv: 'P-256', x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU' },
    y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
  };
  const a3Input =
    'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ';
  const a3Signature = parseBase64Url(
    'DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q',
  );

  it('is the one of the RFC', async () => {
    expect(await verify('ES256', a3, a3Input, a3Signature)).toBe(true);
    expect(await verify('ES256', a3, `${a3Input}Q`, a3Signature)).toBe(false);
    expect(await verify('ES256', a3, a3Input, a3Signature.subarray(1))).toBe(false);
    expect(await verify('ES256', a3, a3Input, new Uint8Array(64))).toBe(false);
  });

  it('opens in the library, and the other way round', async () => {
    const ours = await signClaims('test+jwt', { a: 1 }, signing, { jwk: signing.publicJwk });
    const opened = await compactVerify(ours, await importJWK(signing.publicJwk, 'ES256'));
    expect(opened.protectedHeader).toEqual({ alg: 'ES256', typ: 'test+jwt', kid: signing.kid, jwk: signing.publicJwk });
    expect(new TextDecoder().decode(opened.payload)).toBe('{"a":1}');
    const theirs = await new CompactSign(encodeUtf8('x')).setProtectedHeader({ alg: 'ES256' }).sign(signing.privateKey);
    const [header, payload, signature = ''] = theirs.split('.');
    expect(await verify('ES256', signing.publicJwk, `${header}.${payload}`, parseBase64Url(signature))).toBe(true);
  });

  it('takes no key of another algorithm, and no short RSA key', async () => {
    const make = (modulusLength: number) =>
      crypto.subtle.generateKey(
        { name: 'RSASSA-PKCS1-v1_5', modulusLength, publicExponent: Uint8Array.of(1, 0, 1), hash: 'SHA-256' },
        true,
        ['sign', 'verify'],
      );
    const [good, short] = [await make(2048), await make(1024)];
    const toJwk = async ({ publicKey }: CryptoKeyPair) => publicPart(await crypto.subtle.exportKey('jwk', publicKey));
    const signature = new Uint8Array(await crypto.subtle.sign('RSASSA-PKCS1-v1_5', good.privateKey, encodeUtf8('a.b')));
    expect(await verify('RS256', await toJwk(good), 'a.b', signature)).toBe(true);
    expect(await verify('RS256', await toJwk(good), 'a.c', signature)).toBe(false);
    const rsa = await toJwk(good);
    await expect(verify('ES256', rsa, 'a.b', signature)).rejects.toThrow(TypeError);
    await expect(verify('RS256', signing.publicJwk, 'a.b', signature)).rejects.toThrow(TypeError);
    const weak = await toJwk(short);
    await expect(verify('RS256', weak, 'a.b', signature)).rejects.toThrow(TypeError);
  });

  it('of a key that only WebCrypto holds is made by the library', async () => {
    const pair = await generateKeyPair('ES256');
    const key: SigningKey = { kid: 'k', privateKey: pair.privateKey, publicJwk: {} };
    expect(nativeJws?.sign(pair.privateKey, 'a.b')).toBeUndefined();
    await compactVerify(await signClaims('test+jwt', {}, key), pair.publicKey);
  });
});

describe('an encrypted message', () => {
  const plaintext = encodeUtf8('診療情報');
  const parts = async () => (await encryptTo(decryption.publicJwk, plaintext)).split('.');
  const open = (text: string) => decryptWith([decryption], text);

  it('opens in the library', async () => {
    const jwe = await encryptTo(decryption.publicJwk, plaintext);
    const opened = await compactDecrypt(jwe, await importJWK(decryptionJwk, 'ECDH-ES'));
    expect(new Uint8Array(opened.plaintext)).toEqual(plaintext);
    expect(opened.protectedHeader).toMatchObject({ alg: 'ECDH-ES', enc: 'A256GCM', kid: decryption.kid });
  });

  it('of the library opens, with party information too', async () => {
    const recipient = await importJWK(decryption.publicJwk, 'ECDH-ES');
    const seal = (more: { readonly apu?: Uint8Array }) => {
      const jwe = new CompactEncrypt(plaintext).setProtectedHeader({
        ...{ alg: 'ECDH-ES', enc: 'A256GCM', kid: decryption.kid },
      });
      return (more.apu ? jwe.setKeyManagementParameters({ apu: more.apu }) : jwe).encrypt(recipient);
    };
    const plain = await seal({});
    expect(new Uint8Array(nativeJwe?.decrypt(decryption.privateKey, plain) ?? [])).toEqual(plaintext);
    expect(await open(plain)).toEqual(plaintext);
    const named = await seal({ apu: encodeUtf8('Alice') });
    expect(nativeJwe?.decrypt(decryption.privateKey, named)).toBeUndefined();
    expect(new Uint8Array(await open(named))).toEqual(plaintext);
  });

  it('is another one each time', async () => {
    const [one, two] = [await parts(), await parts()];
    expect([0, 2, 3, 4].map((at) => one[at] === two[at])).toEqual([false, false, false, false]);
  });

  it.each([
    ['ciphertext', 3],
    ['tag', 4],
    ['nonce', 2],
    ['header', 0],
  ])('with another %s does not open', async (_, at) => {
    const [mine, other] = [await parts(), await parts()];
    const changed = mine.map((part, index) => (index === at ? (other[index] ?? '') : part));
    await expect(open(changed.join('.'))).rejects.toMatchObject({ code: 'jwe_malformed' });
  });

  it('with a shorter tag does not open', async () => {
    const [header, key, iv, ciphertext, tag = ''] = await parts();
    const short = encodeBase64Url(parseBase64Url(tag).subarray(0, 12));
    await expect(open([header, key, iv, ciphertext, short].join('.'))).rejects.toMatchObject({ code: 'jwe_malformed' });
  });

  it('to a point off the curve does not open', async () => {
    const [header = '', ...rest] = await parts();
    const json = JSON.parse(new TextDecoder().decode(parseBase64Url(header))) as { epk: JWK };
    const y = parseBase64Url(json.epk.y ?? '');
    y[31] = (y[31] ?? 0) ^ 1;
    const bent = { ...json, epk: { ...json.epk, y: encodeBase64Url(y) } };
    const text = [encodeBase64Url(encodeUtf8(JSON.stringify(bent))), ...rest].join('.');
    await expect(open(text)).rejects.toMatchObject({ code: 'jwe_malformed' });
  });
});
