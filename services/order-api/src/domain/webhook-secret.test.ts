import { expect, test } from "vitest";
import { readWebhookSecret } from "./webhook-secret.ts";

const key = Buffer.from("0123456789abcdef01234567");

test("readWebhookSecret: of another form, is none", () => {
  expect(readWebhookSecret(`whsec_${key.toString("base64")}`)).toEqual(key);
  expect(readWebhookSecret(key.toString("base64"))).toBeUndefined();
  expect(readWebhookSecret("whsec_short")).toBeUndefined();
});
