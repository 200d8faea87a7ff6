// Sysmon's FileCreate events, flat.
import { iso } from '../../tools/example/time.ts';
import type { Lane, LaneEvent, Part } from './lane.ts';
import { guid, windowsMachine, windowsProcess } from './windows-world.ts';

const KINDS = ['tmp', 'log', 'json', 'etl', 'db-journal', 'pf', 'png', 'docx'] as const;

export const sysmonFile: Lane = {
  name: 'sysmon-file',
  title: 'Sysmon, files',
  shape: 'sigma',
  writer(values) {
    const { random } = values;
    const machine = values.pool(300, () => windowsMachine(values));
    const process = values.pool(200, () => windowsProcess(values));
    const target = values.pool(
      1500,
      () =>
        `C:\\ProgramData\\Contoso\\Cache\\${values.word()}\\${values.word()}-${values.serial()}.${random.pick([...KINDS])}`,
    );
    const scripts = values.pool(
      10,
      () =>
        `C:\\Users\\u.${values.word()}\\AppData\\Roaming\\Microsoft\\Windows\\Start Menu\\Programs\\Startup\\sync-${values.word()}.vbs`,
    );
    const drop = values.pool(10, () => `C:\\Windows\\Temp\\${values.word()}\\lsass_${values.word()}.dmp`);
    let hits = 0;
    return (part: Part): LaneEvent => {
      const time = values.begin();
      const at = machine();
      const isScript = part === 'hit' && hits++ % 2 === 0;
      const path = part === 'hit' ? (isScript ? scripts() : drop()) : target();
      return {
        record: {
          product: 'windows',
          category: 'file_event',
          EventID: 11,
          Computer: at.name,
          RuleName: '-',
          UtcTime: iso(time, 3).replace('T', ' ').slice(0, -1),
          ProcessGuid: guid(values),
          ProcessId: String(random.int(500, 60_000)),
          Image: process().image,
          TargetFilename: path,
          CreationUtcTime: iso(time, 3).replace('T', ' ').slice(0, -1),
          User: values.account(at.user),
        },
        startsProcess: false,
        ...(part === 'hit'
          ? { rule: isScript ? 'Script dropped into a startup folder' : 'Memory of lsass dumped' }
          : {}),
      };
    };
  },
};
