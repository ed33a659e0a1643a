import type { OptionsOf } from "../../core";
import { bert4rec } from "./bert4rec";
import { gru4rec } from "./gru4rec";
import { sasrec } from "./sasrec";

/**
 * The networks there are, by kind. A further one is a file beside these and a line here: options, training, files,
 * experiments and the methods that work on every network follow.
 */
export const sessionNetworks = { gru4rec, sasrec, bert4rec } as const;

/** The kinds of network. */
export type SessionModelKind = keyof typeof sessionNetworks;

/** Every kind, in the order of tables. */
export const sessionModelKinds = Object.keys(sessionNetworks) as readonly SessionModelKind[];

/** The options of each kind of network. */
export type SessionModelOptions = {
  readonly [K in SessionModelKind]: OptionsOf<(typeof sessionNetworks)[K]["fields"]>;
};
