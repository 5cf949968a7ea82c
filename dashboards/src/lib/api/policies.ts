import { type Parts } from '$lib/policies/shape';
import type { PolicyName } from '$lib/policies/shapes';
import { ApiProblem, type Transport, withBody } from './transport';
import type { Page, Priority, Schemas, SlaPreview } from './types';

/** A version of a policy, or of a service level. */
export interface PolicyVersion {
  version: number;
  content: Parts;
  by: string;
  why: string;
  at: string;
}

/** A service level by its name. */
export interface NamedPolicy extends PolicyVersion {
  name: string;
}

/** What would happen: its priority, when it begins, and in which time zone. */
export interface Beginning {
  priority: Priority;
  startMs: number;
  zone: string;
}

type Kept = Omit<PolicyVersion, 'content'> & { policy: Parts };

const of = (name: PolicyName) => `/api/v1/${name}-policy`;
const levelOf = (name: string) => `/api/v1/sla-policies/${encodeURIComponent(name)}`;
const versionOf = ({ policy, ...rest }: Kept): PolicyVersion => ({ ...rest, content: policy });

/** The rules of the house, as versions with who and why. */
export class PoliciesApi {
  constructor(private readonly transport: Transport) {}

  /** The one that holds first. */
  async versions(name: PolicyName): Promise<PolicyVersion[]> {
    const kept: Kept[] = await this.transport.all(of(name));
    return kept.map(versionOf);
  }

  /** The one that holds. */
  async newest(name: PolicyName): Promise<PolicyVersion | null> {
    const { items }: Page<Kept> = await this.transport.json(of(name));
    return items[0] ? versionOf(items[0]) : null;
  }

  /**
   * Puts a new version into force. The route asks for no version; whoever was faster is noticed by
   * reading it again before.
   */
  async change(name: PolicyName, policy: Parts, why: string, version: number): Promise<void> {
    const newest = await this.newest(name);
    if (newest && newest.version !== version) throw new Overtaken(newest.version);
    await this.transport.json(of(name), withBody('PUT', { policy, why }));
  }

  /** By name, each as it holds. */
  levels(): Promise<NamedPolicy[]> {
    return this.transport.all('/api/v1/sla-policies');
  }

  levelVersions(name: string): Promise<NamedPolicy[]> {
    return this.transport.all(levelOf(name));
  }

  /** With version 0: a new one, whose name nobody has taken. */
  async changeLevel(name: string, content: Parts, why: string, version: number): Promise<void> {
    try {
      await this.transport.json(levelOf(name), withBody('PUT', { content, why }, version));
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 412) throw new Overtaken(null);
      throw error;
    }
  }

  /** Which service level holds where no contract says otherwise; null: it is not told. */
  async defaultLevel(): Promise<string | null> {
    const query = new URLSearchParams({ subject_kind: 'sla_policy', subject_id: 'default' });
    const changes: Page<Schemas['Change']> = await this.transport.json(`/api/v1/changes?${query}`);
    const chosen = changes.items[0]?.to;
    // The one that the system comes with, until somebody chooses.
    return typeof chosen === 'string' ? chosen : 'A';
  }

  chooseDefault(name: string, why: string): Promise<unknown> {
    return this.transport.json(`${levelOf(name)}/default`, withBody('POST', { why }));
  }

  /** What a service level as it holds would promise. */
  preview(name: string, { priority, startMs, zone }: Beginning): Promise<SlaPreview> {
    const question = { priority, start: new Date(startMs).toISOString(), time_zone: zone };
    return this.transport.json(`${levelOf(name)}/preview`, withBody('POST', question));
  }

  /** Names of the hours that can count. */
  async calendars(): Promise<string[]> {
    const calendars: { name: string }[] = await this.transport.all('/api/v1/calendars');
    return calendars.map(({ name }) => name);
  }
}

/** Somebody else was faster; `version` is theirs, where it is known. */
export class Overtaken extends Error {
  constructor(readonly version: number | null) {
    super('changed meanwhile');
  }
}
