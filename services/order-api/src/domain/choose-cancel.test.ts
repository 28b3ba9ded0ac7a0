import { expect, test } from "vitest";
import { chooseCancel } from "./choose-cancel.ts";

const chosen = (status: string, itemAttempt: number, retryAttempt: number) =>
  chooseCancel({ order: { status } as never, itemAttempt, retryAttempt });

test.each([
  ["under way", "processing", 1, 0, 3],
  ["whose second attempt followed by itself", "processing", 2, 0, 4],
  ["that ended and is to be retried", "failed", 3, 4, 6],
  ["near the last attempt", "processing", 62, 0, 63],
  ["that ended", "failed", 3, 0, undefined],
])(
  "chooseCancel: an order %s, reaches the attempts that may follow by themselves",
  (_case, status, item, retry, reach) => {
    expect(chosen(status, item, retry)).toBe(reach);
  },
);
