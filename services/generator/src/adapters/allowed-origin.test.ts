import { expect, test } from "vitest";
import { isAllowedAddress } from "./allowed-origin.ts";

const origins = ["https://queue.fal.run", "https://*.fal.media", "http://127.0.0.1:18000"];

test.each([
  "https://queue.fal.run/fal-ai/flux",
  "https://queue.fal.run:443/x",
  "https://v3.fal.media/files/a.png",
  "https://a.b.fal.media/x",
  "http://127.0.0.1:18000/v3.fal.media/files/a.png",
])("isAllowedAddress: %s, allowed", (address) => {
  expect(isAllowedAddress(new URL(address), origins)).toBe(true);
});

test.each([
  "http://queue.fal.run/fal-ai/flux",
  "https://queue.fal.run:8443/x",
  "https://queue.fal.run.evil.example/x",
  "https://evilfal.media/x",
  "https://fal.media/x",
  "http://v3.fal.media/x",
  "https://v3.fal.media:8443/x",
  "https://v3.fal.media.evil.example/x",
  "https://user:secret@v3.fal.media/x",
  "https://v3.fal.media@evil.example/x",
  "http://127.0.0.1:18001/x",
  "http://127.0.0.1/x",
  "http://2130706433:18001/x",
  "http://[::ffff:127.0.0.1]:18000/x",
  "http://169.254.169.254/latest/meta-data",
  "data:image/png;base64,AAAA",
  "file:///etc/passwd",
])("isAllowedAddress: %s, refused", (address) => {
  expect(isAllowedAddress(new URL(address), origins)).toBe(false);
});
