import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** `vite` alone serves the sources against an API that runs already. */
const developmentApi = "http://localhost:8080";
const apiPaths = ["/v1", "/healthz", "/readyz", "/docs", "/openapi.json", "/problems"];

/**
 * Every zod schema carries the means to describe itself as JSON Schema, 6 kB of the page (gzipped) that only the API uses:
 * here they are replaced by what throws.
 */
function leaveOutJsonSchema(): Plugin {
  return {
    name: "leave-out-json-schema",
    enforce: "pre",
    load(id) {
      if (/\/zod\/v4\/core\/json-schema-processors\.js$/.test(id)) return "export const allProcessors = {};";
      if (!/\/zod\/v4\/core\/to-json-schema\.js$/.test(id)) return undefined;
      const names = [
        "initializeContext",
        "handleUnrepresentable",
        "processSchema",
        "process",
        "extractDefs",
        "finalize",
      ];
      const methods = ["createToJSONSchemaMethod", "createStandardJSONSchemaMethod"];
      return `const absent = () => { throw new Error("the console has no JSON Schema"); };
        export { ${names.map((name) => `absent as ${name}`).join(", ")} };
        ${methods.map((name) => `export const ${name} = () => absent;`).join("\n")}`;
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
  },
  server: { proxy: Object.fromEntries(apiPaths.map((path) => [path, developmentApi])) },
});
