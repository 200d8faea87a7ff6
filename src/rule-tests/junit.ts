export interface TestSuite {
  readonly name: string;
  readonly cases: readonly {
    readonly name: string;
    readonly passed: boolean;
    readonly message: string;
    readonly seconds: number;
  }[];
}

/** JUnit's XML, as CI systems read it. */
export function junitXml(suites: readonly TestSuite[]): string {
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites>'];
  for (const { name, cases } of suites) {
    const failures = cases.filter(({ passed }) => !passed).length;
    lines.push(`  <testsuite name="${escaped(name)}" tests="${cases.length}" failures="${failures}">`);
    for (const one of cases) {
      const open = `    <testcase classname="${escaped(name)}" name="${escaped(one.name)}" time="${one.seconds.toFixed(3)}"`;
      if (one.passed) lines.push(`${open}/>`);
      else lines.push(`${open}>`, `      <failure message="${escaped(one.message)}"/>`, '    </testcase>');
    }
    lines.push('  </testsuite>');
  }
  return `${[...lines, '</testsuites>'].join('\n')}\n`;
}

/** XML 1.0 has no place for control characters, escaped or not. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/g, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;');
}
