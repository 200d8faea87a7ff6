import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { uuid } from './uuid.ts';

test('the first 128 bits of a hash, with version 8 and the variant of RFC 9562', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
      const hex = Buffer.from(bytes).toString('hex');
      const variant = ((parseInt(hex[16] ?? '', 16) & 3) | 8).toString(16);
      const expected = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, variant + hex.slice(17, 20)];
      assert.equal(uuid(Buffer.from(bytes).toString('latin1')), [...expected, hex.slice(20, 32)].join('-'));
    }),
  );
});
