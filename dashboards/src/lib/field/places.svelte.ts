import type { Api } from '$lib/api/client';
import type { Contact, Site } from '$lib/api/types';

/** Where a machine stands, and whom one can call there. */
export interface Whereabouts {
  site: Site | null;
  /** Those with a phone number. */
  contacts: Contact[];
}

/** Sites and contacts of machines, each read once for a screen. */
export class Places {
  /** By machine; what is missing is on its way, or could not be read. */
  known = $state.raw<ReadonlyMap<string, Whereabouts>>(new Map());

  readonly #asked = new Set<string>();
  readonly #sites = new Map<string, Promise<Whereabouts>>();

  constructor(private readonly api: Api) {}

  async ask(assetId: string): Promise<void> {
    if (this.#asked.has(assetId)) return;
    this.#asked.add(assetId);
    try {
      const { site_id } = await this.api.field.asset(assetId);
      const found = site_id ? await this.#at(site_id) : { site: null, contacts: [] };
      this.known = new Map([...this.known, [assetId, found]]);
    } catch {
      // The visit itself names site and address; asked for again with the next look at the day.
      this.#asked.delete(assetId);
    }
  }

  #at(siteId: string): Promise<Whereabouts> {
    const asked = this.#sites.get(siteId) ?? this.#load(siteId);
    this.#sites.set(siteId, asked);
    asked.catch(() => this.#sites.delete(siteId));
    return asked;
  }

  async #load(siteId: string): Promise<Whereabouts> {
    const site = await this.api.field.site(siteId);
    const contacts = await this.api.field.contacts(site.customer_id);
    return { site, contacts: contacts.filter(({ phone }) => phone) };
  }
}
