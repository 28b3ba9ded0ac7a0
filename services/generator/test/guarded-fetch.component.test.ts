import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { exchangeOnce } from "../src/adapters/guarded-fetch.ts";
import { silentLogger, watchConnections } from "./provider-fixture.ts";

let connections: ReturnType<typeof watchConnections>;
beforeAll(() => {
  connections = watchConnections();
});
afterAll(() => connections.stop());

/** A server that answers as told and counts what it was asked. */
async function startServer(answer: (response: ServerResponse) => void) {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    request.resume();
    answer(response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { origin, seen, options: { origins: [origin], timeoutMs: 2_000, logger: silentLogger } };
}

const post = { method: "POST", body: '{"prompt":"x"}' };

test("exchangeOnce: client that repeats after a failure, one request leaves", async () => {
  const { origin, seen, options } = await startServer((response) => response.writeHead(503).end());

  const exchange = await exchangeOnce(options, async (fetchOnce) => {
    for (let attempt = 0; attempt < 6; attempt += 1) await fetchOnce(`${origin}/submit`, post);
  });

  expect(exchange).toMatchObject({ kind: "answered", status: 503 });
  expect(seen).toEqual(["POST /submit"]);
});

test("exchangeOnce: client that asks side by side, one request leaves", async () => {
  const { origin, seen, options } = await startServer((response) => response.end("{}"));

  await exchangeOnce(options, (fetchOnce) =>
    Promise.all([fetchOnce(`${origin}/first`, post), fetchOnce(`${origin}/second`, post)]),
  );

  expect(seen).toEqual(["POST /first"]);
});

test.each([429, 500, 502, 503, 504, 302])(
  "exchangeOnce: HTTP %i, hidden behind a status that no client repeats",
  async (status) => {
    const { origin, options } = await startServer((response) =>
      response.writeHead(status, { location: "/else" }).end(),
    );
    const told: number[] = [];

    const exchange = await exchangeOnce(options, async (fetchOnce) =>
      told.push((await fetchOnce(origin, post)).status),
    );

    expect(exchange).toMatchObject({ kind: "answered", status });
    expect(told).toEqual([499]);
  },
);

test("exchangeOnce: redirect of a POST, answered and not followed", async () => {
  const { origin, seen, options } = await startServer((response) =>
    response.writeHead(307, { location: "/else" }).end(),
  );

  await exchangeOnce(options, (fetchOnce) => fetchOnce(`${origin}/submit`, post));

  expect(seen).toEqual(["POST /submit"]);
});

test("exchangeOnce: host that is not allowed, nothing sent", async () => {
  const { origin, seen, options } = await startServer((response) => response.end("{}"));

  const exchange = await exchangeOnce({ ...options, origins: ["https://queue.fal.run"] }, (fetchOnce) =>
    fetchOnce(origin, post),
  );

  expect(exchange).toEqual({ kind: "not_sent", reason: `${origin} is not allowed` });
  expect(seen).toEqual([]);
});

test("exchangeOnce: client that fails before it sends, nothing sent", async () => {
  const { options } = await startServer((response) => response.end("{}"));

  const exchange = await exchangeOnce(options, () => Promise.reject(new Error("Invalid app id")));

  expect(exchange).toEqual({ kind: "not_sent", reason: "Error: Invalid app id" });
});

test("exchangeOnce: headers and then silence, lost at the timeout", async () => {
  const { origin, seen, options } = await startServer((response) => response.writeHead(200).write('{"request_id":'));

  const exchange = await exchangeOnce({ ...options, timeoutMs: 200 }, (fetchOnce) => fetchOnce(origin, post));

  expect(exchange).toEqual({ kind: "lost", reason: "no whole answer within 0.2 s" });
  expect(seen).toEqual(["POST /"]);
});

test("exchangeOnce: endless answer, lost and not kept in memory", async () => {
  const { origin, options } = await startServer((response) => {
    const page = Buffer.alloc(1024 * 1024, "x");
    const write = () => {
      while (!response.destroyed && response.write(page));
    };
    response.on("drain", write);
    write();
  });

  const exchange = await exchangeOnce({ ...options, timeoutMs: 10_000 }, (fetchOnce) => fetchOnce(origin, post));

  expect(exchange).toEqual({ kind: "lost", reason: "the body is larger than 8388608 bytes" });
});

test("exchangeOnce: signal given up while waiting, its reason", async () => {
  const stopping = new AbortController();
  const reason = new Error("stopping");
  const { origin, options } = await startServer(() => stopping.abort(reason));

  const exchange = exchangeOnce({ ...options, signal: stopping.signal }, (fetchOnce) => fetchOnce(origin));

  await expect(exchange).rejects.toBe(reason);
});

test("exchangeOnce: successful answer, read by the client and kept with its headers", async () => {
  const { origin, options } = await startServer((response) => {
    response.setHeader("x-fal-request-id", "request-1").end('{"status":"COMPLETED"}');
  });
  const read: unknown[] = [];

  const exchange = await exchangeOnce(options, async (fetchOnce) => read.push(await (await fetchOnce(origin)).json()));

  expect(read).toEqual([{ status: "COMPLETED" }]);
  expect(exchange).toMatchObject({ kind: "answered", status: 200, body: { status: "COMPLETED" } });
  expect(exchange.kind === "answered" && exchange.headers.get("x-fal-request-id")).toBe("request-1");
});

/** A port whose queue of connections is full and stays so: a further one is neither accepted nor refused. */
async function startUnreachable(): Promise<string> {
  const blocked = "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000)";
  const listen = `require("net").createServer().listen(0, "127.0.0.1", 1, function () {
    require("fs").writeSync(1, String(this.address().port)); ${blocked}; })`;
  const child = spawn(process.execPath, ["-e", listen], { stdio: ["ignore", "pipe", "inherit"] });
  const [port] = await once(child.stdout, "data");
  const queued = Array.from({ length: 3 }, () => connect(Number(port), "127.0.0.1").on("error", () => {}));
  onTestFinished(() => {
    for (const socket of queued) socket.destroy();
    child.kill("SIGKILL");
  });
  await Promise.all(queued.slice(0, 2).map((socket) => once(socket, "connect")));
  return `http://127.0.0.1:${port}`;
}

test("exchangeOnce: host that takes no connection, told as never sent before the time is up", async () => {
  const origin = await startUnreachable();

  const exchange = await exchangeOnce({ origins: [origin], timeoutMs: 10_000, logger: silentLogger }, (fetchOnce) =>
    fetchOnce(origin, post),
  );

  expect(exchange).toMatchObject({ kind: "not_sent", reason: expect.stringContaining("UND_ERR_CONNECT_TIMEOUT") });
});
