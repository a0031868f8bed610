import { createId } from './ids.ts';
import { signClaims, type SigningKey } from './jose.ts';
import { OPERATOR_LINK_FRAGMENT, type OperatorLinkClaims } from './operator-api.ts';

/** An address that opens the operator's screen of a server in a browser, once, until it expires. */
export async function createOperatorLink(link: {
  readonly operator: string;
  readonly key: SigningKey;
  /** Exchange or institution id of the server, and where it answers. */
  readonly server: string;
  readonly origin: string;
  readonly expires: Date;
}): Promise<string> {
  const claims: OperatorLinkClaims = {
    iss: link.operator,
    aud: link.server,
    exp: Math.floor(link.expires.getTime() / 1000),
    jti: createId(),
  };
  const token = await signClaims('operator-link+jwt', claims, link.key);
  return `${link.origin}/exchange#${OPERATOR_LINK_FRAGMENT}${token}`;
}
