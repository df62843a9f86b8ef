/** What `main` needs for all but help and the version, as one file of the bundle: each costs a millisecond to find. */
export { isUpywError } from './errors.js';
export { execute } from './execute.js';
export { createReporter } from './ui/create-reporter.js';
export { createWorld } from './create-world.js';
