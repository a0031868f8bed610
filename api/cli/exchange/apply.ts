import { readFile } from 'node:fs/promises';
import { digestBase64Url } from '../../contract/encoding.ts';
import { ConfigurationState } from '../../contract/operator-api.ts';
import { Problem } from '../../contract/problem.ts';
import type { ExchangeClient } from '../../http/exchange-client.ts';
import type { ConfigFile } from './config-file.ts';

/**
 * What became of a changed configuration: in force now, or at the next start. `undone`: the server cannot go by it, so the
 * file is again as it was, and the next start finds one that fits. `refused`: it would not listen to whoever asked.
 */
export type Applied =
  | { readonly kind: 'in-force' }
  | { readonly kind: 'at-next-start' }
  | { readonly kind: 'undone'; readonly detail: string }
  | { readonly kind: 'refused'; readonly detail: string };

const ATTEMPTS = 100;
const PAUSE_MS = 100;

/**
 * Has the running server read its configuration anew, and waits until it goes by it. A server that does not run reads it
 * when it starts.
 *
 * @param operator signed calls to it in an operator's name; none when nobody can sign
 */
export async function applyConfiguration(
  file: ConfigFile,
  operator: Pick<ExchangeClient, 'get' | 'post'> | undefined,
): Promise<Applied> {
  if (!operator) return { kind: 'at-next-start' };
  const digest = digestBase64Url(await readFile(file.path, 'utf8'));
  try {
    await operator.post('/api/operator/configuration', undefined, ConfigurationState);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.code === 'exchange_unreachable') return { kind: 'at-next-start' };
    return error.code === 'conflict'
      ? undo(file, error.detail)
      : { kind: 'refused', detail: `${error.code}: ${error.detail}` };
  }
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const state = await operator.get('/api/operator/configuration', ConfigurationState).catch(() => undefined);
    if (state?.digest === digest) return { kind: 'in-force' };
    if (state?.failure) return undo(file, state.failure);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return { kind: 'refused', detail: 'the server goes on with the configuration before' };
}

async function undo(file: ConfigFile, detail: string): Promise<Applied> {
  await file.undo();
  return { kind: 'undone', detail };
}
