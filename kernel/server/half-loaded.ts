/**
 * Forgets modules whose loading was ended half-way. Node cannot notice: an end that was ordered runs no `finally`.
 * Otherwise the next import would get what they had exported until then. To be called while nothing is being loaded.
 */
export function forgetHalfLoaded(): void {
  for (const [path, module] of Object.entries(require.cache))
    if (module?.loaded === false && module !== require.main) Reflect.deleteProperty(require.cache, path);
}
