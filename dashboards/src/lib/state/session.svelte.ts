const KEY = 'aftercare.token';

/** Who is signed in: the token, kept by this browser until the server refuses it. */
export class Session {
  token = $state<string | null>(null);
  /** Whether the server has turned down the last token. */
  wasRefused = $state(false);

  constructor(private readonly storage: Storage) {
    this.token = storage.getItem(KEY);
  }

  /**
   * Takes the token out of a link such as `/#token=SECRET` and returns the address without it, so
   * that it stays out of the history and of anything copied from the address bar.
   */
  takeFromLink(address: URL): URL | null {
    const fields = new URLSearchParams(address.hash.slice(1));
    const token = fields.get('token');
    if (!token) return null;
    this.signIn(token);
    const clean = new URL(address);
    clean.hash = '';
    return clean;
  }

  signIn(token: string): void {
    this.storage.setItem(KEY, token.trim());
    this.token = token.trim();
    this.wasRefused = false;
  }

  signOut(): void {
    this.storage.removeItem(KEY);
    this.token = null;
  }

  refused(): void {
    if (this.token === null) return;
    this.signOut();
    this.wasRefused = true;
  }
}
