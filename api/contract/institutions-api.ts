import * as z from 'zod';
import { EcPublicJwk } from './ec-public-jwk.ts';
import { LogWitnesses } from './evidence/log-witnesses.ts';
import { TimestampAnchors } from './evidence/trust.ts';
import { ExchangeId, InstitutionId, LocalName } from './ids.ts';

/** Institutions of all directories that this gateway holds and has verified. */
export const InstitutionList = z
  .object({
    institutions: z
      .array(
        z
          .object({
            id: InstitutionId,
            name: LocalName,
            exchange: ExchangeId,
            /** Verify releases and delivery receipts, for whoever opens one on a screen. */
            signingKeys: z.array(EcPublicJwk).readonly(),
          })
          .readonly(),
      )
      .readonly(),
    exchanges: z
      .array(
        z
          .object({
            id: ExchangeId,
            name: LocalName,
            /** With `logKeys` what a terminal pins to verify receipts without a network. */
            signingKeys: z.array(EcPublicJwk).readonly(),
            logKeys: z.array(z.string()).readonly(),
            witnesses: LogWitnesses.optional(),
            timestampAnchors: TimestampAnchors.optional(),
          })
          .readonly(),
      )
      .readonly(),
  })
  .readonly();
export type InstitutionList = z.infer<typeof InstitutionList>;
