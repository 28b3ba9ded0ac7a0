-- As what each dead letter is replayed: the first to ask decides, and a letter is never published as two different messages.

CREATE TABLE "dead_letter_replays" (
    "dead_at" TIMESTAMPTZ(3) NOT NULL,
    "sequence" BIGINT NOT NULL,
    "form" TEXT NOT NULL,
    "sole_attempt_id" UUID,

    CONSTRAINT "dead_letter_replays_pkey" PRIMARY KEY ("dead_at", "sequence")
);
