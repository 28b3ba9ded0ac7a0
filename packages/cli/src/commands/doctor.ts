import { type Queue, TirageProblem } from "@tirage/client";
import type { Command } from "commander";
import { explainFailure } from "../explain-failure.ts";
import { SaidAlready } from "../failures.ts";
import type { Paint } from "../output/colours.ts";
import { printable } from "../output/printable.ts";
import { countOf, formatDuration } from "../output/units.ts";
import type { OpenSession, Session } from "../session.ts";
import { addExamples } from "./examples.ts";
import { describeState } from "./queues.ts";

/** One thing that was looked at. */
interface Finding {
  readonly check: string;
  readonly status: "ok" | "warning" | "failed";
  readonly detail: string;
  /** What to do about it. */
  readonly advice?: string | undefined;
}

/** Work that waits for longer while somebody could do it is worth a look. */
const longWaitMs = 10 * 60_000;
/** More are counted as "50 or more". */
const deadLettersCounted = 50;

export function addDoctor(program: Command, open: OpenSession): void {
  const command = program
    .command("doctor")
    .description(
      "look for what is away, and say what to do; the exit code is 1 when something keeps orders from running",
    );
  addExamples(command, [["tirage doctor", "the API, Postgres, NATS, workers, providers, dead letters"]]);
  command.action(async () => {
    // One attempt: what is away is what is asked for.
    const session = open({ retries: 0 });
    const findings = await examine(session);
    const { output } = session;
    for (const finding of findings) output.result(finding, describe(finding, output.paint));
    if (findings.some(({ status }) => status === "failed")) throw new SaidAlready();
  });
}

async function examine(session: Session): Promise<Finding[]> {
  const service = await examineService(session);
  // Without an answer of the API nothing else can be known.
  if (service.some(({ check, status }) => check === "api" && status === "failed")) return service;
  const others = [examineWorkers, examineQueues, examineProviders, examineDeadLetters];
  const examined = await Promise.all(others.map((examination) => examination(session)));
  return [...service, ...examined.flat()];
}

async function examineService({ apiUrl, client, signal }: Session): Promise<Finding[]> {
  try {
    const [version, missing] = await Promise.all([client.service.version({ signal }), readMissing(client, signal)]);
    const at = (name: string, advice: string): Finding =>
      missing.includes(name)
        ? { check: name, status: "failed", detail: "away", advice }
        : { check: name, status: "ok", detail: "answers" };
    const known = ["database", "nats"];
    return [
      { check: "api", status: "ok", detail: `${apiUrl} answers, version ${version}` },
      at("database", "no order can be accepted: see that Postgres runs, and DATABASE_URL of order-api"),
      at("nats", "orders are accepted and wait: see that NATS runs, and NATS_URL of the services"),
      ...missing
        .filter((name) => !known.includes(name))
        .map(
          (name) => ({ check: name, status: "failed", detail: "missing", advice: "see the log of order-api" }) as const,
        ),
    ];
  } catch (error) {
    signal.throwIfAborted();
    return [failedBy("api", error, apiUrl)];
  }
}

/** What `/readyz` names, whether it keeps orders from being accepted or not. */
async function readMissing(client: Session["client"], signal: AbortSignal): Promise<readonly string[]> {
  try {
    return (await client.service.ready({ signal })).degraded;
  } catch (error) {
    if (!(error instanceof TirageProblem) || error.status !== 503) throw error;
    return error.detail.replace(/^missing: /, "").split(", ");
  }
}

async function examineWorkers(session: Session): Promise<Finding[]> {
  return await orFailed(session, "workers", async ({ client, signal }) => {
    const workers = (await client.workers.list({ signal })).filter(({ slots }) => slots !== undefined);
    const running = workers.reduce((sum, worker) => sum + (worker.running?.length ?? 0), 0);
    if (workers.length === 0) {
      const advice = "nothing will be made: npm start -- --generators 2, or node services/generator/src/main.ts";
      return [{ check: "workers", status: "failed", detail: "no generator is alive", advice }];
    }
    if (workers.every(({ drain }) => drain)) {
      const advice = `nothing new will be made: tirage workers resume ${workers[0]?.id}, or start another generator`;
      return [{ check: "workers", status: "failed", detail: "every generator is drained", advice }];
    }
    return [
      { check: "workers", status: "ok", detail: `${countOf(workers.length, "generator")}, ${running} calls running` },
    ];
  });
}

