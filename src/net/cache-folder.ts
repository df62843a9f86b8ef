import envPaths from 'env-paths';

/** Where downloads are kept: `UPYW_CACHE_DIR`, else the user's folder for such by the custom of the system. */
export function cacheFolder(env: Readonly<Record<string, string | undefined>>): string {
  const chosen = env['UPYW_CACHE_DIR'];
  return chosen !== undefined && chosen !== '' ? chosen : envPaths('upyw', { suffix: '' }).cache;
}
