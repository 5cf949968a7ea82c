import { Api, ApiProblem, Unreachable } from '$lib/api/client';
import type { Login, Session as Me } from '$lib/api/types';
import { t } from '$lib/messages';
import { Device } from '$lib/offline/device.svelte';

/**
 * Whether somebody is signed in. The session itself is a cookie that no script can read, so the
 * server is asked.
 */
export class Session {
  state = $state<'asking' | 'in' | 'out' | 'unreachable'>('asking');
  /** Who is signed in. */
  me = $state.raw<Me | null>(null);
  /** Why the last login failed, for people. */
  complaint = $state<string | null>(null);
  /** What went well just before the login. */
  notice = $state<string | null>(null);
  readonly device = new Device();
  readonly api = new Api(() => {
    this.state = 'out';
    void this.device.answers.forget();
  }, this.device);

  /** Takes up the session of the cookie, or the login link, such as `/#login=CODE`. */
  async start(code: string | null): Promise<void> {
    this.state = 'asking';
    if (code) {
      if (await this.signIn({ code })) return;
    }
    // A link that is spent does no harm to somebody who is signed in already.
    const complaint = this.complaint;
    const known = await this.#attempt(() => this.api.session());
    this.complaint = known ? null : complaint;
  }

  /** Whether it succeeded; otherwise `complaint` says why not. */
  async signIn(login: Login): Promise<boolean> {
    await this.device.answers.forget();
    return this.#attempt(async () => {
      await this.api.signIn(login);
      // Read, so that it is kept: without a network the page opens with it.
      return this.api.session();
    });
  }

  /** Nothing of what was read stays; what was done and is not sent waits for the same account. */
  async signOut(): Promise<void> {
    await this.api.signOut().catch(() => undefined);
    await this.device.answers.forget();
    this.state = 'out';
  }

  async #attempt(ask: () => Promise<Me>): Promise<boolean> {
    this.complaint = null;
    try {
      this.me = await ask();
      this.state = 'in';
      return true;
    } catch (error) {
      this.state = error instanceof Unreachable ? 'unreachable' : 'out';
      this.complaint = error instanceof ApiProblem ? error.detail : t.failed.unreachable;
      return false;
    }
  }
}

export type LinkKind = 'login' | 'password';

/**
 * The code of a link that signs in (`/#login=CODE`) or sets a password (`/#password=CODE`), and the
 * address without it, so that it stays out of the history.
 */
export function codeOf(address: URL): { kind: LinkKind; code: string; clean: URL } | null {
  const given = new URLSearchParams(address.hash.slice(1));
  for (const kind of ['login', 'password'] as const) {
    const code = given.get(kind);
    if (!code) continue;
    const clean = new URL(address);
    clean.hash = '';
    return { kind, code, clean };
  }
  return null;
}
