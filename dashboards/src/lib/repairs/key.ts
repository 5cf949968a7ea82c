/**
 * A key that no other device makes, for something that may have to be sent twice. `randomUUID` is
 * missing where a site serves the page without TLS.
 */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
