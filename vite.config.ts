// The page: one document, hashed assets, nothing from outside. Runs in the Chromium of Electron 45 and in
// the center's own Chromium or Edge, so no older browsers are transpiled for.
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { noncePlaceholder } from './electron/shells/csp.ts';

/** Libraries change rarely: kept apart from our code, each in one file. */
const libraries: Readonly<Record<string, RegExp>> = {
  react: /node_modules[\\/](?:react|react-dom|scheduler|wouter|use-sync-external-store|regexparam)[\\/]/,
  mantine: /node_modules[\\/](?:@mantine|@floating-ui|clsx|react-remove-scroll|react-textarea-autosize)[\\/]/,
  query: /node_modules[\\/]@tanstack[\\/]/,
};

export default defineConfig({
  root: join(import.meta.dirname, 'renderer'),
  publicDir: false,
  plugins: [react()],
  html: { cspNonce: noncePlaceholder },
  build: {
    outDir: join(import.meta.dirname, 'out', 'renderer'),
    emptyOutDir: true,
    target: 'chrome140',
    sourcemap: false,
    // Fonts and pictures stay files: the policy for fonts allows no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        codeSplitting: { groups: Object.entries(libraries).map(([name, test]) => ({ name, test })) },
      },
    },
  },
});
