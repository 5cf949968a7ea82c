import { AlarmsApi } from './alarms';
import { AccountsApi } from './accounts';
import { BoardsApi } from './boards';
import { FieldApi } from './field';
import { CustomersApi } from './customers';
import { FiguresApi } from './figures';
import { FindingsApi } from './findings';
import { ImportsApi } from './imports';
import { KnowledgeApi } from './knowledge';
import { PlanningApi } from './planning';
import { PlaybooksApi } from './playbooks';
import { PoliciesApi } from './policies';
import { PromisesApi } from './promises';
import { RemarksApi } from './remarks';
import { RepairsApi } from './repairs';
import { RulesApi } from './rules';
import { RequestsApi } from './requests';
import { SitesApi } from './sites';
import { Transport, withBody, withCursor, type Way } from './transport';
import type {
  Asset,
  BucketColumns,
  Login,
  Page,
  Point,
  SearchHit,
  Session,
  Ticket,
  TicketState
} from './types';

export { ApiProblem, Unreachable } from './transport';

export class Api {
  readonly accounts: AccountsApi;
  readonly alarms: AlarmsApi;
  readonly boards: BoardsApi;
  readonly field: FieldApi;
  readonly customers: CustomersApi;
  readonly figures: FiguresApi;
  readonly findings: FindingsApi;
  readonly imports: ImportsApi;
  readonly knowledge: KnowledgeApi;
  readonly planning: PlanningApi;
  readonly playbooks: PlaybooksApi;
  readonly policies: PoliciesApi;
  readonly promises: PromisesApi;
  readonly remarks: RemarksApi;
  readonly repairs: RepairsApi;
  readonly rules: RulesApi;
  readonly requests: RequestsApi;
  readonly sites: SitesApi;
  private readonly transport: Transport;

  constructor(
    /** Told when the server knows no session of this browser (any more). */
    signedOut: () => void,
    way?: Way
  ) {
    this.transport = new Transport(signedOut, way);
    this.accounts = new AccountsApi(this.transport);
    this.alarms = new AlarmsApi(this.transport);
    this.boards = new BoardsApi(this.transport);
    this.field = new FieldApi(this.transport);
    this.customers = new CustomersApi(this.transport);
    this.figures = new FiguresApi(this.transport);
    this.findings = new FindingsApi(this.transport);
    this.imports = new ImportsApi(this.transport);
    this.knowledge = new KnowledgeApi(this.transport);
    this.planning = new PlanningApi(this.transport);
    this.playbooks = new PlaybooksApi(this.transport);
    this.policies = new PoliciesApi(this.transport);
    this.promises = new PromisesApi(this.transport);
    this.remarks = new RemarksApi(this.transport);
    this.repairs = new RepairsApi(this.transport);
    this.rules = new RulesApi(this.transport);
    this.requests = new RequestsApi(this.transport);
    this.sites = new SitesApi(this.transport);
  }

  /** Who is signed in; the session itself is a cookie that no script can read. */
  session(): Promise<Session> {
    return this.transport.json('/api/v1/session');
  }

  signIn(login: Login): Promise<Session> {
    return this.transport.json('/api/v1/session', withBody('POST', login));
  }

  /** Sets the password of the account that a code was made for. */
  async setPassword(code: string, password: string): Promise<void> {
    await this.transport.request('/api/v1/password', withBody('POST', { code, password }));
  }

  async signOut(): Promise<void> {
    await this.transport.request('/api/v1/session', { method: 'DELETE' });
  }

  assets(): Promise<Asset[]> {
    return this.transport.all('/api/v1/assets');
  }

  /** The machine of the code on its label. */
  assetOfCode(code: string): Promise<Asset> {
    return this.transport.json(`/api/v1/asset-codes/${encodeURIComponent(code)}`);
  }

  points(assetId: string): Promise<Point[]> {
    return this.transport.all(`/api/v1/points?asset=${encodeURIComponent(assetId)}`);
  }

  readings(pointId: string, fromMs: number, toMs: number, buckets: number): Promise<BucketColumns> {
    const query = new URLSearchParams({
      point: pointId,
      from: new Date(fromMs).toISOString(),
      to: new Date(toMs).toISOString(),
      buckets: String(buckets)
    });
    return this.transport.json(`/api/v1/readings?${query}`);
  }

  /** All points of a machine in the same buckets. */
  async assetReadings(
    assetId: string,
    fromMs: number,
    toMs: number,
    buckets: number
  ): Promise<BucketColumns[]> {
    const query = new URLSearchParams({
      from: new Date(fromMs).toISOString(),
      to: new Date(toMs).toISOString(),
      buckets: String(buckets)
    });
    const path = `/api/v1/assets/${encodeURIComponent(assetId)}/readings?${query}`;
    const page: Page<BucketColumns> = await this.transport.json(path);
    return page.items;
  }

  tickets(cursor: string | null = null): Promise<Page<Ticket>> {
    return this.transport.json(withCursor('/api/v1/tickets', cursor));
  }

  /** A page of the tickets that fit, the newest first. */
  ticketsOf(query: URLSearchParams, cursor: string | null = null): Promise<Page<Ticket>> {
    return this.transport.json(withCursor(`/api/v1/tickets?${query}`, cursor));
  }

  /** Every ticket that fits. */
  allTicketsOf(query: URLSearchParams): Promise<Ticket[]> {
    return this.transport.all(`/api/v1/tickets?${query}`);
  }

  ticket(id: string): Promise<Ticket> {
    return this.transport.json(`/api/v1/tickets/${encodeURIComponent(id)}`);
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
    return this.transport.json(path, withBody('POST', body));
  }

  /** What has some words, begun or mistyped, the nearest first. */
  async search(words: string): Promise<SearchHit[]> {
    const query = new URLSearchParams({ q: words });
    const found: { items: SearchHit[] } = await this.transport.json(`/api/v1/search?${query}`);
    return found.items;
  }

  /** The open stream of events; the caller reads and aborts it. */
  events(signal: AbortSignal): Promise<Response> {
    const headers = { accept: 'text/event-stream' };
    return this.transport.request('/api/v1/events', { signal, headers });
  }
}
