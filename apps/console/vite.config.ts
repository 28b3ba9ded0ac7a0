import { readFile } from "node:fs/promises";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** `vite` alone serves the sources against an API that runs already. */
const developmentApi = "http://localhost:8080";
const apiPaths = ["/v1", "/healthz", "/readyz", "/docs", "/openapi.json", "/problems"];

/**
 * Every schema of zod can describe itself as JSON Schema, which takes 6 kB (gzipped) of the console and which only the API
 * does: here whatever would do it throws.
 */
function leaveOutJsonSchema(): Plugin {
  return {
    name: "leave-out-json-schema",
    enforce: "pre",
    async load(id) {
      if (!/\/zod\/v4\/core\/(to-json-schema|json-schema-processors)\.js$/.test(id)) return undefined;
      const exported = (await readFile(id, "utf8")).matchAll(
        /^export (?:(?:const|function) (\w+)|\{ \w+ as (\w+) \})/gm,
      );
      const stubs = Array.from(exported, ([, name, alias]) => `export const ${name ?? alias} = () => absent;`);
      return ['const absent = () => { throw new Error("the console has no JSON Schema"); };', ...stubs].join("\n");
    },
  };
}

export default defineConfig({
  plugins: [leaveOutJsonSchema(), react(), tailwindcss()],
  build: {
    target: "es2024",
    // A script or a font within another file would be against the Content-Security-Policy.
    assetsInlineLimit: 0,
    // The hash of the sources lies beside what is built, see build.ts.
    emptyOutDir: true,
    rolldownOptions: {
      checks: { pluginTimings: false },
      output: {
        // What pages share is one script: many small ones are fetched and packed worse.
        codeSplitting: {
          groups: [
            // configure-zod runs before the schemas only where they are: in this script.
            {
              name: "shared",
              test: /node_modules|packages|console\/src\/(api|commands|components|palette|shell|configure-zod)/,
            },
          ],
        },
      },
    },
  },
  server: { proxy: Object.fromEntries(apiPaths.map((path) => [path, developmentApi])) },
});
