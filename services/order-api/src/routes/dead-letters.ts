// /v1/dead-letters: what could not be handled; replayed -> the original subject | order.retry_requested
import {
  deadLetterCorrection,
  deadLetterCounts,
  deadLetterPage,
  deadLetterReplay,
  deadLetterView,
} from "@tirage/contracts";
import { DeadLetterError } from "@tirage/messaging";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { App, Dependencies } from "../dependencies.ts";
import { deadLetterCursor } from "../domain/cursor.ts";
import { faultsWithin } from "../domain/fault.ts";
import { ProblemError, validationError } from "../errors.ts";
import { tenantOf } from "../plugins/authentication.ts";
import type { DeadLetters, ReplayOutcome } from "../ports.ts";
import { isOperator, operatorTenant } from "./operator.ts";
import { cursor, positionOf } from "./queries.ts";
import { notFound, problems } from "./responses.ts";

/** Of one request by filter; what is left is for the next. */
const maximumPerRequest = 1_000;

const filter = z.strictObject({
  code: z.string().min(1).max(100).optional(),
  stream: z.string().min(1).max(100).optional(),
  orderId: z.uuid().optional(),
});
const listQuery = filter.extend({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor,
});
const params = z.object({ id: z.string().describe("Its sequence in the stream DEAD.") });
const tags = ["operations"];

const unavailable = () =>
  new ProblemError("unavailable", "the broker, which keeps them, is away", { headers: { "retry-after": "5" } });

async function orProblem<Answer>(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof DeadLetterError)) throw error;
    throw error.code === "unavailable" ? unavailable() : new ProblemError("conflict", error.message, { cause: error });
  }
}

function problemOf(outcome: Exclude<ReplayOutcome, { kind: "done" }>): ProblemError {
  const faults = outcome.faults && faultsWithin("/payload", outcome.faults);
  if (outcome.kind === "invalid") return validationError(faults ?? []);
  return new ProblemError("conflict", outcome.detail, faults && { faults });
}

type Options = Pick<Dependencies, "deadLetters" | "apiKeys">;

export function deadLetters(app: App, options: Options): void {
  const open = (): DeadLetters => {
    const current = options.deadLetters();
    if (!current) throw unavailable();
    return current;
  };
  /** A tenant sees those of its own orders; the operator all, those of no order among them. */
  const viewer = (request: FastifyRequest) => (isOperator(request, options) ? undefined : tenantOf(request));
  const find = async (request: FastifyRequest, { id }: { id: string }) => {
    const letters = open();
    const isSequence = /^[1-9]\d{0,14}$/.test(id);
    const letter = isSequence ? await orProblem(letters.find(viewer(request), Number(id))) : undefined;
    if (!letter) throw notFound("dead letter", JSON.stringify(id.slice(0, 64)));
    return { letters, letter };
  };
  readRoutes(app, { open, viewer, find });
  app.post(
    "/dead-letters/:id/replay",
    {
      schema: {
        tags,
        summary: "Run a dead letter again, with another payload when one is given",
        description:
          "The first replay decides as what the letter is published: another payload, or none, is answered 409 from then on, also when an answer was lost and the letter is still there. The same one may be repeated. A replay that is refused decides nothing.",
        params,
        body: deadLetterCorrection.optional(),
        response: { 202: deadLetterReplay, ...problems },
      },
    },
    async (request, reply) => {
      const { letters, letter } = await find(request, request.params);
      // Messages carry what the services know: batch sizes, attempts, charges. A tenant may not make any of it up.
      if (request.body && !isOperator(request, options)) {
        throw new ProblemError("forbidden", `only keys of the tenant ${operatorTenant} replay another payload`);
      }
      const outcome = await orProblem(letters.replay(letter, request.body?.payload));
      if (outcome.kind !== "done") throw problemOf(outcome);
      return reply.code(202).send({ id: letter.id, action: outcome.action });
    },
  );
  app.delete(
    "/dead-letters/:id",
    {
      schema: {
        tags,
        summary: "Discard a dead letter",
        params,
        response: { 204: z.undefined().describe("It is gone"), ...problems },
      },
    },
    async (request, reply) => {
      const { letters, letter } = await find(request, request.params);
      await orProblem(letters.discard(letter));
      return reply.code(204).send();
    },
  );
  changeByFilter(app, { open, viewer });
}

interface Access {
  readonly open: () => DeadLetters;
  readonly viewer: (request: FastifyRequest) => string | undefined;
}

function readRoutes(
  app: App,
  {
    open,
    viewer,
    find,
  }: Access & {
    find: (request: FastifyRequest, params: { id: string }) => Promise<{ letter: z.infer<typeof deadLetterView> }>;
  },
): void {
  app.get(
    "/dead-letters",
    {
      schema: {
        tags,
        summary: "What could not be handled, newest first",
        querystring: listQuery,
        response: { 200: deadLetterPage, ...problems },
      },
    },
    async (request) => {
      const { limit, cursor, ...wanted } = request.query;
      const page = { limit, fromSequence: positionOf(cursor, deadLetterCursor.read) };
      const { data, nextSequence } = await orProblem(open().list(viewer(request), wanted, page));
      return { data, nextCursor: nextSequence === 0 ? null : deadLetterCursor.write(nextSequence) };
    },
  );
  app.get(
    "/dead-letters/:id",
    { schema: { tags, summary: "One dead letter", params, response: { 200: deadLetterView, ...problems } } },
    async (request) => (await find(request, request.params)).letter,
  );
}

function changeByFilter(app: App, { open, viewer }: Access): void {
  const select = async (request: FastifyRequest, wanted: z.infer<typeof filter>) => {
    const letters = open();
    const { data } = await orProblem(letters.list(viewer(request), wanted, { limit: maximumPerRequest }));
    return { letters, data };
  };
  const schema = { tags, querystring: filter, response: { 200: deadLetterCounts, ...problems } };
  app.post(
    "/dead-letters/replay",
    { schema: { ...schema, summary: "Run up to 1,000 dead letters again, oldest of them first" } },
    async (request) => {
      const { letters, data } = await select(request, request.query);
      const counts = { replayed: 0, discarded: 0, refused: 0 };
      for (const letter of data.toReversed()) {
        try {
          const outcome = await letters.replay(letter);
          counts[outcome.kind === "done" ? "replayed" : "refused"] += 1;
        } catch (error) {
          if (!(error instanceof DeadLetterError)) throw error;
          if (error.code === "unavailable") throw unavailable();
          counts.refused += 1;
        }
      }
      return counts;
    },
  );
  app.delete(
    "/dead-letters",
    { schema: { ...schema, summary: "Discard up to 1,000 dead letters" } },
    async (request) => {
      const { letters, data } = await select(request, request.query);
      let discarded = 0;
      for (const letter of data) if (await orProblem(letters.discard(letter))) discarded += 1;
      return { replayed: 0, discarded, refused: 0 };
    },
  );
}
