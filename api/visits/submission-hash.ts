import { digestBase64Url } from '../contract/encoding.ts';
import type { PresenceSubmission } from '../contract/presence-proof.ts';

/** Names a submission's exact content. */
export const hashSubmission = ({
  submissionId,
  presence,
  certificate,
  terminal,
  attestation,
}: PresenceSubmission): string =>
  digestBase64Url(
    JSON.stringify([
      submissionId,
      presence,
      certificate,
      terminal,
      ...(attestation === undefined ? [] : [attestation]),
    ]),
  );
