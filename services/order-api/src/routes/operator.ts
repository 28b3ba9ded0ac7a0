import type { FastifyRequest } from "fastify";
import type { Dependencies } from "../dependencies.ts";
import { tenantOf } from "../plugins/authentication.ts";

/** Whose keys may do what concerns every tenant. */
export const operatorTenant = "operator";

/** Without keys everyone who reaches the service is. */
export const isOperator = (request: FastifyRequest, { apiKeys }: Pick<Dependencies, "apiKeys">): boolean =>
  !apiKeys || tenantOf(request) === operatorTenant;
