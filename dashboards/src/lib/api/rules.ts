import type { Rules } from '$lib/rules/rules';
import { type Transport, withBody } from './transport';
import type { AssetRules, RuleTrial } from './types';

const of = (assetId: string) => `/api/v1/assets/${encodeURIComponent(assetId)}/rules`;

/** What a machine is watched by, and what other rules would have done. */
export class RulesApi {
  constructor(private readonly transport: Transport) {}

  /** The rules in force, and the newest of the machine's own versions. */
  of(assetId: string): Promise<AssetRules> {
    return this.transport.json(of(assetId));
  }

  change(assetId: string, rules: Rules, why: string): Promise<AssetRules> {
    return this.transport.json(of(assetId), withBody('PUT', { rules, why }));
  }

  /** Learns the machine anew from the first moment on; changes nothing. */
  attempt(assetId: string, rules: Rules, fromMs: number, toMs: number): Promise<RuleTrial> {
    const range = { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
    return this.transport.json(`${of(assetId)}/try`, withBody('POST', { rules, ...range }));
  }
}
