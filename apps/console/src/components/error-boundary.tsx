import { Component, type ReactNode } from "react";
import { Button } from "./button.tsx";
import { ErrorState } from "./error-state.tsx";

/** The last resort: whatever fails while rendering, the page says so instead of going blank. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: undefined };

  static getDerivedStateFromError(error: unknown) {
    return { error: error ?? new Error("an empty error was thrown") };
  }

  override render() {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <main className="mx-auto max-w-2xl space-y-4 p-6">
        <h1 className="text-2xl font-semibold">The console stopped</h1>
        <ErrorState error={error} onRetry={() => this.setState({ error: undefined })} />
        <Button kind="primary" onClick={() => location.assign("/")}>
          Start over
        </Button>
      </main>
    );
  }
}
