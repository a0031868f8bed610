import { X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMyNumberCard, fromBase64, myNumberPersonalisation } from '../simulated-cards/test-cards.ts';
import { type OpenSc, startOpenSc, whyNoOpenSc } from './open-sc.ts';

const reason = whyNoOpenSc();
if (reason) console.warn(`OpenSC is not asked: ${reason}`);

describe.skipIf(reason !== undefined)(
  'OpenSC, which knows nothing of us, takes the simulated card for a My Number Card',
  () => {
    let openSc: OpenSc;
    beforeAll(async () => {
      openSc = await startOpenSc(createMyNumberCard());
      writeFileSync(join(openSc.folder, 'message'), 'a message');
    });
    afterAll(() => openSc.close());

    const pkcs11 = (slot: number, ...args: string[]) =>
      openSc.run('pkcs11-tool', '--module', openSc.module, '--slot-index', String(slot), ...args);

    /** Signs with PKCS#11 and hands the signature to openssl, with the certificate's key. */
    async function signAndVerify(slot: number, pin: string, id: string, certificate: string): Promise<string> {
      const file = (name: string): string => join(openSc.folder, name);
      const mechanism = ['-m', 'SHA256-RSA-PKCS', '--id', id, '-i', 'message', '-o', 'signature'];
      expect(await pkcs11(slot, '-l', '-p', pin, '--sign', ...mechanism)).toMatchObject({ code: 0 });
      const { publicKey } = new X509Certificate(fromBase64(certificate));
      writeFileSync(file('key'), publicKey.export({ type: 'spki', format: 'pem' }));
      const { output } = await openSc.run(
        'openssl',
        'dgst',
        '-sha256',
        '-verify',
        'key',
        '-signature',
        'signature',
        'message',
      );
      return output.trim();
    }

    it('recognises it among all the cards that it knows', async () => {
      expect((await openSc.run('opensc-tool', '-n')).output).toMatch(/^jpki$/m);
      openSc.expectOnly('jpki');
    });

    it('lists four certificates, two keys, and two PINs with their tries', async () => {
      const { output } = await openSc.run('pkcs15-tool', '-r', '0', '--dump');
      expect(output.match(/X\.509 Certificate \[/g)).toHaveLength(4);
      expect(output.match(/Private RSA Key \[/g)).toHaveLength(2);
      expect(output.match(/Tries left\s*: \d/g)?.map((line) => line.slice(-1))).toEqual(['3', '5']);
    });

    it('reads the authentication certificate without PIN', async () => {
      const { output } = await openSc.run('pkcs15-tool', '-r', '0', '--read-certificate', '1');
      const pem = /-----BEGIN[^]*END CERTIFICATE-----/.exec(output)?.[0] ?? '';
      expect(new Uint8Array(new X509Certificate(pem).raw)).toEqual(fromBase64(myNumberPersonalisation.authCertificate));
    });

    it('signs with the authentication key, and openssl verifies', async () => {
      expect(await signAndVerify(0, '1234', '01', myNumberPersonalisation.authCertificate)).toBe('Verified OK');
    });

    it('signs with the signature key, and openssl verifies', async () => {
      expect(await signAndVerify(1, 'ABC123', '02', myNumberPersonalisation.signCertificate)).toBe('Verified OK');
    });

    it('says that the PIN is wrong three times, then that it is locked', async () => {
      for (let attempt = 1; attempt <= 3; attempt += 1) {
        const { output } = await pkcs11(0, '-l', '-p', '9999', '--list-mechanisms');
        expect(output).toContain('CKR_PIN_INCORRECT');
      }
      expect((await pkcs11(0, '-L')).output).toContain('user PIN locked');
    });
  },
);
