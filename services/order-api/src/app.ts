/** The HTTP application: which routes there are and what they all have in common. */
import helmet from "@fastify/helmet";
import { orderLimits } from "@tirage/contracts";
import Fastify, { LogController } from "fastify";
import { serializerCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";
import type { App, Dependencies } from "./dependencies.ts";
import { toProblemError } from "./errors.ts";
import { createOrderPlacing } from "./place-orders.ts";
import { identifyAnswers } from "./plugins/answer-identity.ts";
import { actLocally, authenticate } from "./plugins/authentication.ts";
import { closeConnections } from "./plugins/closing.ts";
import { serveConsole } from "./plugins/console.ts";
import { documentRoutes } from "./plugins/documentation.ts";
import { allowEventStreams } from "./plugins/event-stream.ts";
import { linkNextPage } from "./plugins/next-link.ts";
import { answerClientError, answerWithProblems, refuseOtherMethods, replyWithProblem } from "./plugins/problems.ts";
import { limitRate } from "./plugins/rate-limit.ts";
import { logRequests } from "./plugins/request-log.ts";
import { validatorCompiler } from "./plugins/validation.ts";
import { deadLetters } from "./routes/dead-letters.ts";
import { deleteOrder } from "./routes/delete-order.ts";
import { getGallery } from "./routes/get-gallery.ts";
import { getHealth } from "./routes/get-health.ts";
import { getModels } from "./routes/get-models.ts";
import { getOperations } from "./routes/get-operations.ts";
import { getOrderArchive } from "./routes/get-order-archive.ts";
import { getOrderEvents } from "./routes/get-order-events.ts";
import { getOrderLedger } from "./routes/get-order-ledger.ts";
import { getOrders } from "./routes/get-orders.ts";
import { getProblems } from "./routes/get-problems.ts";
import { getProducts } from "./routes/get-products.ts";
import { getThumbnail } from "./routes/get-thumbnail.ts";
import { postCallbacks } from "./routes/post-callbacks.ts";
import { postCancel } from "./routes/post-cancel.ts";
import { postOrderBatches } from "./routes/post-order-batches.ts";
import { postOrders } from "./routes/post-orders.ts";
import { postQueues } from "./routes/post-queues.ts";
import { postQuotes } from "./routes/post-quotes.ts";
import { postRetry } from "./routes/post-retry.ts";
import { postWorkers } from "./routes/post-workers.ts";
import { sessionRoutes } from "./routes/session.ts";

/** A request must have arrived within this; a client that trickles holds a connection no longer. */
const requestTimeoutMs = 30_000;
/** Idle longer than the longest wait: a connection that waits for its order says nothing meanwhile. */
const connectionTimeoutMs = 90_000;

/** Built and ready for `listen` or `inject`. Closing it ends waits with the order as it then is. */
export async function createApp(dependencies: Dependencies): Promise<App> {
  const app = createServer(dependencies);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.removeContentTypeParser("text/plain");
  acceptEmptyBodies(app);
  closeConnections(app);
  answerWithProblems(app);
  identifyAnswers(app);
  logRequests(app, dependencies.metrics);
  await app.register(helmet, {
    // Served over plain HTTP on a developer's machine, where there is nothing to upgrade to.
    contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
  });
  await documentRoutes(app, dependencies.version);
  await app.register(async (scope) => {
    refuseOtherMethods(scope, () => {
      getHealth(scope, dependencies);
      getProblems(scope);
    });
  });
  await app.register((scope) => registerResources(scope, dependencies), { prefix: "/v1" });
  await app.register((scope) => registerSession(scope, dependencies), { prefix: "/v1" });
  await app.register(async (scope) => refuseOtherMethods(scope, () => postCallbacks(scope, dependencies)), {
    prefix: "/v1",
  });
  await app.register((scope) => serveConsole(scope));
  await app.ready();
  return app;
}

/** Clients that always name JSON as their content type may ask for what needs no body. */
function acceptEmptyBodies(app: App): void {
  const parseJson = app.getDefaultJsonParser("error", "error");
  app.removeContentTypeParser("application/json");
  app.addContentTypeParser<string>("application/json", { parseAs: "string" }, (request, body, done) => {
    if (body.trim() === "") done(null, undefined);
    else parseJson(request, body, done);
  });
}

function createServer({ logger }: Pick<Dependencies, "logger">): App {
  return Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: "requestId" }),
    genReqId: () => crypto.randomUUID(),
    bodyLimit: orderLimits.bodyBytes,
    requestTimeout: requestTimeoutMs,
    connectionTimeout: connectionTimeoutMs,
    // Requests that are on a connection already are still answered while the server closes.
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => replyWithProblem(toProblemError(error), request, reply),
    clientErrorHandler: answerClientError,
  }).withTypeProvider<ZodTypeProvider>();
}

async function registerSession(scope: App, dependencies: Dependencies): Promise<void> {
  actLocally(scope);
  await limitRate(scope, dependencies.rateLimitPerMinute);
  refuseOtherMethods(scope, () => sessionRoutes(scope, dependencies));
}

async function registerResources(scope: App, dependencies: Dependencies): Promise<void> {
  const { metrics } = dependencies;
  const closing = new AbortController();
  scope.addHook("preClose", async () => closing.abort());
  authenticate(scope, dependencies.apiKeys);
  await limitRate(scope, dependencies.rateLimitPerMinute);
  linkNextPage(scope);
  await allowEventStreams(scope);
  const placeOrders = createOrderPlacing({
    ...dependencies,
    onAccepted(orders) {
      for (const { request, items } of orders) {
        metrics.orderAccepted({ provider: request.provider, generations: items.length });
      }
    },
  });
  refuseOtherMethods(scope, () => {
    postOrders(scope, { ...dependencies, placeOrders, closing: closing.signal });
    postOrderBatches(scope, { ...dependencies, placeOrders });
    postCancel(scope, dependencies);
    postRetry(scope, dependencies);
    deleteOrder(scope, dependencies);
    postQuotes(scope, dependencies);
    getOrders(scope, dependencies);
    getOrderLedger(scope, dependencies);
    getOrderEvents(scope, { ...dependencies, closing: closing.signal });
    getProducts(scope, dependencies);
    getThumbnail(scope, dependencies);
    getOrderArchive(scope, dependencies);
    getGallery(scope, dependencies);
    getModels(scope, dependencies);
    getOperations(scope, dependencies);
    postQueues(scope, dependencies);
    postWorkers(scope, dependencies);
    deadLetters(scope, dependencies);
  });
}
