/** The search for a submission whose answer was lost, against the provider sandbox. */
import { expect, test } from "vitest";
import { requestOf, startSandbox } from "./provider-fixture.ts";

const lost = { fault: "lost_response", provider: "replicate" } as const;
const signal = () => AbortSignal.timeout(10_000);

test("findSubmission: of Replicate with callbacks, after a lost answer, finds it surely by its nonce", async () => {
  await using fixture = await startSandbox([lost]);
  const replicate = fixture.provider("replicate", { publicUrl: "http://127.0.0.1:9" });
  const submittedAt = new Date();
  for (const nonce of ["nonce-1", "nonce-2"]) {
    expect((await replicate.submit(requestOf("replicate", { nonce }))).kind).toBe("unknown");
  }

  const found = await replicate.findSubmission?.({
    request: requestOf("replicate", { nonce: "nonce-2" }),
    submittedAt,
    signal: signal(),
  });

  const { submissions } = await fixture.readLedger();
  const expected = submissions.filter(({ webhook }) => webhook?.endsWith("nonce-2")).map(({ id }) => id);
  expect(found).toEqual({ requestIds: expected, surely: true });
  expect(expected).toHaveLength(1);
});

test("findSubmission: of Replicate without callbacks, over several pages, finds it by its input", async () => {
  await using fixture = await startSandbox([{ ...lost, times: 1 }]);
  const replicate = fixture.provider("replicate");
  const submittedAt = new Date();
  expect((await replicate.submit(requestOf("replicate"))).kind).toBe("unknown");
  const others = Array.from({ length: 150 }, (_, index) => requestOf("replicate", { seed: 1_000 + index }));
  await Promise.all(others.map((request) => replicate.submit(request)));

  const found = await replicate.findSubmission?.({ request: requestOf("replicate"), submittedAt, signal: signal() });

  expect(found?.requestIds).toHaveLength(1);
  expect(await replicate.check(found?.requestIds[0] ?? "", requestOf("replicate"), signal())).toMatchObject({
    kind: expect.stringMatching(/running|succeeded/),
  });
});

test("findSubmission: of Replicate, made before the submit began, is none", async () => {
  await using fixture = await startSandbox();
  const replicate = fixture.provider("replicate");
  await replicate.submit(requestOf("replicate"));

  const submittedAt = new Date(Date.now() + 60_000);
  const found = await replicate.findSubmission?.({ request: requestOf("replicate"), submittedAt, signal: signal() });

  expect(found).toEqual({ requestIds: [], surely: false });
});

test("findSubmission: of Replicate that does not list, is to be asked again", async () => {
  await using fixture = await startSandbox([{ fault: "read_error", provider: "replicate" }]);
  const replicate = fixture.provider("replicate");

  const search = replicate.findSubmission?.({
    request: requestOf("replicate"),
    submittedAt: new Date(),
    signal: signal(),
  });

  await expect(search).rejects.toMatchObject({ code: "provider_unreadable" });
});

test("findSubmission: of fal, which lists nothing, is absent", async () => {
  await using fixture = await startSandbox();

  expect(fixture.provider("fal").findSubmission).toBeUndefined();
});
