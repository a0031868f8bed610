import { DemoStaffList } from '#api/contract/demo-staff.ts';
import { EnrolledTerminal } from '#api/contract/terminals-api.ts';
import { VisitList } from '#api/contract/visits-api.ts';
import { createId } from '#api/contract/ids.ts';
import { createSigningJwk, importSigningKey, signClaims } from '#api/contract/jose.ts';
import { PasskeyChallenge } from '#api/contract/passkey.ts';
import { signWithPasskey } from '#api/contract/software-passkey.ts';
import { StaffSession } from '#api/contract/staff.ts';
import { STAFF_HEADER } from '#api/contract/staff-person.ts';
import { gatewayA } from './demo.ts';

let signedIn: Promise<Readonly<Record<string, string>>> | undefined;

/** The ids of the visits that the gateway has recorded, asked by a terminal beside those under test. */
export async function listRecorded(origin = gatewayA): Promise<readonly string[]> {
  signedIn ??= signIn(origin);
  const answer = await fetch(`${origin}/api/visits?limit=200`, { headers: await signedIn });
  const { visits } = VisitList.parse(await answer.json());
  return visits.filter(({ state }) => state === 'recorded').map(({ submissionId }) => submissionId);
}

async function signIn(origin: string): Promise<Readonly<Record<string, string>>> {
  const key = await importSigningKey(await createSigningJwk());
  const { terminal } = EnrolledTerminal.parse(
    await (await post(origin, '/api/terminals', { key: key.publicJwk, name: 'Test' })).json(),
  );
  const claims = { iss: terminal, aud: origin, iat: Math.floor(Date.now() / 1000), jti: createId() };
  const session = await post(origin, '/api/sessions', { assertion: await signClaims('session+jwt', claims, key) });
  const cookie = session.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const { staff } = DemoStaffList.parse(await (await fetch(`${origin}/demo/staff.json`)).json());
  const [somebody] = staff;
  if (!somebody) throw new TypeError('the demonstration has people');
  const challenge = PasskeyChallenge.parse(await (await post(origin, '/api/staff/challenges', {}, { cookie })).json());
  const assertion = await signWithPasskey(somebody.passkey, challenge, { origin });
  const opened: unknown = await (await post(origin, '/api/staff/sessions', { assertion }, { cookie })).json();
  return { cookie, [STAFF_HEADER]: StaffSession.parse(opened).token };
}

const post = (origin: string, path: string, body: object, headers: Readonly<Record<string, string>> = {}) =>
  fetch(origin + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
