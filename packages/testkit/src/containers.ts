import { PostgreSqlContainer } from "@testcontainers/postgresql";
import { images } from "@tirage/local-stack/infrastructure";
import { GenericContainer, getContainerRuntimeClient, type StartedTestContainer, Wait } from "testcontainers";

const ownerLabel = "dev.tirage.test-process";
const natsPort = 4222;

/** Testcontainers reads this from the environment only; without its reaper's image it would try to pull it. */
export function disableReaper(environment: NodeJS.ProcessEnv): void {
  environment.TESTCONTAINERS_RYUK_DISABLED = "true";
}

/** Removes containers of test runs that were killed before they could remove them: nothing else does without a reaper. */
export async function removeOrphanedContainers(): Promise<void> {
  const client = await getContainerRuntimeClient();
  const containers = await client.container.dockerode.listContainers({ all: true, filters: { label: [ownerLabel] } });
  for (const { Id, Labels } of containers) {
    if (isAlive(Number(Labels[ownerLabel]))) continue;
    await client.container.dockerode.getContainer(Id).remove({ force: true, v: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** One Postgres for a whole test run. */
export async function startPostgresContainer(settings: Record<string, string>) {
  const container = await new PostgreSqlContainer(images.postgres)
    .withDatabase("tirage")
    .withUsername("tirage")
    .withPassword("tirage")
    .withLabels({ [ownerLabel]: String(process.pid) })
    .withTmpFs({ "/var/lib/postgresql": "rw" })
    .withCommand(["postgres", ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])])
    .start();
  return { url: container.getConnectionUri(), stop: async () => void (await container.stop()) };
}

/** A NATS server on a fixed port of this machine, so that it comes back where it was. */
export async function startNatsContainer(port: number): Promise<StartedTestContainer> {
  return new GenericContainer(images.nats)
    .withCommand(["-js", "-sd", "/data", "-m", "8222"])
    .withExposedPorts({ container: natsPort, host: port })
    .withLabels({ [ownerLabel]: String(process.pid) })
    .withWaitStrategy(Wait.forLogMessage("Server is ready"))
    .withStartupTimeout(60_000)
    .start();
}

/** The engine's own handle of a container, for what Testcontainers does not offer: kill, pause, start again. */
export async function findContainer(started: StartedTestContainer) {
  const client = await getContainerRuntimeClient();
  return client.container.getById(started.getId());
}
