import { useQueryClient } from "@tanstack/react-query";
import { forgetKey, hasKey, isKeyWanted } from "../api/access-key.ts";

/** Ends what the API key was entered for; there is none where the installation asks for no key. */
export function ForgetKeyButton() {
  const queryClient = useQueryClient();
  // Not only drawn from the store: it says when the cookie may have changed.
  if (isKeyWanted.use() || !hasKey()) return null;
  return (
    <button
      type="button"
      className="hover:underline"
      onClick={() => {
        forgetKey();
        isKeyWanted.set(true);
        queryClient.clear();
      }}
    >
      Forget the API key
    </button>
  );
}
