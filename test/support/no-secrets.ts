import { afterEach, expect } from 'vitest';
import { takeLeaks } from './secrets.js';

afterEach(() => {
  expect(takeLeaks()).toEqual([]);
});
