/**
 * Which way imports may point, as rules over the files of the repository. Pure: it reads nothing but what it is given.
 *
 *     main, start -> adapters, handlers, routes       handlers, routes -> domain, ports        adapters -> ports, drivers
 *     domain -> contracts, model-catalog              contracts -> zod
 */
import { findCycles } from "./find-cycles.ts";
import { findLines } from "./scan-imports.ts";
import type { Import, SourceFile } from "./source-file.ts";
import type { Violation } from "./violation.ts";

interface Rule {
  name: string;
  /** Why it exists, and what to do instead. */
  reason: string;
  find(file: SourceFile): { line: number; what: string }[];
}

/** The packages of this repository that each project may import outside its tests. Services are in no list. */
const workspaceArrows: Record<string, readonly string[]> = {
  "packages/contracts": [],
  "packages/model-catalog": ["contracts"],
  "packages/messaging": ["contracts"],
  "packages/database": ["contracts"],
  "packages/service-kit": ["contracts"],
  "packages/blob-store": [],
  "packages/provider-sandbox": [],
  "packages/local-stack": ["client", "contracts", "database", "provider-sandbox"],
  "packages/testkit": ["contracts", "database", "local-stack", "messaging"],
  "packages/client": ["contracts"],
  "packages/cli": ["contracts", "client"],
  "apps/console": ["contracts", "client"],
  "services/order-api": ["blob-store", "contracts", "database", "messaging", "model-catalog", "service-kit"],
  "services/dispatcher": ["contracts", "database", "messaging", "service-kit"],
  "services/generator": ["blob-store", "contracts", "database", "messaging", "model-catalog", "service-kit"],
  "services/status-aggregator": ["contracts", "database", "messaging", "service-kit"],
};

/** Libraries that one place owns, so that replacing them, or reviewing their use, means reading one folder. */
const ownedLibraries: { library: RegExp; owner: RegExp; reason: string }[] = [
  {
    library: /^@nats-io\//,
    owner: /^packages\/messaging\//,
    reason: "only packages/messaging speaks to the broker; import @tirage/messaging",
  },
  {
    library: /^(@prisma\/|prisma$)/,
    owner: /^packages\/database\//,
    reason: "only packages/database knows Prisma; import @tirage/database/prisma",
  },
  {
    library: /^pg(-copy-streams)?$/,
    owner: /^(packages\/(database|testkit)\/|services\/[^/]+\/src\/adapters\/)/,
    reason: "SQL lies in adapters/; give the others a port",
  },
  {
    library: /^(@fal-ai\/client|replicate)$/,
    owner: /^services\/generator\/src\/adapters\//,
    reason: "only the generator's adapters buy from a provider, behind its ledger",
  },
  {
    library: /^@aws-sdk\//,
    owner: /^packages\/blob-store\//,
    reason: "only packages/blob-store knows S3; import @tirage/blob-store",
  },
];

/** Where the environment enters: entry points, which hand it on as a value. */
const environmentReaders = [
  /^apps\/console\/build\.ts$/,
  /^(services|packages)\/[^/]+\/src\/main\.ts$/,
  /^packages\/database\/(prisma\.config|src\/(migrate-command|generate|draft-migration))\.ts$/,
  /^packages\/service-kit\/src\/(register|run-service)\.ts$/,
  /^packages\/testkit\/src\/(global-setup|start-test-nats|service-process)\.ts$/,
  /^packages\/cli\/src\/main\.ts$/,
];

/** Node modules that reach the outside; a door gets it through a port. */
const drivers = /^(fs|child_process|net|tls|http2?|https|dgram|dns|sqlite)(\/|$)/;
const outerFiles = /^services\/[^/]+\/src\/(main|start|config)\.ts$/;

const isPackage = (imported: Import, ...names: string[]) =>
  imported.kind === "package" && names.some((name) => imported.name === name);
const isAdapter = (imported: Import) => imported.kind === "file" && imported.path.includes("/src/adapters/");
const isInDomain = (imported: Import) => imported.kind === "file" && imported.path.includes("/src/domain/");
const isOuter = (imported: Import) => imported.kind === "file" && outerFiles.test(imported.path);
const isDriver = (imported: Import) => imported.kind === "builtin" && drivers.test(imported.name);

/** A rule about single imports: `forbids` says which, of the files that `governs` names. */
function importRule(
  name: string,
  reason: string,
  governs: (file: SourceFile) => boolean,
  forbids: (imported: Import, file: SourceFile) => boolean,
): Rule {
  return {
    name,
    reason,
    find: (file) =>
      governs(file)
        ? file.imports
            .filter((imported) => forbids(imported, file))
            .map(({ line, specifier }) => ({ line, what: `imports ${specifier}` }))
        : [],
  };
}

/** A rule about lines of code: `what` says what `pattern` finds. */
function codeRule(
  { name, reason, what, pattern }: { name: string; reason: string; what: string; pattern: RegExp },
  governs: (file: SourceFile) => boolean,
): Rule {
  return {
    name,
    reason,
    find: (file) => (governs(file) ? findLines(file.source, pattern).map((line) => ({ line, what })) : []),
  };
}

const isSource = (file: SourceFile) => !file.isTest && /^(packages|services|apps)\//.test(file.path);
const isDoor = (file: SourceFile) => isSource(file) && (file.layer === "handlers" || file.layer === "routes");

