/** What `npm run bench` was told. */
export interface Flags {
  only?: string;
  json: boolean;
  check: boolean;
  keep: boolean;
  history: boolean;
  engines: boolean;
  scale: boolean;
  waits: boolean;
  rounds: number;
  rows: number;
  users: number;
  budget: number;
}
