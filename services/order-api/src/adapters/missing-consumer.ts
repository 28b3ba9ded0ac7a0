/** JetStream's numbers for a stream and a consumer that do not exist. */
const notFoundCodes: readonly unknown[] = [10014, 10059];

/** Undefined while the consumer's service has never started. */
export async function orMissing<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && "code" in error && notFoundCodes.includes(error.code)) return undefined;
    throw error;
  }
}
