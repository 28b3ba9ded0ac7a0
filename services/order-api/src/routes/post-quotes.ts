// POST /v1/quotes: what an order would make and cost; nothing is written
import { orderRequest, quote } from "@tirage/contracts";
import type { App, Dependencies } from "../dependencies.ts";
import { assessOrder, assessRefused } from "../domain/assess-order.ts";
import { estimateCost } from "../domain/estimate-cost.ts";
import { estimateTime } from "../domain/estimate-time.ts";
import { modelError, validationError } from "../errors.ts";
import { createValidatorCompiler } from "../plugins/validation.ts";
import { problems } from "./responses.ts";

export function postQuotes(app: App, { providers, paceReader }: Pick<Dependencies, "providers" | "paceReader">): void {
  app.post(
    "/quotes",
    {
      validatorCompiler: createValidatorCompiler((body) => assessRefused(body, { providers, now: new Date() })),
      schema: {
        tags: ["orders"],
        summary: "Plan and price an order without placing it",
        body: orderRequest,
        response: { 200: quote, ...problems },
      },
    },
    async (request) => {
      const assessment = assessOrder(request.body, { providers, now: new Date() });
      if (assessment.kind === "refused") {
        throw assessment.type === "model" ? modelError(assessment.faults) : validationError(assessment.faults);
      }
      const { plan, warnings } = assessment;
      const { provider, model } = request.body;
      return {
        ...plan,
        estimatedCostMicroUsd: estimateCost(request.body, plan.totalProducts),
        estimatedTime: estimateTime(plan.generations, await paceReader.readPace(provider, model)),
        warnings: [...warnings],
      };
    },
  );
}
