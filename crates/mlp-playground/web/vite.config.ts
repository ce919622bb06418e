import { defineConfig } from 'vite';

// The built files are committed and compared with a new build, so their names and bytes must not change
// from one build to the next: no hashes, one script, one style sheet.
export default defineConfig({
  base: './',
  build: {
    outDir: '../dist',
    emptyOutDir: true,
    target: 'es2022',
    cssCodeSplit: false,
    modulePreload: false,
    assetsInlineLimit: 0,
    rollupOptions: {
      output: {
        entryFileNames: 'assets/app.js',
        assetFileNames: 'assets/app[extname]',
        codeSplitting: false,
      },
    },
  },
  server: {
    proxy: {
      '/socket': { target: process.env['PLAYGROUND_URL'] ?? 'http://127.0.0.1:8100', ws: true },
      '/tables': { target: process.env['PLAYGROUND_URL'] ?? 'http://127.0.0.1:8100' },
    },
  },
});
