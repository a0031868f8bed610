import adapter from '@sveltejs/adapter-static';

/** @type {import('@sveltejs/kit').Config} */
export default {
  kit: {
    // One page, reception's, answers every address: `strict` would ask for a page of each.
    adapter: adapter({ pages: 'build', assets: 'build', precompress: true, strict: false }),
    paths: { relative: false },
    // The first room's style sheets stand in the page: nothing is fetched before it is drawn.
    inlineStyleThreshold: 64 * 1024,
    files: { src: 'web', assets: 'static' },
    // The app registers it itself, once it stands.
    serviceWorker: { register: false },
    csp: {
      mode: 'hash',
      directives: {
        'default-src': ['none'],
        'script-src': ['self'],
        'style-src': ['self'],
        // SvelteKit's route announcer carries one style attribute; this is its hash.
        'style-src-attr': ['unsafe-hashes', 'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo='],
        'img-src': ['self', 'data:', 'blob:'],
        'font-src': ['self'],
        'connect-src': ['self'],
        'manifest-src': ['self'],
        'worker-src': ['self'],
        'base-uri': ['none'],
        'form-action': ['self'],
        'require-trusted-types-for': ['script'],
        'trusted-types': ['svelte-trusted-html', 'tsunagi-worker'],
      },
    },
  },
};
