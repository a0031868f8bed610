import * as z from 'zod';
import { HPKI_ROLES } from '../contract/hpki-role.ts';
import { InstitutionId, LocalName } from '../contract/ids.ts';
import { CertificateTrust, keptFor, nodeMembers, Path, PinnedExchange } from './shared-members.ts';

/** A hospital's, a clinic's or a network's gateway. */
export const GatewayConfig = z
  .strictObject({
    role: z.literal('gateway'),
    ...nodeMembers,
    institution: z.strictObject({ id: InstitutionId, name: LocalName }).readonly(),
    keys: z
      .strictObject({
        /** ES256 private JWK: signs requests, envelopes, releases. */
        signing: Path,
        /** P-256 private JWK: opens what is encrypted to the institution. */
        encryption: Path,
        /** The signing key to come: its public half is on the institution's card before it is used. */
        nextSigning: Path.optional(),
        /** Earlier ones, which still open what was encrypted to them. */
        formerEncryption: z.array(Path).readonly().default([]),
      })
      .readonly(),
    exchange: z
      .strictObject({
        ...PinnedExchange.unwrap().shape,
        /** Verifier keys of its evidence log. */
        logKeys: z.array(z.string()).min(1).readonly(),
      })
      .readonly(),
    /** Certificates of the doctors who ask for results. */
    hpki: z
      .strictObject({
        ...CertificateTrust.unwrap().shape,
        /** Roles that may ask, as certificates spell them; compared exactly. */
        roles: z.array(z.string().min(1)).min(1).default([HPKI_ROLES.medicalDoctor]),
      })
      .readonly(),
    /** For how many days each class of data is kept; what is left out has the defaults of `docs/configuration.md`. */
    retention: z
      .strictObject({
        /** Registered documents, and visits: since the person was here last. */
        records: keptFor(1),
        visits: keptFor(1),
        /** Our requests with the documents that answered them, and others' requests, since the answer. */
        received: keptFor(1),
        inbox: keptFor(1),
        sendLog: keptFor(1),
        /** Envelopes that ended, and that an envelope was handled. */
        envelopes: keptFor(30),
        /** Sessions, codes and invitations, since they ended. */
        sessions: keptFor(1),
      })
      .readonly()
      .default({}),
    /** What a new terminal must know; none when left out. */
    terminalCode: z.string().min(4).max(20).optional(),
    /** A synthetic world: its cards are offered to the app, which says that they are simulated. */
    demoWorld: Path.optional(),
  })
  .readonly();
export type GatewayConfig = z.infer<typeof GatewayConfig>;
