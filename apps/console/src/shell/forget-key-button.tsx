import { useMutation } from "@tanstack/react-query";
import { forgetKey, hasKey, isKeyWanted } from "../api/access-key.ts";
import { sentenceOf } from "../components/error-state.tsx";
import { showToast } from "../components/toasts.tsx";

/** Ends what the API key was entered for; there is none where the installation asks for no key. */
export function ForgetKeyButton() {
  const forgetting = useMutation({
    mutationFn: forgetKey,
    onError: (error) => showToast({ tone: "bad", message: sentenceOf(error) }),
  });
  // Not only drawn from the store: it says when there may be another.
  if (isKeyWanted.use() || !hasKey()) return null;
  return (
    <button type="button" className="hover:underline" onClick={() => forgetting.mutate()}>
      Forget the API key
    </button>
  );
}
