import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { leanZod } from "./lean-zod.ts";

/** `vite` alone serves the sources against an API that runs already. */
const developmentApi = "http://localhost:8080";
const apiPaths = ["/v1", "/healthz", "/readyz", "/docs", "/openapi.json", "/problems"];

export default defineConfig({
  plugins: [leanZod(), react(), tailwindcss()],
  build: {
    target: "es2024",
    // A script or a font within another file would be against the Content-Security-Policy.
    assetsInlineLimit: 0,
    rolldownOptions: {
      checks: { pluginTimings: false },
      output: {
        // What pages share is one script: many small ones are fetched and packed worse.
        codeSplitting: {
          groups: [
            { name: "shared", test: /node_modules|packages|console\/src\/(api|commands|components|palette|shell)/ },
          ],
        },
      },
    },
  },
  server: { proxy: Object.fromEntries(apiPaths.map((path) => [path, developmentApi])) },
});
