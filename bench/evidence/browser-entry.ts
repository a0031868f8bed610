import { parseTrust } from '../../api/contract/evidence/trust.ts';
import { verifyEvidenceText } from '../../api/contract/evidence/verify-file.ts';

/** Mean milliseconds of one verification, from the texts of the two files. */
export async function timeVerification(input: {
  readonly receipt: string;
  readonly trust: string;
  readonly rounds: number;
}): Promise<number> {
  const begin = performance.now();
  for (let round = 0; round < input.rounds; round += 1) {
    const { verdict } = await verifyEvidenceText(input.receipt, parseTrust(input.trust));
    if (!verdict.ok) throw new TypeError('the receipt does not hold');
  }
  return (performance.now() - begin) / input.rounds;
}
