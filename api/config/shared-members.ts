import * as z from 'zod';
import { POLICY_WORLDS } from '../contract/certificate-profile.ts';
import { EcPublicJwk } from '../contract/ec-public-jwk.ts';
import { ExchangeId, LocalName } from '../contract/ids.ts';
import { Operator } from '../contract/operator-api.ts';

/** A file, relative to the folder of the configuration file. */
export const Path = z.string().min(1);

/** Scheme, host and port, as a browser writes it. */
export const Origin = z
  .url({ protocol: /^https?$/ })
  .refine((text) => new URL(text).origin === text, 'an origin, no path');

/** Where the process listens. What stands in front of it (TLS) is `origin`. */
export const Listen = z
  .strictObject({ host: z.string().default('127.0.0.1'), port: z.int().min(1).max(65535) })
  .readonly();

/** Whom to trust about certificates of one kind, and where their revocation lists are. */
export const CertificateTrust = z
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
export const PinnedExchange = z
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
export const keptFor = (least: number) => z.union([z.int().min(least), z.literal('forever')]).optional();

/** What the configuration of an exchange and of a gateway begins with. */
export const nodeMembers = {
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
