import { images } from "@tirage/local-stack/infrastructure";
import { getContainerRuntimeClient, ImageName } from "testcontainers";

/** What the global setup hands to every test worker. Plain data: it crosses a process boundary. */
export type TestInfrastructure = {
  /** Superuser access to the server that holds the test databases. */
  postgresUrl: string;
  /** A migrated, empty database to clone. */
  templateDatabase: string;
} & ({ kind: "containers"; isReaperAvailable: boolean } | { kind: "embedded"; natsProgram: string });

/** Which infrastructure the tests get, and the reason in a few words. */
export type InfrastructureChoice =
  | { kind: "containers"; isReaperAvailable: boolean; reason: string }
  | { kind: "embedded"; reason: string };

const engineTimeoutMs = 10_000;
const reaperImage = "testcontainers/ryuk:0.14.0"; // the one that testcontainers 12.2 starts

declare module "vitest" {
  export interface ProvidedContext {
    testInfrastructure: TestInfrastructure;
  }
}

/**
 * Containers when a Docker engine answers and holds the images; otherwise the embedded servers. Images are never
 * pulled unless containers are forced. `TIRAGE_TEST_INFRASTRUCTURE` = `containers` or `embedded` forces one.
 */
export async function chooseInfrastructure(
  environment: Record<string, string | undefined>,
): Promise<InfrastructureChoice> {
  const forced = environment.TIRAGE_TEST_INFRASTRUCTURE;
  if (forced !== undefined && forced !== "" && forced !== "containers" && forced !== "embedded") {
    throw new Error(`TIRAGE_TEST_INFRASTRUCTURE is ${forced}: it must be containers or embedded`);
  }
  if (forced === "embedded") return { kind: "embedded", reason: "TIRAGE_TEST_INFRASTRUCTURE asks for it" };

  const engine = await askEngine();
  if (forced === "containers") {
    if (typeof engine === "string") throw new Error(`TIRAGE_TEST_INFRASTRUCTURE is containers, but ${engine}`);
    const reason = "TIRAGE_TEST_INFRASTRUCTURE asks for it";
    return { kind: "containers", isReaperAvailable: engine.isReaperAvailable, reason };
  }
  if (typeof engine === "string") return { kind: "embedded", reason: engine };
  if (engine.missing.length > 0) {
    return { kind: "embedded", reason: `the Docker engine has no ${engine.missing.join(" and no ")}` };
  }
  const reason = `a Docker engine answers and has ${images.postgres} and ${images.nats}`;
  return { kind: "containers", isReaperAvailable: engine.isReaperAvailable, reason };
}

async function askEngine(): Promise<string | { missing: string[]; isReaperAvailable: boolean }> {
  try {
    const client = await withTimeout(getContainerRuntimeClient(), engineTimeoutMs);
    const isPresent = (image: string) => withTimeout(client.image.exists(ImageName.fromString(image)), engineTimeoutMs);
    const missing: string[] = [];
    for (const image of [images.postgres, images.nats]) if (!(await isPresent(image))) missing.push(image);
    return { missing, isReaperAvailable: await isPresent(reaperImage) };
  } catch {
    return "no Docker engine answers";
  }
}

async function withTimeout<Result>(work: Promise<Result>, timeoutMs: number): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