async function examineQueues(session: Session): Promise<Finding[]> {
  return await orFailed(session, "queues", async ({ client, signal }) => {
    const queues = await client.queues.list({ signal });
    const waiting = queues.reduce((sum, { depth }) => sum + depth, 0);
    const stuck = queues.filter(({ depth, oldestAgeMs }) => depth > 0 && (oldestAgeMs ?? 0) > longWaitMs);
    const late = stuck.map(({ name, depth, oldestAgeMs }): Finding => {
      const detail = `${name}: ${depth} waiting, the oldest for ${formatDuration(oldestAgeMs ?? 0)}`;
      return {
        check: "queues",
        status: "warning",
        detail,
        advice: "more generators would help, if the provider allows it",
      };
    });
    const paused = queues
      .filter((queue) => describeState(queue) !== "open")
      .map((queue) =>
        findPause(
          queue,
          queues.some((other) => other.provider === queue.provider && other.depth > 0),
        ),
      );
    return [{ check: "queues", status: "ok", detail: `${waiting} waiting` }, ...late, ...paused];
  });
}

/** Keeps orders from running when nothing but a person ends it, or when orders wait for it already. */
function findPause(queue: Queue, hasWaiting: boolean): Finding {
  const { name, provider, gate, pausedBy } = queue;
  const detail = `${provider ?? name}: ${describeState(queue)}${gate?.detail ? ` (${gate.detail})` : ""}`;
  const resume = `tirage queues resume ${provider ?? name}`;
  if (gate?.state === "stopped") {
    return { check: "queues", status: "failed", detail, advice: `mend its account or its key, then ${resume}` };
  }
  if (pausedBy === "person") return { check: "queues", status: "failed", detail, advice: `${resume} ends it` };
  const advice = "its calls wait and go on by themselves";
  return { check: "queues", status: hasWaiting ? "failed" : "warning", detail, advice };
}

async function examineProviders(session: Session): Promise<Finding[]> {
  return await orFailed(session, "providers", async ({ client, signal }) => {
    const models = await client.models.list({ signal });
    const providers = [...new Set(models.map(({ provider }) => provider))];
    if (providers.length > 0) {
      return [
        {
          check: "providers",
          status: "ok",
          detail: `${providers.join(", ")}; ${countOf(models.length, "model")} known`,
        },
      ];
    }
    const advice = "name them in PROVIDERS of order-api, dispatcher and generator";
    return [{ check: "providers", status: "failed", detail: "none is enabled", advice }];
  });
}

async function examineDeadLetters(session: Session): Promise<Finding[]> {
  return await orFailed(session, "dead letters", async ({ client, signal }) => {
    let count = 0;
    for await (const _ of client.deadLetters.list({ limit: deadLettersCounted }, { signal })) {
      count += 1;
      if (count >= deadLettersCounted) break;
    }
    if (count === 0) return [{ check: "dead letters", status: "ok", detail: "none" }];
    const detail = `${count}${count >= deadLettersCounted ? " or more" : ""} could not be handled`;
    return [{ check: "dead letters", status: "warning", detail, advice: "tirage dead-letters list says why" }];
  });
}

async function orFailed(
  session: Session,
  check: string,
  examination: (session: Session) => Promise<Finding[]>,
): Promise<Finding[]> {
  try {
    return await examination(session);
  } catch (error) {
    session.signal.throwIfAborted();
    return [failedBy(check, error, session.apiUrl)];
  }
}

function failedBy(check: string, error: unknown, apiUrl: string): Finding {
  const { message, advice } = explainFailure(error, apiUrl);
  // The doctor is who is asked already.
  return { check, status: "failed", detail: message, advice: advice?.replace("; tirage doctor looks closer", "") };
}

const signs = { ok: "✓", warning: "!", failed: "✗" } as const;
const colours = { ok: "green", warning: "yellow", failed: "red" } as const;

function describe({ check, status, detail, advice }: Finding, paint: Paint): string {
  const line = `${paint(colours[status], signs[status])} ${check.padEnd(12)}  ${printable(detail)}`;
  return advice === undefined ? line : `${line}\n${" ".repeat(16)}${paint("dim", `→ ${advice}`)}`;
}
