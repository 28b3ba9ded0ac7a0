-- How the unknown outcome of a submit was decided, from when it was decided: the worker that decided may not live to say it.
ALTER TABLE "provider_calls" ADD COLUMN "recovery" TEXT;

-- For the sweep that removes old callbacks.
CREATE INDEX "provider_callbacks_received_at_idx" ON "provider_callbacks"("received_at");
