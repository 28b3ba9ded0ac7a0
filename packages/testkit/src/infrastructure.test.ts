import { expect, test } from "vitest";
import { chooseInfrastructure } from "./infrastructure.ts";

test("chooseInfrastructure: embedded is asked for, no engine is asked and the reason says so", async () => {
  expect(await chooseInfrastructure({ TIRAGE_TEST_INFRASTRUCTURE: "embedded" })).toEqual({
    kind: "embedded",
    reason: "TIRAGE_TEST_INFRASTRUCTURE asks for it",
  });
});

test("chooseInfrastructure: another word is given, refused with the words there are", async () => {
  await expect(chooseInfrastructure({ TIRAGE_TEST_INFRASTRUCTURE: "docker" })).rejects.toThrow(
    "TIRAGE_TEST_INFRASTRUCTURE is docker: it must be containers or embedded",
  );
});
