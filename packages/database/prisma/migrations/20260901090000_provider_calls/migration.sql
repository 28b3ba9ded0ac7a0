-- The pay-once ledger. No index on state or lease: nearly every update must stay within its page.

CREATE TABLE "provider_calls" (
    "item_id" UUID NOT NULL,
    "attempt" INTEGER NOT NULL,
    "provider" TEXT NOT NULL,
    "nonce" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "lease_token" UUID,
    "lease_until" TIMESTAMPTZ,
    "submit_token" UUID,
    "submit_started_at" TIMESTAMPTZ,
    "submits" INTEGER NOT NULL DEFAULT 1,
    "request_id" TEXT,
    "result" JSONB,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ,

    CONSTRAINT "provider_calls_pkey" PRIMARY KEY ("item_id", "attempt"),
    CONSTRAINT "provider_calls_state_check" CHECK ("state" IN ('open', 'submitting', 'submitted', 'finished')),
    CONSTRAINT "provider_calls_submitted_check" CHECK ("state" <> 'submitted' OR "request_id" IS NOT NULL)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);

CREATE UNIQUE INDEX "provider_calls_nonce_key" ON "provider_calls"("nonce");
