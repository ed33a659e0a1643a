export declare const areas: Readonly<
  Record<
    string,
    { readonly folder: string; readonly tests: readonly string[]; readonly built?: true; readonly apart?: true }
  >
>;
