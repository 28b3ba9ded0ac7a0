import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{apps,packages,services,tests,tools,scripts}/**/*.test.{ts,mjs}"],
    exclude: ["**/node_modules/**", "**/.tirage/**"],
    // Postgres once for the whole run; what tests need beyond it they get from @tirage/testkit.
    globalSetup: ["packages/testkit/src/global-setup.ts"],
    pool: "forks",
    maxWorkers: 3, // most tests wait for processes, and two cores are there
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
