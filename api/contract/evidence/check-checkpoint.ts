import { failed, notRequired, passed, type Check } from './check.ts';
import { verifyCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import { EvidenceError } from './errors.ts';
import type { ReceiptTrust } from './trust.ts';
import { parseVerifierKey } from './verifier-key.ts';
import { createWitnessPolicy, findCosignatures } from './witness-policy.ts';

/** Whether one of the pinned keys of the log that the checkpoint names signed it. */
export async function checkCheckpoint(
  signed: SignedCheckpoint,
  { logKeys }: ReceiptTrust,
): Promise<Check<'checkpoint_signature'>> {
  const { origin } = signed.checkpoint;
  let failure = new EvidenceError('note_unknown_key', 'no pinned key of this log');
  for (const key of logKeys.map(parseVerifierKey).filter(({ name }) => name === origin)) {
    try {
      await verifyCheckpoint(signed, key);
      return passed('checkpoint_signature', { origin });
    } catch (error) {
      if (!(error instanceof EvidenceError)) throw error;
      failure = error;
    }
  }
  return failed('checkpoint_signature', failure, { origin });
}

/** Whether as many of the log's pinned witnesses cosigned the checkpoint as the policy asks for. */
export async function checkWitnesses(signed: SignedCheckpoint, trust: ReceiptTrust): Promise<Check<'witnesses'>> {
  const { origin } = signed.checkpoint;
  const own = trust.logPolicies && Object.hasOwn(trust.logPolicies, origin) ? trust.logPolicies[origin] : undefined;
  const asked = own ?? { threshold: trust.policy?.threshold ?? 0, keys: trust.witnessKeys ?? [] };
  const { threshold, witnesses } = createWitnessPolicy(asked.threshold, asked.keys);
  const cosignatures = await findCosignatures(signed.note, { threshold, witnesses });
  const times = cosignatures.map(({ time }) => time);
  const facts = {
    threshold,
    cosigned: cosignatures.length,
    names: cosignatures.map(({ witness }) => witness).join(' '),
    ...(times.length > 0 ? { time: Math.min(...times) } : {}),
  };
  if (cosignatures.length < threshold) {
    return failed('witnesses', new EvidenceError('witnesses_missing', 'too few witnesses cosigned'), facts);
  }
  return threshold === 0 ? notRequired('witnesses', facts) : passed('witnesses', facts);
}
