import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { hasSysResource, merge, overlayFor } from '../../../lab/overlay.ts';

const source = readFileSync(join(import.meta.dirname, '../../../lab/overlay.yaml'), 'utf8');

describe("the lab's settings", () => {
  test('merge maps key by key and replace everything else', () => {
    expect(merge({ a: { b: 1, c: [1, 2] }, d: 1 }, { a: { c: [3] }, e: 2 })).toEqual({
      a: { b: 1, c: [3] },
      d: 1,
      e: 2,
    });
    expect(merge({ a: 1 }, undefined)).toEqual({ a: 1 });
  });

  test('are empty on a machine with cgroup v2 and all capabilities', () => {
    const overlay = overlayFor(source, { cgroupV1: false, withoutSysResource: false });
    expect(overlay).toHaveProperty('mirror', 'http://192.168.1.1:8080');
    expect(overlay).not.toHaveProperty('kubelet');
    expect(overlay).not.toHaveProperty('containerd.config');
  });

  test('are complete on a machine with cgroup v1 and without CAP_SYS_RESOURCE', () => {
    const overlay = overlayFor(source, { cgroupV1: true, withoutSysResource: true });
    const runtime = 'io.containerd.cri.v1.runtime';
    expect(overlay).toHaveProperty('kubelet.config', { failCgroupV1: false, cgroupDriver: 'cgroupfs' });
    expect(overlay).toHaveProperty(['containerd', 'config', 'plugins', runtime, 'restrict_oom_score_adj'], true);
    expect(overlay).toHaveProperty(['containerd', 'config', 'plugins', runtime, 'containerd']);
    expect(overlay).toHaveProperty(
      ['containerd', 'registries', 'registry.k8s.io', 'mirrors'],
      ['http://192.168.1.1:5000'],
    );
  });

  test('depend on the bounding set of capabilities', () => {
    expect(hasSysResource('CapBnd:\t000001ffffffffff\n')).toBe(true);
    expect(hasSysResource('CapBnd:\t000001fffeffffff\n')).toBe(false);
    expect(hasSysResource('')).toBe(false);
  });
});
