/** What lies beside the code in this package, such as `device/io.py`: source, build and bundle are each one folder below its top. */
export function packageFile(path: string): URL {
  return new URL(`../${path}`, import.meta.url);
}
