-- Providers that a person paused. A row stands until that person, or another, resumes the provider.

CREATE TABLE "provider_pauses" (
    "provider" TEXT NOT NULL,
    "paused_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "provider_pauses_pkey" PRIMARY KEY ("provider")
);
