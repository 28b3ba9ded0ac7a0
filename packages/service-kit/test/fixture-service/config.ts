import { commonVariables, readVariables, variable } from "@tirage/service-kit";
import { z } from "zod";

const behaviours = [
  "ordinary",
  "fails-to-start",
  "hangs-while-starting",
  "slow-to-release",
  "fails-to-release",
  "throws",
];

const schema = z.object({
  ...commonVariables(0),
  /** What the fixture does unlike an ordinary service. */
  BEHAVIOUR: variable(`one of ${behaviours.join(", ")}`, (text) =>
    behaviours.includes(text) ? text : undefined,
  ).default("ordinary"),
});
export type Config = z.infer<typeof schema>;

export const readConfig = (environment: NodeJS.ProcessEnv): Config => readVariables(schema, environment);
