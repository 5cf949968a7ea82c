import type {
  Alarm,
  Asset,
  Board,
  BucketColumns,
  Login,
  Page,
  Point,
  Problem,
  RejectedPage,
  Session,
  Ticket,
  TicketState
} from './types';

/** An answer that is not a success; `detail` is written for people. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
    readonly nextStates: TicketState[] | null
  ) {
    super(detail);
  }
}

/** No answer at all: the server or the way to it is down. */
export class Unreachable extends Error {}

/** A list longer than this many pages is cut: the screens are not made for more. */
const MOST_PAGES = 10;

export class Api {
  constructor(
    /** Told when the server knows no session of this browser (any more). */
    private readonly signedOut: () => void,
    private readonly send: typeof fetch = fetch.bind(globalThis)
  ) {}

  /** Who is signed in; the session itself is a cookie that no script can read. */
  session(): Promise<Session> {
    return this.json('/api/v1/session');
  }

  signIn(login: Login): Promise<Session> {
    return this.json('/api/v1/session', withBody('POST', login));
  }

  async signOut(): Promise<void> {
    await this.request('/api/v1/session', { method: 'DELETE' });
  }

  assets(): Promise<Asset[]> {
    return this.all<Asset>('/api/v1/assets');
  }

  points(assetId: string): Promise<Point[]> {
    return this.all<Point>(`/api/v1/points?asset=${encodeURIComponent(assetId)}`);
  }

  readings(pointId: string, fromMs: number, toMs: number, buckets: number): Promise<BucketColumns> {
    const query = new URLSearchParams({
      point: pointId,
      from: new Date(fromMs).toISOString(),
      to: new Date(toMs).toISOString(),
      buckets: String(buckets)
    });
    return this.json(`/api/v1/readings?${query}`);
  }

  tickets(cursor: string | null = null): Promise<Page<Ticket>> {
    return this.json(`/api/v1/tickets${cursor ? `?cursor=${encodeURIComponent(cursor)}` : ''}`);
  }

  ticket(id: string): Promise<Ticket> {
    return this.json(`/api/v1/tickets/${encodeURIComponent(id)}`);
  }

  /** `despiteActiveAlarms` closes a ticket although its machine still deviates. */
  moveTicket(
    id: string,
    to: TicketState,
    why: string,
    despiteActiveAlarms = false
  ): Promise<Ticket> {
    const path = `/api/v1/tickets/${encodeURIComponent(id)}/transition`;
    const body = { to, why, despite_active_alarms: despiteActiveAlarms };
    return this.json(path, withBody('POST', body));
  }

  alarms(): Promise<Alarm[]> {
    return this.all<Alarm>('/api/v1/alarms');
  }

  boards(): Promise<Board[]> {
    return this.all<Board>('/api/v1/boards');
  }

  rejected(): Promise<RejectedPage> {
    return this.json('/api/v1/rejected');
  }

  /** The open stream of events; the caller reads and aborts it. */
  events(signal: AbortSignal): Promise<Response> {
    return this.request('/api/v1/events', { signal, headers: { accept: 'text/event-stream' } });
  }

  private async all<T>(path: string): Promise<T[]> {
    const items: T[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const glue = path.includes('?') ? '&' : '?';
      const next: string = cursor ? `${path}${glue}cursor=${encodeURIComponent(cursor)}` : path;
      const answer: Page<T> = await this.json(next);
      items.push(...answer.items);
      cursor = answer.next_cursor ?? null;
      if (!cursor) break;
    }
    return items;
  }

  private async json<T>(path: string, init: RequestInit = {}): Promise<T> {
    const response = await this.request(path, init);
    return (await response.json()) as T;
  }

  private async request(path: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    // What other sites cannot make a browser send; the server asks for it with every change.
    headers.set('x-requested-with', 'aftercare');
    let response: Response;
    try {
      response = await this.send(path, { ...init, headers, cache: 'no-store' });
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw new Unreachable('The server does not answer.');
    }
    if (response.ok) return response;
    if (response.status === 401) this.signedOut();
    throw await problem(response);
  }
}

function withBody(method: string, body: unknown): RequestInit {
  return {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body)
  };
}

async function problem(response: Response): Promise<ApiProblem> {
  const body = (await response.json().catch(() => ({}))) as Partial<Problem>;
  const detail = body.detail ?? body.title ?? `The server answered ${response.status}.`;
  return new ApiProblem(response.status, detail, (body.next_states as TicketState[]) ?? null);
}
