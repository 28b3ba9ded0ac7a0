-- Workers that a person drained. A row stands until somebody resumes the worker, or until it has long been gone.

CREATE TABLE "worker_drains" (
    "worker_id" TEXT NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "worker_drains_pkey" PRIMARY KEY ("worker_id")
);
