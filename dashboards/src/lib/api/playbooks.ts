import { type Transport, withBody } from './transport';
import type {
  FittingPlaybook,
  Playbook,
  PlaybookRun,
  PlaybookRunState,
  PlaybookStepMark
} from './types';

const runAt = (id: string) => `/api/v1/playbook-runs/${encodeURIComponent(id)}`;
const ofTicket = (id: string) => `/api/v1/tickets/${encodeURIComponent(id)}`;

/** Contingency plans, and what is being done by them. */
export class PlaybooksApi {
  constructor(private readonly transport: Transport) {}

  show(id: string): Promise<Playbook> {
    return this.transport.json(`/api/v1/playbooks/${encodeURIComponent(id)}`);
  }

  /** Those that fit a ticket, the best first. */
  fitting(ticket: string): Promise<FittingPlaybook[]> {
    return this.transport.all(`${ofTicket(ticket)}/playbooks`);
  }

  /** Those of a ticket, the newest first, without their steps. */
  runs(ticket: string): Promise<PlaybookRun[]> {
    return this.transport.all(`/api/v1/playbook-runs?${new URLSearchParams({ ticket })}`);
  }

  run(id: string): Promise<PlaybookRun> {
    return this.transport.json(runAt(id));
  }

  start(ticket: string, playbook: string, why: string): Promise<PlaybookRun> {
    return this.transport.json(
      `${ofTicket(ticket)}/playbook-runs`,
      withBody('POST', { playbook_id: playbook, why })
    );
  }

  mark(id: string, step: string, mark: PlaybookStepMark, note: string): Promise<PlaybookRun> {
    const path = `${runAt(id)}/steps/${encodeURIComponent(step)}`;
    return this.transport.json(path, withBody('PUT', { mark, note }));
  }

  end(id: string, to: PlaybookRunState, why: string, findings: string): Promise<PlaybookRun> {
    return this.transport.json(`${runAt(id)}/transition`, withBody('POST', { to, why, findings }));
  }
}
