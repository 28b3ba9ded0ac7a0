import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { isKeyWanted, keepKey } from "../api/access-key.ts";
import { Button } from "../components/button.tsx";
import { sentenceOf } from "../components/error-state.tsx";
import { Field } from "../components/field.tsx";
import { PageHeader } from "../components/page-header.tsx";

/** In place of every page, until the installation knows the key. */
export function AccessKeyPage() {
  const [key, setKey] = useState("");
  const queryClient = useQueryClient();
  const trying = useMutation({
    mutationFn: () => keepKey(key.trim()),
    onSuccess(isKnown) {
      if (!isKnown) return;
      // Before the page is shown again: it may be another tenant's key.
      void queryClient.resetQueries();
      isKeyWanted.set(false);
    },
  });
  const fault = trying.data === false ? "this key is not known here" : trying.error && sentenceOf(trying.error);
  return (
    <div className="mx-auto max-w-md">
      <PageHeader title="An API key is needed">
        This installation shows orders to those who have a key. This browser is remembered for 7 days.
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
