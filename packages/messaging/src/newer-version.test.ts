import { orderCreatedConsumer } from "@tirage/contracts";
import { expect, test } from "vitest";
import { NewerVersionError, refuseNewerVersion } from "./newer-version.ts";
import { decideOnFailure } from "./retry-policy.ts";

const circumstances = { deliveryCount: 99, deadLetterAfterDeliveries: 3, random: 0 };

test("fault 17: refuseNewerVersion: v2 where v1 is known, given back for long and never dead-lettered", () => {
  expect(() => refuseNewerVersion("tirage.order.created.v2", orderCreatedConsumer)).toThrow(NewerVersionError);
  const decision = decideOnFailure(new NewerVersionError("tirage.order.created.v2"), circumstances);
  expect(decision).toEqual({ kind: "give-back", delayMs: 60_000 });
});

test("fault 17: refuseNewerVersion: a known version or an unknown type, not its matter", () => {
  for (const type of ["tirage.order.created.v1", "tirage.order.shipped.v2", "nonsense"]) {
    expect(() => refuseNewerVersion(type, orderCreatedConsumer)).not.toThrow();
  }
});
