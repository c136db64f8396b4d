import { defineConfig } from 'drizzle-kit';

/** Table definitions live beside their area; the SQL they become lives in `drizzle/client`. */
export default defineConfig({
  dialect: 'sqlite',
  schema: ['./electron/*/tables.ts', './electron/clinic/*/tables.ts'],
  out: './drizzle/client',
});
