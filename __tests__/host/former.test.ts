import { expect, test } from '@jest/globals';
import { expand } from '../../src/host/expand.ts';
import { formerCalls } from '../../src/host/former.ts';
import { hostState, type Unit } from '../../src/host/index.ts';
import { parseSnapshot } from '../../src/host/snapshot.ts';
import type { Step } from '../../src/host/step.ts';

const rolling = {
  live: 'true',
  lock: 'exec "$@"',
  healthy: { command: 'true', timeoutSeconds: 1, hint: '' },
  wayBack: { failed: 'exit 1', record: ':' },
};
const unit = (name: string, more: Partial<Unit> = {}): Unit => ({
  ...{ name: `${name}.service`, content: `${name}\n`, reads: [`/etc/${name}/conf`, `/opt/${name}/bin`] },
  ...more,
});
const file = (path: string): Step => {
  const wanted = { path, content: '', mode: '600', owner: 'root:root', secret: false };
  return { do: 'file', file: wanted };
};

test('what a unit with a way back, and those behind it, read before or afterwards is kept, and nothing else', () => {
  const units = [unit('first'), unit('front', { rolling }), unit('behind')];
  const wanted = expand('app', hostState({ units }));
  const now = { ...parseSnapshot([]), reads: new Map([['behind.service', ['/etc/behind/old']]]) };
  const download = { url: 'http://x/y', sumUrl: '', mode: '755', place: '/opt/front/bin' };
  const steps: Step[] = [
    ...['/etc/first/conf', '/etc/front/conf', '/etc/other', '/etc/systemd/system/behind.service'].map(file),
    { do: 'download', place: { download, path: '/opt/front/bin' } },
    { do: 'remove', kind: 'file', subject: '/etc/behind/old' },
    { do: 'remove', kind: 'directory', subject: '/etc/behind/conf' },
  ];
  expect(formerCalls(wanted, now, steps)).toEqual([
    "former_keep 'front.service' '/etc/front/conf' '/etc/systemd/system/behind.service' '/opt/front/bin' '/etc/behind/old'",
  ]);
  expect(formerCalls(wanted, now, [file('/etc/other')])).toEqual([]);
});
