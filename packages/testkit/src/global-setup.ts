import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrate } from "@tirage/database";
import { findNatsServer, startPostgres } from "@tirage/local-stack/infrastructure";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { disableReaper, removeOrphanedContainers, startPostgresContainer } from "./containers.ts";
import { chooseInfrastructure, type InfrastructureChoice, type TestInfrastructure } from "./infrastructure.ts";

const templateDatabase = "tirage_template";

/** Test data need not survive a crash of the machine; everything else is as in production. */
const testSettings = { fsync: "off", full_page_writes: "off", synchronous_commit: "off", max_connections: "200" };

/** Starts one Postgres for the whole run, with a migrated template; NATS servers are started by the tests. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const choice = await chooseInfrastructure(process.env);
  say(`test infrastructure: ${choice.kind === "containers" ? "containers" : "embedded servers"} (${choice.reason})`);
  const resources = new AsyncDisposableStack();
  try {
    const infrastructure = await startInfrastructure(choice, resources);
    await createTemplate(infrastructure.postgresUrl);
    project.provide("testInfrastructure", infrastructure);
  } catch (error) {
    await resources.disposeAsync();
    throw error;
  }
  return () => resources.disposeAsync();
}

async function startInfrastructure(
  choice: InfrastructureChoice,
  resources: AsyncDisposableStack,
): Promise<TestInfrastructure> {
  if (choice.kind === "containers") {
    if (!choice.isReaperAvailable) disableReaper(process.env);
    await removeOrphanedContainers();
    const postgres = await startPostgresContainer(testSettings);
    resources.defer(postgres.stop);
    const { isReaperAvailable } = choice;
    return { kind: "containers", isReaperAvailable, postgresUrl: postgres.url, templateDatabase };
  }
  const natsServer = await findNatsServer({ environment: process.env, report: say });
  const folder = await mkdtemp(join(tmpdir(), "tirage-test-postgres-"));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  await chmod(folder, 0o711); // as root the server runs under another account, which must pass through
  const postgres = resources.use(
    await startPostgres({ dataDirectory: join(folder, "data"), settings: testSettings, report: say }),
  );
  return { kind: "embedded", natsProgram: natsServer.path, postgresUrl: postgres.url, templateDatabase };
}

async function createTemplate(postgresUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${templateDatabase}`);
  } finally {
    await client.end();
  }
  const url = new URL(postgresUrl);
  url.pathname = `/${templateDatabase}`;
  await migrate(url.href);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
