import type { Role } from '$lib/api/types';

/** Roles that people have; the others are of programs, or come with a customer (docs/access.md). */
export const PEOPLE: readonly Role[] = [
  'technician',
  'engineer',
  'dispatcher',
  'customer_service',
  'quality',
  'manager',
  'admin'
];
