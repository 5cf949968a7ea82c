import type { CustomerRequest } from '$lib/api/types';

type Told = Pick<
  CustomerRequest,
  'contact_name' | 'given_name' | 'given_email' | 'given_phone' | 'customer_name'
>;

/** Who asks, as far as it is known. */
export function askerOf(request: Told): string | null {
  const { contact_name, given_name, given_email, given_phone } = request;
  return contact_name ?? (given_name || (given_email ?? given_phone));
}

/** Who asks, with the customer where that says more. */
export function whoseOf(request: Told): string {
  const words = [askerOf(request), request.customer_name].filter(Boolean);
  return [...new Set(words)].join(' · ');
}
