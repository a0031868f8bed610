import * as z from 'zod';
import { AccessRule } from './contract/access.ts';
import { RsaPublicJwk } from './contract/binding.ts';
import { POLICY_WORLDS } from './contract/certificate-profile.ts';
import { HPKI_ROLES } from './contract/hpki-role.ts';
import { DirectoryInstitution, EcPublicJwk } from './contract/directory.ts';
import { ExchangeId, InstitutionId, LocalName, NetworkId } from './contract/ids.ts';
import { SuccessionText } from './contract/key-succession.ts';
import { Operator } from './contract/operator-api.ts';

/** A file, relative to the folder of the configuration file. */
const Path = z.string().min(1);
const Origin = z.url({ protocol: /^https?$/ }).refine((text) => new URL(text).origin === text, 'an origin, no path');

/** Where the process listens. What stands in front of it (TLS) is `origin`. */
const Listen = z.strictObject({ host: z.string().default('127.0.0.1'), port: z.int().min(1).max(65535) }).readonly();

/** Whom to trust about certificates of one kind, and where their revocation lists are. */
const CertificateTrust = z
  .strictObject({
    /** PEM file of the pinned CA certificates. */
    anchors: Path,
    /** Production and test certificates are never accepted by one deployment. */
    world: z.enum(POLICY_WORLDS),
    /**
     * Addresses of revocation lists by the issuer's key identifier in hex, for issuers whose certificates name none that
     * can be reached. Without a list a certificate's state is unknown, and unknown is refused.
     */
    lists: z.record(z.string().regex(/^[0-9a-f]+$/), z.url()).default({}),
    /** Addresses of OCSP responders, named like the lists and asked before them. */
    responders: z.record(z.string().regex(/^[0-9a-f]+$/), z.url()).default({}),
  })
  .readonly();

/** An exchange as others pin it. */
const PinnedExchange = z
  .strictObject({
    id: ExchangeId,
    name: LocalName,
    origin: Origin,
    signingKeys: z.array(EcPublicJwk).min(1).readonly(),
  })
  .readonly();

/** Our own witness: it cosigns the checkpoints of logs that verified directories name. */
const OwnWitness = z
  .strictObject({
    /** In every cosignature. Never changes. */
    name: z
      .string()
      .regex(/^[^\s+]+$/)
      .max(200),
    /** Ed25519 private JWK, used for nothing else. */
    key: Path,
  })
  .readonly();

/** An embedded database by its path, made when it does not exist; or a part of a PostgreSQL database. */
const Database = z.union([
  Path,
  z
    .strictObject({
      /** `postgresql://…`. Left out to be read from the environment's DATABASE_URL: then no password stands here. */
      url: z
        .string()
        .regex(/^postgres(ql)?:\/\/./)
        .optional(),
      /** The PostgreSQL schema that holds our tables; made when it does not exist, named after the server when left out. */
      schema: z
        .string()
        .regex(/^[a-z_][a-z0-9_]{0,62}$/)
        .optional(),
      /** Connections of each process, besides one that listens. */
      connections: z.int().min(2).max(200).optional(),
    })
    .readonly(),
]);

/** Whole days, or everything. */
const keptFor = (least: number) => z.union([z.int().min(least), z.literal('forever')]).optional();

const Node = {
  listen: Listen,
  /** What browsers and other servers call this server. */
  origin: Origin,
  database: Database,
  /** None when left out. */
  witness: OwnWitness.optional(),
  /** The built app, served at `/`; none when left out. */
  app: Path.optional(),
  /** A file with the token that `GET /metrics` asks for (`authorization: Bearer …`); nobody reads them when left out. */
  metricsToken: Path.optional(),
  /** Who may see and change how this server runs; nobody when left out. */
  operators: z.array(Operator).readonly().default([]),
};

