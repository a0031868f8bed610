import { Hono } from 'hono';
import { parseCertificate } from '../contract/certificate.ts';
import { parseBase64 } from '../contract/encoding.ts';
import { encodeHex } from '../contract/hex.ts';
import type { SyntheticWorld } from '../synthetic/world.ts';
import type { SyntheticAuthority } from '../synthetic/x509/authority.ts';

/** How long a published list is good for; JPKI's are made daily. */
const LIST_LIFETIME_MS = 24 * 60 * 60 * 1000;

const authoritiesOf = ({ jpki, hpki }: SyntheticWorld): readonly SyntheticAuthority[] => [
  ...jpki.auth,
  ...jpki.sign,
  hpki.root,
  hpki.sign,
  hpki.auth,
];

/**
 * Publishes what certification authorities publish: `GET /pki` names them, `GET /pki/ID.cer` is a certificate (RFC 5280
 * §4.2.2.1, DER) and `GET /pki/ID.crl` a list of revoked ones, signed at that moment.
 */
export function createAuthorityPublication(world: SyntheticWorld, now: () => Date): Hono {
  const authorities = new Map(authoritiesOf(world).map((authority) => [authority.id, authority]));
  const app = new Hono();

  app.get('/pki', (context) =>
    context.json({
      simulated: true,
      authorities: [...authorities.values()].map((authority) => ({
        id: authority.id,
        keyId: keyIdOf(authority),
        certificate: `/pki/${authority.id}.cer`,
        list: `/pki/${authority.id}.crl`,
      })),
    }),
  );

  app.get('/pki/:file{[a-z0-9-]+\\.(cer|crl)}', async (context) => {
    const [id = '', kind] = context.req.param('file').split('.');
    const authority = authorities.get(id);
    if (!authority) return context.notFound();
    if (kind === 'cer') {
      return context.body(parseBase64(authority.certificate), 200, { 'content-type': 'application/pkix-cert' });
    }
    const thisUpdate = now();
    const nextUpdate = new Date(thisUpdate.getTime() + LIST_LIFETIME_MS);
    // With the first list asked for: servers of other roles are the same program and have no use for a certificate writer.
    const { issueCertificateList } = await import('../synthetic/x509/revocation-list.ts');
    const list = await issueCertificateList(authority, { thisUpdate, nextUpdate });
    return context.body(list, 200, { 'content-type': 'application/pkix-crl' });
  });

  return app;
}

/** Where the simulator at `origin` publishes each authority's list, by the authority's key identifier in hex. */
export function placesOfLists(world: SyntheticWorld, origin: string): ReadonlyMap<string, string> {
  return new Map(authoritiesOf(world).map((authority) => [keyIdOf(authority), `${origin}/pki/${authority.id}.crl`]));
}

function keyIdOf(authority: SyntheticAuthority): string {
  const { subjectKeyId } = parseCertificate(parseBase64(authority.certificate));
  return encodeHex(subjectKeyId ?? new Uint8Array());
}