const rules: Rule[] = [
  importRule(
    "contracts-zod-only",
    "contracts runs in a browser: it may import zod and its own files",
    (file) => isSource(file) && file.project === "packages/contracts" && file.path.includes("/src/"),
    (imported) => imported.kind !== "file" && !isPackage(imported, "zod"),
  ),
  importRule(
    "model-catalog-data-only",
    "the model catalogue is data: it may import contracts and its own files",
    (file) => isSource(file) && file.project === "packages/model-catalog",
    (imported) => imported.kind !== "file" && !isPackage(imported, "@tirage/contracts"),
  ),
  importRule(
    "workspace-arrows",
    "this arrow is not in workspaceArrows of tools/boundaries/rules.ts; services are imported by nobody",
    isSource,
    (imported, { project }) => {
      if (imported.kind !== "package" || !imported.name.startsWith("@tirage/")) return false;
      const name = imported.name.slice("@tirage/".length);
      // Of oneself, as `--import @tirage/service-kit/register` does; the test-only ones have a rule of their own.
      if (project.endsWith(`/${name}`) || name === "testkit") return false;
      return !(workspaceArrows[project] ?? []).includes(name);
    },
  ),
  importRule(
    "through-the-front-door",
    "a file of another project is reached through that project's package exports",
    (file) => isSource(file) || (file.isTest && /^(packages|services|apps)\//.test(file.path)),
    (imported, { project }) => imported.kind === "file" && !imported.path.startsWith(`${project}/`),
  ),
  ...ownedLibraries.map(({ library, owner, reason }) =>
    importRule(
      "owned-library",
      reason,
      (file) => isSource(file) && !owner.test(file.path),
      (imported) => imported.kind === "package" && library.test(imported.name),
    ),
  ),
  importRule(
    "nats-only-in-messaging",
    "tests too speak to the broker through @tirage/messaging",
    (file) => file.isTest && !file.path.startsWith("packages/messaging/"),
    (imported) => imported.kind === "package" && imported.name.startsWith("@nats-io/"),
  ),
  importRule(
    "domain-is-pure",
    "domain/ holds rules without I/O, clock or environment: contracts, model-catalog, zod and its own files",
    (file) => isSource(file) && file.layer === "domain",
    (imported) => !isInDomain(imported) && !isPackage(imported, "@tirage/contracts", "@tirage/model-catalog", "zod"),
  ),
  importRule(
    "doors-know-no-drivers",
    "handlers and routes reach the outside through ports, which start.ts fills with adapters",
    isDoor,
    (imported) =>
      isDriver(imported) || isOuter(imported) || isPackage(imported, "@tirage/database", "@tirage/blob-store"),
  ),
  importRule(
    "adapters-plugged-in-at-the-start",
    "only main.ts and start.ts choose adapters; everything else gets them as ports",
    (file) => isSource(file) && file.layer !== "adapters" && !/\/src\/(main|start)\.ts$/.test(file.path),
    isAdapter,
  ),
  importRule(
    "adapters-know-no-doors",
    "adapters implement ports and know nobody who uses them",
    (file) => isSource(file) && file.layer === "adapters",
    (imported) => isOuter(imported) || (imported.kind === "file" && /\/src\/(handlers|routes)\//.test(imported.path)),
  ),
  importRule(
    "test-code-only-in-tests",
    "testkit, the /testing entries and vitest are for *.test.ts, test/ and tests/",
    (file) => isSource(file) && file.project !== "packages/testkit",
    (imported) =>
      isPackage(imported, "@tirage/testkit", "vitest", "fast-check") ||
      (imported.kind === "package" && imported.name.startsWith("@tirage/") && imported.entry === "testing"),
  ),
  codeRule(
    {
      name: "environment-at-the-door",
      reason: "only an entry point does, and hands it on as a value (environmentReaders in tools/boundaries/rules.ts)",
      what: "reads process.env",
      pattern: /\bprocess\.env\b|\bfrom "(node:)?process"/,
    },
    (file) => isSource(file) && !environmentReaders.some((reader) => reader.test(file.path)),
  ),
  codeRule(
    {
      name: "no-process-exit",
      reason: "that cuts off what is being written; set process.exitCode and release what is held",
      what: "ends the process",
      pattern: /\bprocess\.(exit|abort|reallyExit)\(/,
    },
    (file) => !file.isTest,
  ),
  {
    name: "handler-header",
    reason: "the first line of a handler is its flow, as in: // item.completed | item.failed -> order.updated",
    find: (file) =>
      isSource(file) && file.layer === "handlers" && !/^\/\/ \S.* -> \S/.test(file.source)
        ? [{ line: 1, what: "starts with something else" }]
        : [],
  },
];

/** All that is wrong, by file and line. */
export function findViolations(files: readonly SourceFile[]): Violation[] {
  const found = files.flatMap((file) =>
    rules.flatMap(({ name, reason, find }) =>
      find(file).map(({ line, what }) => ({ file: file.path, line, rule: name, reason: `${what}: ${reason}` })),
    ),
  );
  return [...found, ...findCycles(files)].sort((left, right) =>
    left.file === right.file ? left.line - right.line : left.file < right.file ? -1 : 1,
  );
}
