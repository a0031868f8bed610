/** Builds the app and packs it into a signed web bundle, to be installed as an Isolated Web App. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readSite } from './read-site.ts';
import { isolatedAppResources } from './resources.ts';
import { signApp } from './signed-bundle.ts';
import { readOrCreateDevelopmentKey, readSigningKey } from './signing-key.ts';

const DEVELOPMENT_KEY = 'data/isolated-app-key.pem';

const USAGE = `npm run build:iwa -- [options]

Builds the app and packs it into a signed web bundle (.swbn), in which it may use readers of the smart card class.

  --key FILE       the key that is the app's name: Ed25519 or P-256, PKCS #8 in PEM, unencrypted; or name it in the
                   environment as ISOLATED_APP_KEY. Without one, a key for development is made in ${DEVELOPMENT_KEY}
  --version N.N.N  of the app; the project's when left out
  --out FILE       tsunagi.swbn when left out
  --site FOLDER    an app that was built before; without it, the app is built anew
  --help           this text
`;

/** @throws {TypeError} an option that is not there */
function parseCommand() {
  return parseArgs({
    options: {
      help: { type: 'boolean', default: false },
      key: { type: 'string' },
      version: { type: 'string' },
      out: { type: 'string', default: 'tsunagi.swbn' },
      site: { type: 'string' },
    },
  }).values;
}

/** Addresses of the app beside `/`: the folders of its screens. */
const addresses = (): readonly string[] =>
  readdirSync('web/routes', { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(`web/routes/${entry.name}/+page.svelte`))
    .map(({ name }) => `/${name}`);

/** Where the app is, built unless it is there already. */
function siteOf({ site }: Values): string {
  if (site) return site;
  execFileSync(process.execPath, ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn'], {
    stdio: 'inherit',
  });
  return 'build';
}

async function build(values: Values): Promise<void> {
  const { key: path = process.env['ISOLATED_APP_KEY'], version, out } = values;
  const key = path ? readSigningKey(path) : readOrCreateDevelopmentKey(DEVELOPMENT_KEY);
  const project = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };
  const resources = isolatedAppResources(readSite(siteOf(values)), addresses(), version ?? project.version);
  const { bundle, origin } = await signApp(resources, key);
  writeFileSync(out, bundle);
  console.log(`${out}: ${resources.length} resources, ${Math.round(bundle.length / 1024)} KiB, ${origin}`);
  if (!path) console.log(`Signed with the development key ${DEVELOPMENT_KEY}: not for anybody else.`);
}

type Values = ReturnType<typeof parseCommand>;

try {
  const values = parseCommand();
  if (values.help) console.log(USAGE);
  else await build(values);
} catch (error) {
  const isExpected = error instanceof RangeError || error instanceof TypeError;
  console.error(isExpected ? error.message : error);
  process.exitCode = 1;
}
