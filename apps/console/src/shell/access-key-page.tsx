import { useMutation, useQueryClient } from "@tanstack/react-query";
import { TirageProblem } from "@tirage/client";
import { useState } from "react";
import { forgetKey, isKeyWanted, keepKey } from "../api/access-key.ts";
import { client } from "../api/client.ts";
import { Button } from "../components/button.tsx";
import { sentenceOf } from "../components/error-state.tsx";
import { Field } from "../components/field.tsx";
import { PageHeader } from "../components/page-header.tsx";

/** In place of every page, until the installation knows the key. */
export function AccessKeyPage() {
  const [key, setKey] = useState("");
  const queryClient = useQueryClient();
  const trying = useMutation({
    async mutationFn() {
      keepKey(key.trim());
      await client.models.list();
    },
    onSuccess() {
      isKeyWanted.set(false);
      queryClient.clear();
    },
    onError: (error) => error instanceof TirageProblem && error.status === 401 && forgetKey(),
  });
  const isUnknown = trying.error instanceof TirageProblem && trying.error.status === 401;
  const fault = trying.error && (isUnknown ? "this key is not known here" : sentenceOf(trying.error));
  return (
    <div className="mx-auto max-w-md">
      <PageHeader title="An API key is needed">
        This installation shows orders to those who have a key. The console keeps it on this device.
      </PageHeader>
      <form
        className="card space-y-4 p-5"
        onSubmit={(event) => {
          event.preventDefault();
          if (key.trim() !== "") trying.mutate();
        }}
      >
        <Field
          label="API key"
          hint="The key itself, not the hash of it that API_KEYS holds."
          fault={fault ?? undefined}
        >
          {(ids) => (
            <input
              {...ids}
              type="password"
              autoComplete="current-password"
              className="input font-mono"
              value={key}
              onChange={(event) => setKey(event.target.value)}
            />
          )}
        </Field>
        <Button type="submit" kind="primary" className="w-full" isBusy={trying.isPending}>
          Continue
        </Button>
      </form>
    </div>
  );
}
