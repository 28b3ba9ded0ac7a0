import { expect, test } from "vitest";
import { type Command, findCommands } from "./find-commands.ts";

const command = (title: string, group: string, keywords = ""): Command => ({
  id: title,
  title,
  group,
  keywords,
  run: () => {},
});
const commands = [
  command("All orders", "Go to"),
  command("Operations", "Go to", "queues workers dead letters"),
  command("Order 01a2", "Orders", "a lighthouse at dusk"),
];
const titles = (query: string) => findCommands(commands, query).map(({ title }) => title);

test.each([
  ["nothing, finds all in their order", "", ["All orders", "Operations", "Order 01a2"]],
  ["the beginning of a title, puts it first", "o", ["Operations", "All orders", "Order 01a2"]],
  ["words of title and keywords in any order", "dusk order", ["Order 01a2"]],
  ["other letter case", "QUEUES", ["Operations"]],
  ["what nothing has", "lighthouse queues", []],
])("findCommands: %s", (_, query, expected) => {
  expect(titles(query)).toEqual(expected);
});
