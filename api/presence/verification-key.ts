import { createPublicKey } from 'node:crypto';
import type { RsaPublicJwk } from '../contract/binding.ts';
import type { Certificate } from '../contract/certificate.ts';
import type { ProofMethod } from '../contract/presence-proof.ts';
import { Problem } from '../contract/problem.ts';
import type { CardBinding } from '../storage/enrolment.ts';

const CARD_METHODS: ReadonlySet<ProofMethod> = new Set<ProofMethod>([
  'mynumber-tap',
  'mynumber-pin',
  'mynumber-terminal',
]);

/**
 * V4: the binding whose key must have signed. A tap is verified with the application key bound at enrolment, a PIN or
 * terminal proof with the certificate's own key; never with a key that came along.
 *
 * @throws {Problem} `presence_method_unsupported`, `card_not_enrolled`
 */
export function bindingFor(
  method: ProofMethod,
  certificate: Certificate,
  enrolled: CardBinding | undefined,
): CardBinding {
  if (!CARD_METHODS.has(method)) throw new Problem('presence_method_unsupported', method);
  if (!enrolled) throw new Problem('card_not_enrolled', 'no binding for this certificate');
  if (method === 'mynumber-tap') return enrolled;
  return { ...enrolled, application: 'jpki', cardKey: readCardKey(certificate) };
}

function readCardKey({ publicKey }: Certificate): RsaPublicJwk {
  const { n, e } = createPublicKey({ key: Buffer.from(publicKey.spki), format: 'der', type: 'spki' }).export({
    format: 'jwk',
  });
  if (n === undefined || e === undefined) throw new Problem('certificate_wrong_profile', 'not an RSA key');
  return { kty: 'RSA', n, e };
}
