// The accounts of the demo. Names of people are roles.

export interface Account {
  name: string;
  password: string;
}

export const ACCOUNTS = {} satisfies Record<string, Account>;
