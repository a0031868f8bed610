import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AccessRule } from '../../contract/access.ts';
import { ConfigError } from '../../config/config-error.ts';
import { DirectoryInstitution } from '../../contract/directory.ts';
import { fingerprintOf } from '../../contract/fingerprint.ts';
import { NetworkId, networkOf, type LocalName } from '../../contract/ids.ts';
import { requireExchange, type CommandContext } from './context.ts';
import { conclude, EXIT, type Exit } from './outcome.ts';

/** `network add ID --ja NAME --en NAME` */
export async function addNetwork(context: CommandContext, id: string, name: LocalName): Promise<Exit> {
  const { networks } = requireExchange(context);
  if (!NetworkId.safeParse(id).success) throw new ConfigError('config_invalid', `${id} is no network id, e.g. sakura`);
  const changed = await context.file.change({
    networks: [...networks.filter((network) => network.id !== id), { id, name }],
  });
  return conclude(context, changed, [context.t.added(id)], { network: id });
}

/** `institution add FILE`: the card that the institution's gateway printed (`key show`). */
export async function addInstitution(context: CommandContext, cardPath: string): Promise<Exit> {
  const { networks, institutions } = requireExchange(context);
  const card = await readCard(resolve(context.cwd, cardPath));
  if (!networks.some(({ id }) => id === networkOf(card.id))) {
    throw new ConfigError(
      'config_invalid',
      `network ${networkOf(card.id)} is none of this exchange: network add first`,
    );
  }
  const changed = await context.file.change({
    institutions: [...institutions.filter(({ id }) => id !== card.id), card],
  });
  const fingerprints = await Promise.all(card.signingKeys.map(fingerprintOf));
  const lines = [context.t.added(card.id), ...fingerprints.map(context.t.theirs)];
  return conclude(context, changed, lines, { institution: card.id, fingerprints });
}

async function readCard(path: string): Promise<DirectoryInstitution> {
  try {
    return DirectoryInstitution.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    throw new ConfigError('config_invalid', `${path} is no institution's card (key show)`, { cause });
  }
}

/** `institution remove ID` and `network remove ID` */
export async function removeMember(
  context: CommandContext,
  kind: 'network' | 'institution',
  id: string,
): Promise<Exit> {
  const { networks, institutions } = requireExchange(context);
  const members =
    kind === 'network'
      ? { networks: networks.filter((one) => one.id !== id) }
      : { institutions: institutions.filter((one) => one.id !== id) };
  const isKnown = (kind === 'network' ? networks : institutions).some((one) => one.id === id);
  if (!isKnown) {
    context.tell([context.t.unknown(id)], { unknown: id });
    return EXIT.failed;
  }
  return conclude(context, await context.file.change(members), [context.t.removed(id)], { [kind]: id });
}

/** `access allow SERVICE FROM TO`, `access deny …`, `access list` */
export async function changeAccess(
  context: CommandContext,
  verb: 'allow' | 'deny',
  [service, from, to]: readonly [string, string, string],
): Promise<Exit> {
  const { access = [] } = requireExchange(context);
  const parsed = AccessRule.safeParse({ service, from, to });
  if (!parsed.success) throw new ConfigError('config_invalid', `no rule: ${service} ${from} ${to}`);
  const isThis = (rule: AccessRule) => rule.service === service && rule.from === from && rule.to === to;
  const others = access.filter((rule) => !isThis(rule));
  const changed = await context.file.change({ access: verb === 'allow' ? [...others, parsed.data] : others });
  const what = `${service} ${from} → ${to}`;
  const line = verb === 'allow' ? context.t.added(what) : context.t.removed(what);
  return conclude(context, changed, [line], { rule: parsed.data });
}

export function listAccess(context: CommandContext): Exit {
  const { access } = requireExchange(context);
  const lines = access?.map(({ service, from, to }) => `${service}  ${from} → ${to}`) ?? ['*  * → *'];
  context.tell(lines.length > 0 ? lines : [context.t.nothing], { access: access ?? null });
  return EXIT.done;
}
