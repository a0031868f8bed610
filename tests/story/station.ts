import { createGateway, type Gateway } from '#lib/api/gateway.ts';
import { createHttpClient } from '#lib/api/http-client.ts';
import { findFreshness } from '#lib/presence/freshness.ts';
import { takePresence } from '#lib/presence/take-presence.ts';
import { GatewayStatus } from '#api/contract/gateway-api.ts';
import type { SessionClaims } from '#api/contract/terminals-api.ts';
import { EcPublicJwk } from '#api/contract/ec-public-jwk.ts';
import { createId } from '#api/contract/ids.ts';
import { createSigningJwk, importSigningKey, signClaims, type SigningKey } from '#api/contract/jose.ts';
import { signWithPasskey } from '#api/contract/software-passkey.ts';
import { STAFF_HEADER } from '#api/contract/staff-person.ts';
import { listDemoStaff } from '#api/demo/staff.ts';
import type { ConsentScope, PresenceSubmission, Purpose } from '#api/contract/presence-proof.ts';
import { requestReader, type CardChannel, type Reader } from 'webusb-ccid';
import { mynumberTap } from 'webusb-ccid/mynumber';
import {
  createSimulatedCard,
  createSimulatedReader,
  SimulatedUsb,
  type CardPersonalisation,
  type SimulatedReader,
} from 'webusb-ccid/simulated';
import type * as z from 'zod';
import { createCookieFetch } from './cookie-fetch.ts';

/** A terminal at a counter without a screen: the app's own flows over real HTTP, a simulated reader on simulated USB. */
export interface Station {
  readonly gateway: Gateway;
  readonly status: GatewayStatus;
  readonly terminal: SigningKey;
  /** Lays the card down, talks to it through the driver, takes it away. */
  withCard<T>(card: CardPersonalisation, use: (channel: CardChannel) => Promise<T>): Promise<T>;
  /** One tap of a My Number card without a PIN. */
  tap(card: CardPersonalisation, purpose: Purpose, scope?: ConsentScope): Promise<PresenceSubmission>;
  close(): Promise<void>;
}

/** Opens a station at a gateway: makes a terminal key, enrols it, signs in, plugs the reader in. */
export async function openStation(origin: string, name: string): Promise<Station> {
  const terminal = await importSigningKey(await createSigningJwk());
  const session: { token?: string } = {};
  const http = createHttpClient({
    fetch: createCookieFetch(origin),
    signIn: () => signIn(gateway, terminal, origin),
    headers: (): Readonly<Record<string, string>> => (session.token ? { [STAFF_HEADER]: session.token } : {}),
  });
  const gateway = createGateway(http);
  await gateway.enrolTerminal({ key: EcPublicJwk.parse(terminal.publicJwk), name });
  await signIn(gateway, terminal, origin);
  const status = GatewayStatus.parse(await gateway.fetchStatus());
  session.token = await signPersonIn(gateway, status, origin);
  const { reader, simulated } = await plugReaderIn();

  async function withCard<T>(card: CardPersonalisation, use: (channel: CardChannel) => Promise<T>): Promise<T> {
    simulated.insert(createSimulatedCard(card));
    try {
      const connection = await reader.connect();
      try {
        return await use(connection);
      } finally {
        await connection.disconnect();
      }
    } finally {
      simulated.remove();
    }
  }

  return {
    gateway,
    status,
    terminal,
    withCard,
    tap: (card, purpose, scope) =>
      withCard(card, (channel) =>
        takePresence(
          channel,
          { purpose, ...(scope ? { scope } : {}) },
          {
            institution: status.institution.id,
            exchange: status.exchange.id,
            terminal,
            method: mynumberTap,
            findFreshness: () =>
              findFreshness(
                { terminal: terminal.kid, purpose },
                { fetchChallenge: (request) => gateway.fetchChallenge(request), checkpoint: () => status.checkpoint },
              ),
            now: () => new Date(),
          },
        ),
      ),
    close: () => reader.close(),
  };
}

async function signIn(gateway: Gateway, terminal: SigningKey, origin: string): Promise<void> {
  const iat = Math.floor(Date.now() / 1000);
  const claims: z.infer<typeof SessionClaims> = { iss: terminal.kid, aud: origin, iat, jti: createId() };
  await gateway.openSession(await signClaims('session+jwt', claims, terminal));
}

/** The demonstration's person for everything, with a passkey of software. */
async function signPersonIn(gateway: Gateway, status: GatewayStatus, origin: string): Promise<string> {
  const [somebody] = listDemoStaff(status.institution.id);
  if (!somebody) throw new TypeError('the demonstration has people');
  const assertion = await signWithPasskey(somebody.passkey, await gateway.fetchStaffChallenge(), { origin });
  return (await gateway.signStaffIn(assertion)).token;
}

async function plugReaderIn(): Promise<{ readonly reader: Reader; readonly simulated: SimulatedReader }> {
  const usb = new SimulatedUsb();
  const simulated = createSimulatedReader();
  usb.attach(simulated.device);
  return { reader: await requestReader(usb), simulated };
}
