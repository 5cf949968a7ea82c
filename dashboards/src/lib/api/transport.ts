import type { Page, Problem } from './types';

/** An answer that is not a success; `detail` is written for people. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
    /** With a step that is not possible: the states that can follow. */
    readonly nextStates: string[] | null,
    /** With a closed gate: what to do first, in order. */
    readonly missing: string[] | null,
    /** All that the server said. */
    readonly body: Readonly<Record<string, unknown>> = {}
  ) {
    super(detail);
  }
}

/** No answer at all: the server or the way to it is down. */
export class Unreachable extends Error {}

/** A list longer than this many pages is cut: the screens are not made for more. */
const MOST_PAGES = 10;

/** How requests go out, and what a device knows that the server does not know yet. */
export interface Way {
  fetch: typeof fetch;
  /** What is read under a path that only the device knows; undefined: ask the server. */
  made: (path: string) => Promise<unknown>;
  /** What was read, as the device knows it. */
  seen: (path: string, answer: unknown) => unknown;
}

const STRAIGHT: Way = {
  fetch: (input, init) => fetch(input, init),
  made: () => Promise.resolve(undefined),
  seen: (_, answer) => answer
};

/** Requests to the server, and what its answers mean. */
export class Transport {
  constructor(
    /** Told when the server knows no session of this browser (any more). */
    private readonly signedOut: () => void,
    private readonly way: Way = STRAIGHT
  ) {}

  async json<T>(path: string, init: RequestInit = {}): Promise<T> {
    const isRead = (init.method ?? 'GET') === 'GET';
    const made = isRead ? await this.way.made(path) : undefined;
    const answer: unknown = made ?? (await (await this.request(path, init)).json());
    return (isRead ? this.way.seen(path, answer) : answer) as T;
  }

  /** Every row of a list, up to a limit. */
  async all<T>(path: string): Promise<T[]> {
    const items: T[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const answer: Page<T> = await this.json(withCursor(path, cursor));
      items.push(...answer.items);
      cursor = answer.next_cursor ?? null;
      if (!cursor) break;
    }
    return items;
  }

  async request(path: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    // What other sites cannot make a browser send; the server asks for it with every change.
    headers.set('x-requested-with', 'aftercare');
    let response: Response;
    try {
      response = await this.way.fetch(path, { ...init, headers, cache: 'no-store' });
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw new Unreachable('The server does not answer.');
    }
    if (response.ok) return response;
    if (response.status === 401) this.signedOut();
    throw await problem(response);
  }
}

/** With a `version`, only what was not changed since then is changed. */
export function withBody(method: string, body: unknown, version?: number): RequestInit {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (version !== undefined) headers['if-match'] = `"${version}"`;
  return { method, headers, body: JSON.stringify(body) };
}

export function withCursor(path: string, cursor: string | null): string {
  if (!cursor) return path;
  return `${path}${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`;
}

async function problem(response: Response): Promise<ApiProblem> {
  const body = (await response.json().catch(() => ({}))) as Partial<Problem>;
  const detail = body.detail ?? body.title ?? `The server answered ${response.status}.`;
  return new ApiProblem(
    response.status,
    detail,
    (body.next_states as string[] | undefined) ?? null,
    (body.missing as string[] | undefined) ?? null,
    body
  );
}
