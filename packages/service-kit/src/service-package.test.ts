import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readServicePackage } from "./service-package.ts";

test("readServicePackage: for a file deep in a package, answers its name without scope and its version", () => {
  expect(readServicePackage(fileURLToPath(import.meta.url))).toEqual({ name: "service-kit", version: "0.1.0" });
});

test.each([undefined, "/nowhere/main.ts"])(
  "readServicePackage: for %s, which no package holds, answers unknown",
  (file) => {
    expect(readServicePackage(file)).toEqual({ name: "unknown", version: "0.0.0" });
  },
);
