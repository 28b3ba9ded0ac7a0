/** Asked every few seconds by orchestrators and scrapers; never traced. */
export const operationPaths = { health: "/healthz", readiness: "/readyz", metrics: "/metrics" } as const;
