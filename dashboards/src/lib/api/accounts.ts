import { type Transport, withBody } from './transport';
import type { Account, AccountChange, Invitation, NewAccount, PasswordCode } from './types';

const one = (id: string) => `/api/v1/accounts/${encodeURIComponent(id)}`;

/** People who sign in. */
export class AccountsApi {
  constructor(private readonly transport: Transport) {}

  list(): Promise<Account[]> {
    return this.transport.all('/api/v1/accounts');
  }

  invite(account: NewAccount): Promise<Invitation> {
    return this.transport.json('/api/v1/accounts', withBody('POST', account));
  }

  change({ id, version }: Account, change: AccountChange): Promise<Account> {
    return this.transport.json(one(id), withBody('PATCH', change, version));
  }

  /** A link with which its owner sets a new password. */
  passwordCode(id: string): Promise<PasswordCode> {
    return this.transport.json(`${one(id)}/password-code`, { method: 'POST' });
  }
}
