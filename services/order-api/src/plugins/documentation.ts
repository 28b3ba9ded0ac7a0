import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import { jsonSchemaTransform, jsonSchemaTransformObject } from "fastify-type-provider-zod";
import { z } from "zod";
import type { App } from "../dependencies.ts";
import { sessionCookie } from "../domain/credentials.ts";
import { refuseOtherMethods } from "./problems.ts";

/** Describes the routes that are registered after it at `/openapi.json`, and shows the description at `/docs`. */
export async function documentRoutes(app: App, version: string): Promise<void> {
  const optionalBodies: { readonly url: string; readonly method: string }[] = [];
  app.addHook("onRoute", ({ url, method, schema }) => {
    const { body } = schema ?? {};
    if (!(body instanceof z.ZodOptional)) return;
    for (const each of [method].flat()) optionalBodies.push({ url: url.replace(/:(\w+)/g, "{$1}"), method: each });
  });
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.1",
      info: {
        title: "Tirage",
        version,
        description:
          "Orders of generated images. Everything that is not 2xx is `application/problem+json`; its `type` is an address that explains it. Every answer names its request in `X-Request-Id` and, where the installation is traced, its trace in `traceparent`; a `traceparent` that a request brings is carried on.",
      },
      tags: [
        { name: "orders", description: "Place orders and follow them." },
        { name: "products", description: "What orders produced." },
        { name: "catalogue", description: "What can be ordered." },
        { name: "operations", description: "How the system is doing." },
      ],
      components: {
        securitySchemes: {
          apiKey: { type: "http", scheme: "bearer", description: "A key of this installation." },
          session: {
            type: "apiKey",
            in: "cookie",
            name: sessionCookie,
            description: "Of `POST /v1/session`, for pages of the same origin.",
          },
        },
      },
      security: [{ apiKey: [] }, { session: [] }, {}],
    },
    transform: jsonSchemaTransform,
    transformObject: (document) => openBodies(openAnyJson(jsonSchemaTransformObject(document)), optionalBodies),
  });
  await app.register(async (scope) => {
    const schema = { tags: ["operations"], summary: "This description, as OpenAPI 3.1" };
    refuseOtherMethods(scope, () =>
      scope.get("/openapi.json", { schema, logLevel: "warn" }, async () => app.swagger()),
    );
  });
  await app.register(swaggerUi, {
    routePrefix: "/docs",
    staticCSP: true,
    logLevel: "warn",
    // Without the bar that names the framework and asks for the address of a description.
    uiConfig: { layout: "BaseLayout" },
  });
}

/**
 * "Any JSON" refers to itself, which the conversion writes as references into a schema that readers of OpenAPI do not
 * find; a schema without conditions says the same.
 */
function openAnyJson<Document extends ReturnType<typeof jsonSchemaTransformObject>>(document: Document): Document {
  const isOfShared = (value: unknown) =>
    typeof value === "object" && value !== null && "$ref" in value && String(value.$ref).includes("__shared#");
  return JSON.parse(JSON.stringify(document), (name, value: unknown) => {
    if (name === "__shared") return undefined;
    return isOfShared(value) ? {} : value;
  });
}

/** The conversion says of every body that it is required. */
function openBodies<Document extends ReturnType<typeof jsonSchemaTransformObject>>(
  document: Document,
  optional: readonly { readonly url: string; readonly method: string }[],
): Document {
  for (const { url, method } of optional) {
    const operation: unknown = Reflect.get(document.paths?.[url] ?? {}, method.toLowerCase());
    const body = typeof operation === "object" && operation !== null && Reflect.get(operation, "requestBody");
    if (typeof body === "object" && body !== null) Reflect.set(body, "required", false);
  }
  return document;
}
