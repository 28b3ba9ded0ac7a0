import type { Model } from "@tirage/client";
import type { Command } from "commander";
import { CommandFailure } from "../failures.ts";
import type { Column } from "../output/table.ts";
import { formatMicroUsd } from "../output/units.ts";
import type { OpenSession } from "../session.ts";
import { addExamples } from "./examples.ts";

export function addModels(program: Command, open: OpenSession): void {
  const command = program
    .command("models [model]")
    .description("list the models that are known, or the parameters of one; others can be ordered as well");
  addExamples(command, [
    ["tirage models", "providers, models, prices, images of one call"],
    ["tirage models fal-ai/flux/schnell", "what --parameter may say of it"],
  ]);
  command.action(async (name: string | undefined) => {
    const { client, output, signal } = open();
    const models = await client.models.list({ signal });
    if (name === undefined) return output.table(models, modelColumns, "no model is known");
    const model = models.find((known) => known.model === name);
    if (!model) throw new CommandFailure(`no known model is called ${name}`, { advice: "tirage models lists them" });
    if (output.isJson) return output.result(model, "");
    output.table(Object.entries(model.parameters), parameterColumns, `${name} is known to take no parameters`);
  });
}

function describePrice({ priceMicroUsd }: Model): string {
  return priceMicroUsd === null ? "unknown" : `${formatMicroUsd(priceMicroUsd.amount)}/${priceMicroUsd.per}`;
}

const modelColumns: Column<Model>[] = [
  { title: "PROVIDER", text: ({ provider }) => provider },
  { title: "MODEL", text: ({ model }) => model },
  { title: "BATCH", text: ({ maximumBatchSize }) => String(maximumBatchSize), isNumber: true },
  { title: "PRICE", text: describePrice },
  { title: "TITLE", text: ({ title, requiresVersion }) => (requiresVersion ? `${title} (--model-version)` : title) },
];

const parameterColumns: Column<[string, Model["parameters"][string]]>[] = [
  { title: "PARAMETER", text: ([name]) => name },
  { title: "TYPE", text: ([, { type }]) => type },
  {
    title: "VALUES",
    text: ([, { minimum, maximum, options }]) => {
      if (options) return options.join(" ");
      return minimum === undefined && maximum === undefined ? "any" : `${minimum ?? ""}…${maximum ?? ""}`;
    },
  },
  { title: "DEFAULT", text: ([, rule]) => (rule.default === undefined ? "-" : JSON.stringify(rule.default)) },
  { title: "MEANING", text: ([, { description }]) => description ?? "" },
];
