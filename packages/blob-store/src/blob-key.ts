const maximumKeyCharacters = 500;
const keyPattern = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/;

/**
 * Keys become paths, so none may leave the store's folder; no segment starts with a dot, which also keeps the files that
 * are still being written out of reach.
 * @throws RangeError for a key that is not one.
 */
export function checkBlobKey(key: string): void {
  if (key.length > maximumKeyCharacters || !keyPattern.test(key)) {
    throw new RangeError(`not a blob key: ${JSON.stringify(key.slice(0, 100))}`);
  }
}
