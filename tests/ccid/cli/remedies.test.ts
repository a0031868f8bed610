import { expect, it } from 'vitest';
import { remedies } from '../../../ccid/cli/doctor/remedies.ts';
import { CARD_ERROR_CODES } from '../../../ccid/errors.ts';

it.each(CARD_ERROR_CODES)('says what to do about %s, on every system', (code) => {
  for (const platform of ['linux', 'win32', 'darwin']) {
    const steps = remedies(code, { platform });
    expect(steps.length).toBeGreaterThan(0);
    expect(steps.filter((step) => step.trim() === '')).toEqual([]);
  }
});
