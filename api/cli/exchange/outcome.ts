import { applyConfiguration } from './apply.ts';
import type { ConfigFile } from './config-file.ts';
import type { CommandContext } from './context.ts';

/** What scripts may rely on. */
export const EXIT = { done: 0, failed: 1, usage: 2 } as const;
export type Exit = (typeof EXIT)[keyof typeof EXIT];

/** Has a change go into force and tells what became of it; of one that was undone only why. */
export async function conclude(
  context: CommandContext,
  changed: ConfigFile,
  lines: readonly string[],
  json: object = {},
): Promise<Exit> {
  const applied = await applyConfiguration(changed, context.operator?.client);
  const detail = 'detail' in applied ? [`  ${applied.detail}`] : [];
  const done = applied.kind === 'undone' ? [] : lines;
  context.tell([...done, context.t.applied[applied.kind], ...detail], { ...json, applied });
  return 'detail' in applied ? EXIT.failed : EXIT.done;
}
