// How the program is built: main and worker entries for Node, the sandboxed preload, and the page.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import type { Plugin } from 'vite';

const at = (path: string): string => resolve(import.meta.dirname, path);

/** Entry name → source. An entry whose source is not there is left out. */
const entries = Object.fromEntries(
  Object.entries({
    main: 'src-main/main.ts',
    serve: 'src-main/serve.ts',
    cli: 'src-main/cli/cli.ts',
    demo: 'src-main/demo.ts',
    worker: 'src-worker/worker.ts',
    'job-thread': 'src-worker/service/job-thread.ts',
    'engine-thread': 'src-worker/engine/thread.ts',
    'search-thread': 'src-worker/analyses/fixed-points/thread.ts',
    'pace-thread': 'src-worker/models/lfads/foretell/pace-thread.ts',
    'draws-thread': 'src-worker/analyses/draws/thread.ts',
    'refit-thread': 'src-worker/analyses/belief/refit-thread.ts',
    'rank-thread': 'src-worker/models/rate-rnn/rank-thread.ts',
  })
    .map(([name, path]) => [name, at(path)] as const)
    .filter(([, path]) => existsSync(path)),
);

/** Sizes in styles are pixels of letters of the usual 16; the page follows the browser's own: lengths in rem, media queries in em. */
const sizesFollowLetters: Plugin = {
  name: 'sizes-follow-letters',
  enforce: 'pre',
  transform: (code, id) =>
    id.includes('src-renderer/ui/') && id.endsWith('.css')
      ? code
          .replace(/(@media[^{]*)/g, (query) => query.replace(/([\d.]+)px/g, (_, length) => `${length / 16}em`))
          .replace(/(\d*\.?\d+)px/g, (_, length) => `${length / 16}rem`)
      : undefined,
};

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      // Every package stays outside: some bring WebAssembly or native files that they find beside their own code.
      externalizeDeps: true,
      minify: false,
      rolldownOptions: {
        input: entries,
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: at('src-main/preload.ts') },
        // A sandboxed preload is CommonJS.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('src-renderer'),
    base: './',
    plugins: [sizesFollowLetters, react()],
    // The page's policy allows no eval: MessagePack's build without it.
    resolve: { alias: { msgpackr: 'msgpackr/index-no-eval' } },
    build: {
      outDir: at('out/renderer'),
      emptyOutDir: true,
      minify: 'oxc',
      // Nothing inlined: the page's policy lets fonts and images come from files alone.
      assetsInlineLimit: 0,
      rolldownOptions: { input: { index: at('src-renderer/index.html') } },
    },
  },
});
