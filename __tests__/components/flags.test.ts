import { expect, test } from '@jest/globals';
import { flagList, flagValue } from '../../src/components/flags.ts';

test('the user’s flag replaces ours of the same name, and may occur more than once', () => {
  const extra = [
    { name: 'v', value: '4' },
    { name: 'service-account-issuer', value: 'https://a' },
    { name: 'service-account-issuer', value: 'https://b' },
  ];
  expect(flagList({ 'service-account-issuer': 'https://ours', profiling: 'false' }, extra)).toEqual([
    '--profiling=false',
    '--v=4',
    '--service-account-issuer=https://a',
    '--service-account-issuer=https://b',
  ]);
});

test('feature gates are merged gate by gate into one flag', () => {
  const extra = [
    { name: 'feature-gates', value: 'B=false,C=true' },
    { name: 'feature-gates', value: 'D=true' },
  ];
  expect(flagList({ 'feature-gates': 'A=true,B=true' }, extra)).toEqual([
    '--feature-gates=A=true,B=false,C=true,D=true',
  ]);
  expect(flagList({ 'feature-gates': undefined }, [])).toEqual([]);
});

test('a flag without a value is left out', () => {
  expect(flagList({ a: undefined, b: '' }, [])).toEqual(['--b=']);
});

test('the user’s last value takes effect', () => {
  const extra = [
    { name: 'data-dir', value: '/a' },
    { name: 'data-dir', value: '/b' },
  ];
  expect(flagValue('data-dir', '/ours', extra)).toBe('/b');
  expect(flagValue('data-dir', '/ours', [])).toBe('/ours');
});
