/** Longer digit strings are text, not numbers: reading them would cost more than they can mean. */
const LONGEST = 64;

/**
 * The number that a decimal text is, exactly: a whole number that a `number` cannot hold is a `bigint`. `undefined` for
 * anything else, such as hexadecimal, blanks around it, or a digit separator.
 */
export function readDecimal(text: string): number | bigint | undefined {
  if (text.length === 0 || text.length > LONGEST || !/^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(text))
    return undefined;
  const number = Number(text);
  if (Number.isSafeInteger(number) || !/^[+-]?\d+$/.test(text)) return number;
  return BigInt(text.startsWith('+') ? text.slice(1) : text);
}
