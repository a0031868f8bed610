import {
  startAuthentication,
  startRegistration,
  WebAuthnError,
  type PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';
import { encodeBase64Url, encodeUtf8 } from '#api/contract/encoding.ts';
import { PasskeyAssertion, PasskeyAttestation } from '#api/contract/passkey.ts';
import { PRF_SALT, type Authenticator } from './authenticator.ts';
import { PasskeyError } from './passkey-error.ts';

/** ES256, EdDSA, RS256. */
const ALGORITHMS = [-7, -8, -257];
const TIMEOUT_MS = 120_000;
/** The library hands extensions to the browser as they are. */
const EXTENSIONS = { prf: { eval: { first: PRF_SALT } } };

/** The platform's passkeys: user verification always, discoverable, so that nobody types a name. */
export const browserAuthenticator: Authenticator = {
  isSimulated: false,
  async prove({ challenge, rpId }, credentials) {
    const optionsJSON: PublicKeyCredentialRequestOptionsJSON = {
      challenge,
      rpId,
      timeout: TIMEOUT_MS,
      userVerification: 'required',
      allowCredentials: credentials.map((id) => ({ id, type: 'public-key' })),
      extensions: EXTENSIONS,
    };
    const { id, rawId, type, response, clientExtensionResults } = await translated(() =>
      startAuthentication({ optionsJSON }),
    );
    const { clientDataJSON, authenticatorData, signature, userHandle } = response;
    const secret = readSecret(clientExtensionResults);
    return {
      assertion: PasskeyAssertion.parse({
        ...{ id, rawId, type, clientExtensionResults: {} },
        response: { clientDataJSON, authenticatorData, signature, ...(userHandle ? { userHandle } : {}) },
      }),
      ...(secret ? { secret } : {}),
    };
  },
  async create({ challenge, rpId, rpName, user, exclude }) {
    const { id, rawId, type, response } = await translated(() =>
      startRegistration({
        optionsJSON: {
          challenge,
          rp: { id: rpId, name: rpName },
          user: { id: encodeBase64Url(encodeUtf8(user.id)), name: user.name, displayName: user.name },
          pubKeyCredParams: ALGORITHMS.map((alg) => ({ alg, type: 'public-key' })),
          timeout: TIMEOUT_MS,
          attestation: 'none',
          excludeCredentials: exclude.map((other) => ({ id: other, type: 'public-key' })),
          authenticatorSelection: {
            residentKey: 'required',
            requireResidentKey: true,
            userVerification: 'required',
          },
          extensions: EXTENSIONS,
        },
      }),
    );
    const { clientDataJSON, attestationObject, transports } = response;
    return PasskeyAttestation.parse({
      ...{ id, rawId, type, clientExtensionResults: {} },
      response: { clientDataJSON, attestationObject, ...(transports ? { transports } : {}) },
    });
  },
};

/** The extension's first result, where the passkey has it. */
function readSecret(results: object): Uint8Array<ArrayBuffer> | undefined {
  if (!('prf' in results) || typeof results.prf !== 'object' || results.prf === null) return undefined;
  const values = 'results' in results.prf ? results.prf.results : undefined;
  if (typeof values !== 'object' || values === null || !('first' in values)) return undefined;
  const { first } = values;
  if (first instanceof ArrayBuffer) return new Uint8Array(first);
  return ArrayBuffer.isView(first) ? new Uint8Array(first.buffer.slice(0) as ArrayBuffer) : undefined;
}

async function translated<T>(ceremony: () => Promise<T>): Promise<T> {
  try {
    return await ceremony();
  } catch (cause) {
    const name = cause instanceof Error ? cause.name : '';
    const code = cause instanceof WebAuthnError ? cause.code : '';
    if (name === 'NotAllowedError' || name === 'AbortError') {
      throw new PasskeyError('passkey_cancelled', name, { cause });
    }
    const isUnsupported =
      code === 'ERROR_INVALID_DOMAIN' || name === 'NotSupportedError' || !('credentials' in navigator);
    throw new PasskeyError(isUnsupported ? 'passkey_unsupported' : 'passkey_failed', name, { cause });
  }
}