/** An inter-network exchange. */
export const ExchangeConfig = z
  .strictObject({
    role: z.literal('exchange'),
    ...Node,
    id: ExchangeId,
    name: LocalName,
    keys: z
      .strictObject({
        /** ES256 private JWK: signs records, bindings, envelope receipts, the directory, requests. */
        signing: Path,
        /** Ed25519 private JWK: signs the evidence log's checkpoints. */
        log: Path,
        /** 32 random bytes as base64url, the same at every exchange of the federation: makes pseudonyms. */
        federation: Path,
        /** The signing key to come, announced in the directory with the word of the present one; none when left out. */
        nextSigning: z.strictObject({ key: Path, succession: SuccessionText }).readonly().optional(),
        /** Signing keys of before, newest first, each with its word for the one that followed it. */
        formerSigning: z
          .array(
            z
              .strictObject({
                key: EcPublicJwk,
                succession: SuccessionText,
                /** Still believed for what is new, until everybody has learnt of its successor. */
                overlaps: z.boolean().default(false),
              })
              .readonly(),
          )
          .max(60)
          .readonly()
          .default([]),
      })
      .readonly(),
    /** The evidence log's name, in every checkpoint. Never changes. */
    logOrigin: z
      .string()
      .regex(/^[^\s+]+$/)
      .max(200),
    /** Who cosigns our log's checkpoints, where they are asked, and how many of them a verifier shall insist on. */
    witnesses: z
      .strictObject({
        threshold: z.int().nonnegative(),
        ask: z.array(z.strictObject({ key: z.string().max(400), prefix: z.url() }).readonly()).readonly(),
      })
      .refine(({ threshold, ask }) => threshold <= ask.length, 'more than there are')
      .readonly()
      .optional(),
    /**
     * Time-stamp authorities (RFC 3161), asked in this order for a token over the log's newest checkpoint. Without any, a
     * simulated one stamps by our own clock, which proves nothing and says so.
     */
    timestamping: z
      .strictObject({
        authorities: z
          .array(
            z
              .strictObject({
                url: z.url({ protocol: /^https?$/ }),
                /** PEM file of the pinned CA certificates that the authority's path ends in. */
                anchors: Path,
              })
              .readonly(),
          )
          .min(1)
          .readonly(),
        /** How long checkpoints go on unstamped before that is too long; four hours when left out. */
        graceMs: z.int().positive().optional(),
        /** What happens then: the status says so and visits go on, or new visits wait at their gateways until it is over. */
        whenOverdue: z.enum(['continue', 'stop']).default('continue'),
      })
      .readonly()
      .optional(),
    networks: z.array(z.strictObject({ id: NetworkId, name: LocalName }).readonly()).readonly(),
    institutions: z.array(DirectoryInstitution).readonly(),
    /** Who may use what of these institutions: with rules nobody else, without any everybody whom a directory names. */
    access: z.array(AccessRule).readonly().optional(),
    peers: z.array(PinnedExchange).readonly(),
    /** Gateways that can be reached from here: their mail is brought to them. Every other one pulls. */
    gateways: z
      .array(z.strictObject({ institution: InstitutionId, origin: Origin }).readonly())
      .readonly()
      .default([]),
    cards: z
      .strictObject({
        ...CertificateTrust.unwrap().shape,
        /** Keys that sign the cards' card-verifiable certificates, by their number: `5000033` in production. */
        authorities: z
          .array(z.strictObject({ number: z.string().regex(/^\d{7}$/), key: RsaPublicJwk }).readonly())
          .min(1)
          .readonly(),
        /** Keys of providers of certified terminals, whose attestations count; none when left out. */
        terminalProviders: z.array(EcPublicJwk).readonly().default([]),
      })
      .readonly(),
    /** How much is kept for others; what is left out has the defaults of `docs/configuration.md`. */
    relay: z
      .strictObject({
        /** Envelopes, and bytes of their bodies, that one mailbox or the queue to one peer may hold. */
        envelopes: z.int().positive(),
        bytes: z.int().positive(),
        /** What all may take on the disk. */
        storedBytes: z.int().positive(),
        /** How soon who was turned away may come again. */
        retrySeconds: z.int().nonnegative(),
      })
      .partial()
      .readonly()
      .default({}),
    /** For how many days each class of data is kept; what is left out has the defaults of `docs/configuration.md`. */
    retention: z
      .strictObject({
        /** Envelopes that ended, with their receipts, since then. */
        envelopes: keptFor(30),
        /** Consents, since their own expiry. */
        consents: keptFor(1),
        /** Challenges, since they were given out: a tap from a place without a network may come two weeks later. */
        challenges: keptFor(28),
        /** That a presence proof was used: longer than a quiet log stays without a new checkpoint. */
        proofs: keptFor(400),
      })
      .readonly()
      .default({}),
    payer: z.strictObject({ origin: Origin, timeoutMs: z.int().positive().default(4000) }).readonly(),
  })
  .readonly();
export type ExchangeConfig = z.infer<typeof ExchangeConfig>;

/** A hospital's, a clinic's or a network's gateway. */
export const GatewayConfig = z
  .strictObject({
    role: z.literal('gateway'),
    ...Node,
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

/** Answers as the payers' qualification platform would, for a synthetic world. Never in production. */
export const PayerSimulatorConfig = z
  .strictObject({ role: z.literal('payer-simulator'), listen: Listen, origin: Origin, world: Path })
  .readonly();
export type PayerSimulatorConfig = z.infer<typeof PayerSimulatorConfig>;

/** The configuration of one server: one file, one role. */
export const ServerConfig = z.discriminatedUnion('role', [ExchangeConfig, GatewayConfig, PayerSimulatorConfig]);
export type ServerConfig = z.infer<typeof ServerConfig>;

export const CONFIG_ERROR_CODES = ['config_unreadable', 'config_invalid', 'key_unreadable', 'port_busy'] as const;
export type ConfigErrorCode = (typeof CONFIG_ERROR_CODES)[number];

/** A server cannot start as it is configured. The message is for the operator: it names the file and the member. */
export class ConfigError extends Error {
  readonly code: ConfigErrorCode;

  constructor(code: ConfigErrorCode, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.name = 'ConfigError';
    this.code = code;
  }
}

/** @throws {ConfigError} `config_invalid` names every member that does not fit */
export function parseConfig(text: string): ServerConfig {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new ConfigError('config_invalid', 'the configuration is not JSON', { cause });
  }
  const parsed = ServerConfig.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new ConfigError('config_invalid', `the configuration does not fit:\n${z.prettifyError(parsed.error)}`);
}
