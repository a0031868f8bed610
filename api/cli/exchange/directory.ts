import { Directory } from '../../contract/directory.ts';
import { fingerprintOf } from '../../contract/fingerprint.ts';
import { readClaims } from '../../contract/jose.ts';
import { fetchDirectories } from '../../directory/fetch-directories.ts';
import { requireExchange, type CommandContext } from './context.ts';
import { EXIT, type Exit } from './outcome.ts';

/** `directory show`: what this exchange publishes, and what it holds of its peers. */
export async function showDirectory(context: CommandContext): Promise<Exit> {
  const { origin } = requireExchange(context);
  const { own, peers } = await fetchDirectories(context.fetch, origin, new AbortController().signal);
  const directories = [own, ...peers.map(({ directory }) => directory)].map((jws) => readClaims(jws, Directory));
  const lines = await Promise.all(directories.map(describe));
  context.tell(lines.flat(), { directories });
  return EXIT.done;
}

async function describe(directory: Directory): Promise<readonly string[]> {
  const { iss, name, serial, expires, signingKeys, formerKeys = [], networks, institutions, access, peers } = directory;
  const keys = await Promise.all(signingKeys.map(fingerprintOf));
  const former = await Promise.all(formerKeys.map(fingerprintOf));
  return [
    `${iss} — ${name.ja} / ${name.en}   serial ${serial}, until ${expires}`,
    ...keys.map((key) => `  key     ${key}`),
    ...former.map((key) => `  former  ${key}`),
    ...networks.map(({ id, name: network }) => `  network ${id} — ${network.ja} / ${network.en}`),
    ...institutions.map(
      (one) => `  institution ${one.id} — ${one.name.ja} / ${one.name.en}  ${one.services?.join(', ') ?? '*'}`,
    ),
    ...(access?.map(({ service, from, to }) => `  access  ${service}  ${from} → ${to}`) ?? ['  access  *  * → *']),
    ...peers.map(({ id, origin }) => `  peer    ${id}  ${origin}`),
  ];
}
