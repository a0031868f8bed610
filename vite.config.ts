import { sveltekit } from '@sveltejs/kit/vite';
import { drawnIcons } from './web/bundle/drawn-icons.ts';
import { firstRoom } from './web/bundle/first-room.ts';
import { leaveOutJsonSchema } from './web/bundle/leave-out-json-schema.ts';
import { leaveOutNode } from './web/bundle/leave-out-node.ts';
import { defaultClientConditions, defaultServerConditions, defineConfig } from 'vite';

const first = firstRoom();

export default defineConfig({
  plugins: [sveltekit(), drawnIcons(), leaveOutJsonSchema(), leaveOutNode(), first.plugin],
  // Small font files as data: URLs would be refused by the page's own content security policy.
  build: {
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // What comes first takes what it imports along: small parts that everything needs stand before what is large.
          groups: [
            // The driver loads parts of itself later; what every later load needs must not come to lie in it.
            { name: 'preload', test: /vite[\\/]preload-helper/, priority: 5 },
            // The first room names card errors and does not speak to cards: their list must not bring the driver along.
            { name: 'card-errors', test: /ccid[\\/]errors\.ts$/, priority: 4 },
            {
              name: 'card-driver',
              test: /ccid[\\/](?:index\.ts|(?:iso7816|protocol|readers|transport)[\\/])/,
              priority: 3,
            },
            { name: first.chunkOf('framework'), debugName: 'framework', priority: 2.4 },
            { name: first.chunkOf('proofs'), debugName: 'proofs', priority: 2.3 },
            { name: first.chunkOf('contract'), debugName: 'contract', priority: 2.2 },
            { name: first.chunkOf('app'), debugName: 'app', priority: 2.1 },
            { name: first.chunkOf('first-room'), debugName: 'first room', priority: 2 },
            // Many small pictures: together they compress to half.
            { name: 'icons', test: /@lucide[\\/]svelte[\\/]/, priority: 1 },
          ],
        },
      },
    },
  },
  resolve: { conditions: ['webusb-ccid:source', ...defaultClientConditions] },
  ssr: { resolve: { conditions: ['webusb-ccid:source', ...defaultServerConditions] } },
  server: {
    // In dev the module api/contract/x.ts has the URL /api/contract/x.ts, which must not go to the API.
    proxy: { '^/(api|demo|evidence)/(?!.*\\.ts(\\?|$))': 'http://127.0.0.1:4200' },
  },
});
