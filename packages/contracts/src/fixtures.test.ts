/** Golden fixtures: a message of every version ever published must parse for ever. A fixture is added, never changed. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { allMessages } from "./all-messages.ts";

const folder = new URL("../fixtures/", import.meta.url);
const fixtures = readdirSync(folder).map((file) => ({
  file,
  ...JSON.parse(readFileSync(new URL(file, folder), "utf8")),
}));
const definitionOf = (type: string) => allMessages.find((definition) => definition.type === type);

test.each(allMessages)("fixtures: the message $type, has one", ({ name, version }) => {
  expect(fixtures.map(({ file }) => file)).toContain(`${name}.v${version}.json`);
});

test.each(fixtures)(
  "fault 45: fixtures: $file, is read whole, whatever fields a newer writer adds",
  ({ type, payload }) => {
    expect(definitionOf(type)?.read({ ...payload, addedByANewerWriter: true })).toEqual(payload);
  },
);

test.each(fixtures)("fixtures: $file, is made again with the same subject and id", ({ type, subject, id, payload }) => {
  expect(definitionOf(type)?.create(payload)).toMatchObject({ subject, id, type });
});

test.each(fixtures)("fixtures: $file, is refused by its writer with an unknown field", ({ type, payload }) => {
  expect(() => definitionOf(type)?.create({ ...payload, misspelt: 1 })).toThrow(/misspelt/);
});
