import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../event/json.ts';
import { isoTime } from './time.ts';

const cases: readonly (readonly [Json | undefined, string | undefined])[] = [
  // Epochs: ms as text, s with a fraction, ns as bigint, s as float, µs, FILETIME.
  ['1625677521162', '2021-07-07T17:05:21.162Z'],
  ['1625677521.137', '2021-07-07T17:05:21.137Z'],
  [1715108060008519431n, '2024-05-07T18:54:20.008519431Z'],
  [1764730101.93227, '2025-12-03T02:48:21.93227Z'],
  [1664811149470, '2022-10-03T15:32:29.470Z'],
  [1639803960, '2021-12-18T05:06:00.000Z'],
  ['133444333222111000', '2023-11-14T11:02:02.2111Z'],
  ['1722345678901234', '2024-07-30T13:21:18.901234Z'],
  ['-11724671741.249', '1598-06-17T18:44:18.751Z'],
  // Text.
  ['2022-02-16T23:49:50.5022851Z', '2022-02-16T23:49:50.5022851Z'],
  ['2022-02-10 11:51:39.5215212 +0000 UTC', '2022-02-10T11:51:39.5215212Z'],
  ['2022-02-10 11:52:50 +0000 UTC', '2022-02-10T11:52:50.000Z'],
  ['2021-11-23 14:06:07.116', '2021-11-23T14:06:07.116Z'],
  ['2024-01-02T03:04:05+02:00', '2024-01-02T01:04:05.000Z'],
  ['2024-01-01T00:30:00.25-0130', '2024-01-01T02:00:00.250Z'],
  ['Tue Nov  5 07:44:01 2019 UTC', '2019-11-05T07:44:01.000Z'],
  // Nothing, or no time.
  ['0001-01-01T00:00:00Z', undefined],
  ['18:32:29.470', undefined],
  ['03/12/2021 10:48:14 AM', undefined],
  ['2022-13-01T00:00:00Z', undefined],
  ['', undefined],
  ['-', undefined],
  [0, undefined],
  ['0', undefined],
  [null, undefined],
  [undefined, undefined],
  [true, undefined],
  [[1625677521], undefined],
  [{ a: 1 }, undefined],
  [Infinity, undefined],
  [1e300, undefined],
  [-(10n ** 300n), undefined],
  ['9'.repeat(10_000), undefined],
];

test('numbers of all sizes come to the same time, whatever their type', () => {
  for (const size of [0, 1, 9, 11, 12, 13, 14, 15]) {
    for (const near of [-1001, -1000, -999, -1, 0, 1, 120, 999, 1000, 1001]) {
      const number = 10 ** size + near;
      if (number < 0) continue;
      const expected = isoTime(BigInt(number));
      assert.equal(isoTime(number), expected, String(number));
      assert.equal(isoTime(String(number)), expected, String(number));
      for (const zeros of ['0', '000000000', '000000000000'])
        assert.equal(isoTime(`${number}.${zeros}`), expected, `${number}.${zeros}`);
    }
  }
  for (const fraction of ['5', '05', '005', '0005', '123456789', '1234567890', '100', '120', '1200'])
    assert.equal(
      isoTime(`1700000000.${fraction}`),
      `2023-11-14T22:13:20.${fraction.slice(0, 9).replace(/0+$/, '').padEnd(3, '0')}Z`,
    );
});

test('a time in our own form stays as it is, where it is one', () => {
  for (const [value, expected] of [
    ['2026-03-02T08:00:00.123Z', '2026-03-02T08:00:00.123Z'],
    ['2026-03-02T23:59:59.123456789Z', '2026-03-02T23:59:59.123456789Z'],
    ['2026-03-02T08:00:00.1234560Z', '2026-03-02T08:00:00.123456Z'],
    ['2026-03-02T08:00:00.000Z', '2026-03-02T08:00:00.000Z'],
    ['2026-03-02T08:00:00.0000Z', '2026-03-02T08:00:00.000Z'],
    ['2026-02-30T08:00:00.123Z', '2026-03-02T08:00:00.123Z'],
    ['2026-03-31T08:00:00.123Z', '2026-03-31T08:00:00.123Z'],
    ['2026-03-02T24:00:00.123Z', '2026-03-03T00:00:00.123Z'],
    ['2026-03-02T08:00:60.123Z', '2026-03-02T08:01:00.123Z'],
    ['2026-13-02T08:00:00.123Z', undefined],
    ['2026-03-00T08:00:00.123Z', undefined],
    ['0000-03-02T08:00:00.123Z', undefined],
    ['0001-03-02T08:00:00.123Z', undefined],
    ['2026-03-02T08:60:00.123Z', undefined],
    ['2026-03-02T08:00:00.12xZ', undefined],
  ] as const)
    assert.equal(isoTime(value), expected, value);
});

test('a text is the same time whether or not something behind it asks for the calendar', () => {
  let known = 0;
  for (const day of ['2026-03-02', '2026-02-28', '2026-02-29', '0099-01-01', '0100-01-01', '9999-12-28', '2026-1-02'])
    for (const between of ['T', ' ', 't', ''])
      for (const time of ['08:00:00', '23:59:59', '24:00:00', '08:00:60', '08:00', '8:00:00', '08-00-00'])
        for (const fraction of ['', '.', '.0', '.5', ',50', '.012', '.0120', '.0123', '.000000001', '.0000000001'])
          for (const more of ['', '00', '999'])
            for (const zone of ['', 'Z', 'z', 'ZZ']) {
              const text = `${day}${between}${time}${fraction}${more}${zone}`;
              const expected = isoTime(`${text} UTC`);
              assert.equal(isoTime(text), expected, text);
              if (expected !== undefined) known++;
            }
  assert.ok(known > 1000);
});

test('every form of time that sources write', () => {
  for (const [value, expected] of cases)
    assert.equal(
      isoTime(value),
      expected,
      String(typeof value === 'object' ? JSON.stringify(value) : value).slice(0, 60),
    );
});
