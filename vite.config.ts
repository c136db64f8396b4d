// The page: one document, hashed assets, nothing from outside. Runs in the Chromium of Electron 45 and in
// the center's own Chromium or Edge, so no older browsers are transpiled for.
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { noncePlaceholder, pinDocument } from './electron/shells/csp.ts';

/** Libraries change rarely: kept apart from our code, each in one file. */
const libraries: Readonly<Record<string, RegExp>> = {
  react: /node_modules[\\/](?:react|react-dom|scheduler|wouter|use-sync-external-store|regexparam)[\\/]/,
  mantine: /node_modules[\\/](?:@mantine|@floating-ui|clsx|react-remove-scroll|react-textarea-autosize)[\\/]/,
  query: /node_modules[\\/]@tanstack[\\/]/,
};

/**
 * The field for a token's PIN is a document without an origin, so that nobody can look into it: it may load nothing, and
 * its script and style have to lie inside it.
 */
const pinInOnePiece: Plugin = {
  name: 'pin-in-one-piece',
  enforce: 'post',
  generateBundle(_, bundle) {
    const page = bundle[pinDocument];
    if (page?.type !== 'asset') throw new Error(`no ${pinDocument} was built`);
    const take = (path: string): string => {
      const name = path.replace(/^\//, '');
      const part = bundle[name];
      if (!part) throw new Error(`${pinDocument} wants ${name}, which was not built`);
      if (part.type === 'chunk' && part.imports.length > 0)
        throw new Error(`the script of ${pinDocument} must stand alone, it imports ${part.imports.join()}`);
      delete bundle[name];
      return part.type === 'chunk' ? part.code : part.source.toString();
    };
    page.source = page.source
      .toString()
      .replace(
        /<script[^>]*\ssrc="([^"]+)"[^>]*><\/script>\s*/,
        (_, path: string) => `<script type="module" nonce="${noncePlaceholder}">${take(path)}</script>\n    `,
      )
      .replace(
        /<link[^>]*\srel="stylesheet"[^>]*\shref="([^"]+)"[^>]*>/,
        (_, path: string) => `<style nonce="${noncePlaceholder}">${take(path)}</style>`,
      );
  },
};

export default defineConfig({
  root: join(import.meta.dirname, 'renderer'),
  publicDir: false,
  plugins: [react(), pinInOnePiece],
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
    // kB: what draws papers is that large and loaded when the first one is shown
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      input: ['index.html', pinDocument].map((page) => join(import.meta.dirname, 'renderer', page)),
      output: {
        codeSplitting: { groups: Object.entries(libraries).map(([name, test]) => ({ name, test })) },
      },
    },
  },
});
