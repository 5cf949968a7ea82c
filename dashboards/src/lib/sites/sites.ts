/** Sites with their machines, open tickets, and what was promised about those. */
import type { Asset, Site, SlaClock, Ticket } from '$lib/api/types';
import { byPromise, standingOf } from '$lib/promises/standing';

export interface SiteStanding {
  site: Site;
  machines: Asset[];
  /** Open tickets, what is due first first. */
  tickets: Ticket[];
  /** The promise that has to be kept next. */
  promise: SlaClock | null;
  /** Tickets whose next promise is late. */
  late: number;
}

export interface SiteFilter {
  view: 'list' | 'map';
  q: string;
  /** Only those with open tickets. */
  open: boolean;
}

export function filterOf(search: URLSearchParams): SiteFilter {
  return {
    view: search.get('view') === 'map' ? 'map' : 'list',
    q: search.get('q') ?? '',
    open: search.get('open') === 'yes'
  };
}

export function standingsOf(
  sites: readonly Site[],
  assets: readonly Asset[],
  tickets: readonly Ticket[],
  next: ReadonlyMap<string, SlaClock>,
  nowMs: number
): SiteStanding[] {
  const siteOf = new Map(assets.map(({ id, site_id }) => [id, site_id]));
  return sites.map((site) => {
    const theirs = byPromise(
      tickets.filter(({ asset_id }) => siteOf.get(asset_id) === site.id),
      next
    );
    const promises = theirs.flatMap(({ id }) => next.get(id) ?? []);
    return {
      site,
      machines: assets.filter(({ site_id }) => site_id === site.id),
      tickets: theirs,
      promise: promises[0] ?? null,
      late: promises.filter((promise) => standingOf(promise, nowMs) === 'late').length
    };
  });
}

/** Those that fit; where most is late comes first, then where most is open, then by name. */
export function shownOf(standings: readonly SiteStanding[], { q, open }: SiteFilter) {
  const words = q.trim().toLowerCase().split(/\s+/).filter(Boolean);
  return standings
    .filter(({ site, tickets }) => {
      const text = `${site.name} ${site.address} ${site.customer_name}`.toLowerCase();
      return words.every((word) => text.includes(word)) && (!open || tickets.length > 0);
    })
    .sort(
      (a, b) =>
        b.late - a.late ||
        b.tickets.length - a.tickets.length ||
        a.site.name.localeCompare(b.site.name)
    );
}
