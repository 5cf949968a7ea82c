import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';

// For `npm run dev` and `vite preview` beside a running server: its address, such as http://127.0.0.1:8080.
const server = process.env['AFTERCARE_URL'];
const beside = server ? { proxy: { '/api': server } } : {};

export default defineConfig({
  plugins: [sveltekit()],
  server: beside,
  preview: beside,
  test: { include: ['tests/**/*.test.ts'], environment: 'node' }
});
