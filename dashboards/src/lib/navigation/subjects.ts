/** Where something that is named by kind and id has its screen. */
const SCREENS: Readonly<Record<string, (id: string) => string>> = {
  ticket: (id) => `/tickets/${id}`,
  request: (id) => `/requests/${id}`,
  asset: (id) => `/machines/${id}`,
  customer: (id) => `/customers/${id}`,
  contact: (id) => `/contacts/${id}`,
  alarm: (id) => `/alarms/${id}`,
  site: (id) => `/sites?site=${id}`,
  article: (id) => `/knowledge/${id}`,
  playbook_run: (id) => `/playbook-runs/${id}`,
  repair_session: (id) => `/repair-sessions/${id}`
};

/** Null where there is no screen of it. */
export function screenOf(kind: string, id: string): string | null {
  return SCREENS[kind]?.(encodeURIComponent(id)) ?? null;
}
