import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';

// For `npm run dev` beside a running server: its address, such as http://127.0.0.1:8080.
const server = process.env['AFTERCARE_URL'];

export default defineConfig({
  plugins: [sveltekit()],
  server: server ? { proxy: { '/api': server } } : {},
  test: { include: ['tests/**/*.test.ts'], environment: 'node' }
});
