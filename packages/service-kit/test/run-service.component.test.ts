import { setTimeout as delay } from "node:timers/promises";
import { eventually } from "@tirage/testkit";
import { describe, expect, test } from "vitest";
import { type LogLine, startProcess } from "./start-process.ts";

const releasedIn = (log: readonly LogLine[]) =>
  log.filter(({ msg }) => msg === "released").map((line) => line.resource);
/** Well beyond the limit and a beat. */
const frozenMs = 600;
const fatalIn = (log: readonly LogLine[]) => log.filter(({ level }) => level === 60);

describe("runService", () => {
  test("SIGTERM: while resources are released it is alive and not ready, then exits 0 with them released in reverse", async () => {
    const service = startProcess({ BEHAVIOUR: "slow-to-release" });
    await service.logged("service is started");
    expect(await (await service.ask("/readyz")).json()).toEqual({ ready: true, missing: [] });

    service.child.kill("SIGTERM");
    await service.logged("service is stopping");
    const answer = await service.ask("/readyz");
    expect([answer.status, await answer.json()]).toEqual([503, { ready: false, missing: ["stopping"] }]);
    expect((await service.ask("/healthz")).status).toBe(200);
    expect(releasedIn(service.log)).toEqual([]);

    service.child.stdin?.end();
    expect(await service.exited).toBe(0);
    expect(releasedIn(service.log)).toEqual(["second", "first"]);
    expect(service.log.at(-1)?.msg).toBe("service has stopped");
  });

  test("SIGTERM: while it is starting, it is not ready, releases what it has and exits 0", async () => {
    const service = startProcess({ BEHAVIOUR: "hangs-while-starting" });
    const answer = await service.ask("/readyz");
    expect([answer.status, await answer.json()]).toEqual([503, { ready: false, missing: ["starting"] }]);

    service.child.kill("SIGTERM");
    expect(await service.exited).toBe(0);
    expect(releasedIn(service.log)).toEqual(["first"]);
    expect(fatalIn(service.log)).toEqual([]);
  });

  test("SIGTERM twice: while resources are released, it exits 1 at once", async () => {
    const service = startProcess({ BEHAVIOUR: "slow-to-release" });
    await service.logged("service is started");
    service.child.kill("SIGTERM");
    await service.logged("service is stopping");
    service.child.kill("SIGTERM");
    expect(await service.exited).toBe(1);
    expect(service.log.at(-1)?.msg).toBe("second signal; exiting now");
  });

  test("SIGTERM: when releasing takes longer than the grace, it says so and exits 1", async () => {
    const service = startProcess({ BEHAVIOUR: "slow-to-release", SHUTDOWN_GRACE_MS: "50" });
    await service.logged("service is started");
    service.child.kill("SIGTERM");
    expect(await service.exited).toBe(1);
    expect(service.log.at(-1)).toMatchObject({ graceMs: 50, msg: "stopping took longer than its grace; exiting now" });
  });

  test("fault 14: frozen for longer than its limit and woken again, it says so, releases everything and exits 1", async () => {
    const service = startProcess({ EVENT_LOOP_LIMIT_MS: "100" });
    await service.logged("service is started");
    service.child.kill("SIGSTOP");
    await delay(frozenMs);
    service.child.kill("SIGCONT");
    expect(await service.exited).toBe(1);
    expect(fatalIn(service.log)).toMatchObject([{ err: { message: expect.stringContaining("stood still") } }]);
    expect(releasedIn(service.log)).toEqual(["second", "first"]);
  });

  test("SIGTERM: when a resource cannot be released, the others are, and it exits 1", async () => {
    const service = startProcess({ BEHAVIOUR: "fails-to-release" });
    await service.logged("service is started");
    service.child.kill("SIGTERM");
    expect(await service.exited).toBe(1);
    expect(releasedIn(service.log)).toEqual(["first"]);
    expect(await service.logged("a resource could not be released")).toMatchObject({ err: { message: "stuck" } });
  });

  test("start: when it fails, what was acquired is released, one fatal line says why, and it exits 1", async () => {
    const service = startProcess({ BEHAVIOUR: "fails-to-start" });
    expect(await service.exited).toBe(1);
    expect(releasedIn(service.log)).toEqual(["first"]);
    expect(fatalIn(service.log)).toMatchObject([
      { msg: "service could not start", err: { message: "the second resource is not to be had" } },
    ]);
    expect(service.errorText()).toBe("");
  });

  test("start: when the port is taken, one fatal line says so, and it exits 1", async () => {
    const first = startProcess();
    const { port } = await first.logged("operations are served");
    const second = startProcess({ PORT: String(port) });
    expect(await second.exited).toBe(1);
    expect(fatalIn(second.log)).toMatchObject([{ msg: "service could not start", err: { code: "EADDRINUSE" } }]);
  });

  test("start: with bad variables, it exits 78 with a line for each on stderr and none in the log", async () => {
    const service = startProcess({ PORT: "abc", BEHAVIOUR: "ordinary" });
    expect(await service.exited).toBe(78);
    expect(service.errorText()).toBe('fixture: PORT: expected a number from 0 to 65535, got "abc"\n');
    expect(service.log).toEqual([]);
  });

  test("unexpected error: once started, it releases everything, says why in one fatal line and exits 1", async () => {
    const service = startProcess({ BEHAVIOUR: "throws" });
    expect(await service.exited).toBe(1);
    expect(releasedIn(service.log)).toEqual(["second", "first"]);
    expect(fatalIn(service.log)).toMatchObject([{ err: { message: "unexpected" } }]);
  });

  test("operations: for other paths and methods, the answers are 404 and 405", async () => {
    const service = startProcess();
    expect((await service.ask("/")).status).toBe(404);
    const refused = await service.ask("/readyz", { method: "POST" });
    expect([refused.status, refused.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  });

  test("GET /healthz and /livez: tell who answers", async () => {
    const service = startProcess();
    const { instanceId } = await service.logged("operations are served");
    expect(instanceId).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
    const alive = { status: "ok", service: "fixture", instanceId, version: "0.1.0" };
    expect(await (await service.ask("/healthz")).json()).toMatchObject(alive);
    expect(await (await service.ask("/livez")).json()).toMatchObject(alive);
  });

  test("logger: fields that hold secrets are written without them", async () => {
    const service = startProcess();
    const line = await service.logged("with secrets");
    expect(line).toMatchObject({
      password: "***",
      provider: { apiKey: "***" },
      request: { headers: { authorization: "***" } },
      DATABASE_URL: "postgres://***@localhost/tirage",
    });
    expect(JSON.stringify(service.log)).not.toContain("hunter2");
  });

  test("GET /metrics: answers the process's metrics as Prometheus text", async () => {
    const service = startProcess();
    await service.logged("service is started");
    const answer = await service.ask("/metrics");
    expect(answer.headers.get("content-type")).toMatch(/^text\/plain/);
    const text = await answer.text();
    expect(text).toMatch(/^process_resident_memory_bytes \d{7,}$/m);
    expect(text).toMatch(/^process_cpu_seconds_total 0\.\d+$/m);
    expect(text).toMatch(/^event_loop_lag_ms\{quantile="0.99"\} [\d.]+$/m);
    await eventually(async () => (await (await service.ask("/metrics")).text()) !== text);
  });
});
