import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const hub = "http://127.0.0.1:8088";

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    target: "es2023",
    // The policy of the server is `script-src 'self'; style-src 'self'; font-src 'self'`: nothing may stand in a data: URL.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  server: {
    // `npm run dev` beside a hub on this machine (`zaakhub serve`).
    proxy: { "/v1": hub, "/login": hub, "/logout": hub },
  },
  test: { environment: "node", include: ["src/**/*.test.ts"] },
});
