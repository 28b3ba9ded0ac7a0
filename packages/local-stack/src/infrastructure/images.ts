/**
 * The container images of Tirage's infrastructure: what docker-compose.yml runs is what the tests run.
 * NATS is the Alpine variant, because a scratch image has no shell for a health check.
 */
export const images = {
  postgres: "postgres:18",
  nats: "nats:2.15-alpine",
} as const;
